/**
 * One NodeApi and one WalletApi for a page's whole life, whichever tab runs the node at the moment. Calls wait for a node
 * when there is none; calls in flight at a change are rejected with 'leader-changed', because nobody knows whether they were
 * carried out; subscriptions move to the next node by themselves.
 */
import type { NodeApi, NodeTopic, NodeTopics } from '../../node/node-api.ts'
import type { WalletApi } from '../../node/wallet-api.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import { CALL_TIMEOUT_MS, CALLS_IN_FLIGHT } from '../limits.ts'
import { browserClock } from './browser-clock.ts'
import { ChannelError } from './channel-messages.ts'
import type { NodeApis } from './node-channel.ts'

export interface RouterOptions {
  /** How long a call waits for a node. */
  readonly timeoutMs?: number
  readonly clock?: Pick<Clock, 'setTimer'>
}

interface Subscription {
  readonly startAt: (apis: NodeApis) => () => void
  /** At the present node. */
  end: () => void
}

const NOTHING = (): void => undefined

interface WaitingCall {
  readonly go: (apis: NodeApis) => void
  readonly timer: Timer
}

export class ApiRouter {
  readonly #timeoutMs: number
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #subscriptions = new Set<Subscription>()
  readonly #waiting = new Set<WaitingCall>()
  /** Rejections of the calls that the present node has not answered. */
  readonly #inFlight = new Set<(error: Error) => void>()
  #present: NodeApis | null = null

  constructor({ timeoutMs = CALL_TIMEOUT_MS, clock = browserClock }: RouterOptions = {}) {
    this.#timeoutMs = timeoutMs
    this.#clock = clock
  }

  readonly node: NodeApi = {
    call: (method, params) => this.#call(({ node }) => node.call(method, params)),
    subscribe: (topic, listener) => this.#subscribe(topic, listener),
  }

  readonly wallet: WalletApi = {
    call: (method, params) => this.#call(({ wallet }) => wallet.call(method, params)),
  }

  /** From here on calls go to `apis`; null: there is no node for now. */
  route(apis: NodeApis | null): void {
    const abandoned = [...this.#inFlight]
    this.#inFlight.clear()
    for (const reject of abandoned) reject(new ChannelError('leader-changed'))
    for (const subscription of this.#subscriptions) {
      subscription.end()
      subscription.end = apis ? subscription.startAt(apis) : NOTHING
    }
    this.#present = apis
    if (!apis) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const { go, timer } of waiting) {
      timer.cancel()
      go(apis)
    }
  }

  async #call<T>(work: (apis: NodeApis) => Promise<T>): Promise<T> {
    const apis = this.#present ?? (await this.#nextNode())
    return new Promise((resolve, reject) => {
      this.#inFlight.add(reject)
      work(apis)
        .then(resolve, reject)
        .finally(() => this.#inFlight.delete(reject))
    })
  }

  #nextNode(): Promise<NodeApis> {
    if (this.#waiting.size >= CALLS_IN_FLIGHT) {
      return Promise.reject(new ChannelError('too-many-requests', { calls: CALLS_IN_FLIGHT }))
    }
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(this.#timeoutMs, () => {
        this.#waiting.delete(waiting)
        reject(new ChannelError('no-leader', { timeoutMs: this.#timeoutMs }))
      })
      const waiting: WaitingCall = { go: resolve, timer }
      this.#waiting.add(waiting)
    })
  }

  #subscribe<T extends NodeTopic>(topic: T, listener: (event: NodeTopics[T]) => void): () => void {
    const startAt = ({ node }: NodeApis): (() => void) => node.subscribe(topic, listener)
    const subscription: Subscription = { startAt, end: this.#present ? startAt(this.#present) : NOTHING }
    this.#subscriptions.add(subscription)
    return () => {
      this.#subscriptions.delete(subscription)
      subscription.end()
    }
  }
}
