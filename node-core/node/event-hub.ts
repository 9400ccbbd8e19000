/** Subscriptions to NodeTopics. Fast topics are flushed at most ten times a second with the newest value. */
import type { Clock, Timer } from '../ports/clock.ts'
import { EVENT_FLUSH_MS } from './constants.ts'
import type { NodeTopic, NodeTopics } from './node-api.ts'

type Listener<T extends NodeTopic> = (event: NodeTopics[T]) => void

export class EventHub {
  readonly #clock: Clock
  readonly #listeners = new Map<NodeTopic, Set<Listener<NodeTopic>>>()
  readonly #timers = new Map<NodeTopic, Timer>()
  readonly #pending = new Map<NodeTopic, () => NodeTopics[NodeTopic] | null>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  subscribe<T extends NodeTopic>(topic: T, listener: Listener<T>): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    listeners.add(listener as Listener<NodeTopic>)
    this.#listeners.set(topic, listeners)
    return () => listeners.delete(listener as Listener<NodeTopic>)
  }

  /** Whether anybody listens: what is dear to show is not made for nobody. */
  wanted(topic: NodeTopic): boolean {
    return (this.#listeners.get(topic)?.size ?? 0) > 0
  }

  /** Every event counts: a block, a transaction, an alert. */
  publish<T extends NodeTopic>(topic: T, event: NodeTopics[T]): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(event)
  }

  /** Only the newest counts: `view` is asked when it is flushed; null sends nothing. */
  changed<T extends NodeTopic>(topic: T, view: () => NodeTopics[T] | null): void {
    if (!this.wanted(topic)) return
    this.#pending.set(topic, view)
    if (this.#timers.has(topic)) return
    this.#timers.set(
      topic,
      this.#clock.setTimer(EVENT_FLUSH_MS, () => {
        this.#timers.delete(topic)
        const event = this.#pending.get(topic)?.()
        this.#pending.delete(topic)
        if (event) this.publish(topic, event as NodeTopics[T])
      }),
    )
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#listeners.clear()
  }
}
