/**
 * Which of the tabs of one origin runs the node. An exclusive Web Lock elects it; the others are views that reach its node
 * over a BroadcastChannel. The browser frees the lock when the leader's tab closes or crashes, and the next tab in the queue
 * leads by itself.
 */
import type { NodeApi } from '../../node/node-api.ts'
import type { WalletApi } from '../../node/wallet-api.ts'
import type { Clock } from '../../ports/clock.ts'
import { CodedError } from '../../ports/coded-error.ts'
import { EARLY_END_MS, STAND_AGAIN_MAXIMUM_MS, STAND_AGAIN_MS } from '../limits.ts'
import { ApiRouter } from './api-router.ts'
import { browserClock } from './browser-clock.ts'
import { connectNode, type NodeApis, type NodeConnection, serveNode } from './node-channel.ts'
import { holdWebLock } from './web-lock.ts'

/** electing: no tab leads as far as this one knows; starting: this tab was elected and its node is not ready yet. */
export type TabRole = 'electing' | 'starting' | 'leader' | 'view'

/** The node that an elected tab started. */
export interface LedNode extends NodeApis {
  /** Settles when the worker is gone by itself; the lock is then free. */
  readonly ended: Promise<unknown>
  /** Ends the worker; the lock is kept until it is gone. */
  stop(): Promise<void>
}

export interface ElectionOptions {
  /** Tabs with the same name share one node: chain and environment. */
  readonly name: string
  /** Called each time this tab is elected. A rejection gives the lock to the next tab. */
  readonly onLead: () => Promise<LedNode>
  /** Leaves the election and stops the node, if this tab runs it. */
  readonly signal: AbortSignal
  readonly onRole?: (role: TabRole) => void
  /** `onLead` rejected: this tab tries again after a while. */
  readonly onFailure?: (error: unknown) => void
  readonly clock?: Pick<Clock, 'setTimer' | 'monotonicMs'>
}

export interface SigningTab {
  /** The node of whichever tab leads. */
  readonly node: NodeApi
  readonly wallet: WalletApi
  readonly role: TabRole
  /** While this tab leads: whether others look on, one of which leads when it closes. */
  readonly hasHeirs: boolean
  /** Resolves when this tab has left the election. */
  readonly left: Promise<void>
}

/** Tabs that speak another version of the messages do not hear each other, and share the lock. */
const CHANNEL_VERSION = 1

type Announcement =
  /** Asked by a tab that just came. */
  | { readonly type: 'who-leads' }
  | { readonly type: 'elected' }
  | { readonly type: 'leads'; readonly server: string }

/** Throws CodedError 'locks-missing' outside of a secure context. */
export function electSigningTab(options: ElectionOptions): SigningTab {
  if (!('locks' in navigator)) throw new CodedError('locks-missing')
  return new Tab(options)
}

class Tab implements SigningTab {
  readonly left: Promise<void>
  readonly #options: ElectionOptions
  readonly #clock: Pick<Clock, 'setTimer' | 'monotonicMs'>
  readonly #router: ApiRouter
  readonly #channel: BroadcastChannel
  readonly #client = crypto.randomUUID()
  /** Leads for as long as this tab holds the lock. */
  #elected = false
  /** This tab's name as a server, once its node answers. */
  #serving: string | null = null
  /** To the leading tab, while another one leads. */
  #connection: { readonly server: string; readonly link: NodeConnection } | null = null
  #role: TabRole = 'electing'
  /** While this tab leads: those that look on. */
  readonly #heirs = new Set<string>()

  constructor(options: ElectionOptions) {
    this.#options = options
    this.#clock = options.clock ?? browserClock
    this.#router = new ApiRouter({ clock: this.#clock })
    this.#channel = new BroadcastChannel(`aitbc-node-${CHANNEL_VERSION}-${options.name}`)
    this.left = this.#take()
  }

  get node(): NodeApi {
    return this.#router.node
  }

  get wallet(): WalletApi {
    return this.#router.wallet
  }

  get role(): TabRole {
    return this.#role
  }

  get hasHeirs(): boolean {
    return this.#heirs.size > 0
  }

  async #take(): Promise<void> {
    const { signal } = this.#options
    try {
      // The leader waits for this lock to learn that the tab is gone: it is held before the leader hears of the tab.
      const release = await holdWebLock(this.#lockOf(this.#client), { signal })
      signal.addEventListener('abort', release, { once: true })
      this.#channel.addEventListener('message', this.#hear)
      this.#tell({ type: 'who-leads' })
      await this.#stand()
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.#follow(null)
      this.#channel.close()
    }
  }

  /** Stands for election again and again until the signal. */
  async #stand(): Promise<void> {
    const { signal } = this.#options
    let pauseMs = STAND_AGAIN_MS
    while (!signal.aborted) {
      const release = await holdWebLock(this.#lockOf('leader'), { signal })
      const sinceMs = this.#clock.monotonicMs()
      try {
        await this.#lead()
      } finally {
        release()
      }
      if (signal.aborted) return
      const early = this.#clock.monotonicMs() - sinceMs < EARLY_END_MS
      pauseMs = early ? Math.min(2 * pauseMs, STAND_AGAIN_MAXIMUM_MS) : STAND_AGAIN_MS
      await this.#pause(pauseMs)
    }
  }

  async #lead(): Promise<void> {
    this.#elected = true
    this.#follow(null)
    this.#become('starting')
    this.#tell({ type: 'elected' })
    try {
      const led = await this.#options.onLead()
      await this.#serve(led)
    } catch (error) {
      this.#options.onFailure?.(error)
    } finally {
      this.#elected = false
      this.#serving = null
      this.#router.route(null)
      this.#become('electing')
    }
  }

  async #serve(led: LedNode): Promise<void> {
    const tenure = new AbortController()
    const server = crypto.randomUUID()
    const service = serveNode(this.#channel, led, {
      server,
      onClient: (client) => this.#watch(client, tenure.signal, () => service.dropClient(client)),
    })
    this.#serving = server
    this.#router.route(led)
    this.#become('leader')
    this.#tell({ type: 'leads', server })
    const stopping = whenAborted(this.#options.signal)
    await Promise.race([led.ended.catch(() => undefined), stopping.promise])
    stopping.forget()
    tenure.abort()
    this.#heirs.clear()
    service.stop()
    await led.stop()
  }

  /** The client's own lock comes free when its tab is gone. */
  #watch(client: string, signal: AbortSignal, gone: () => void): void {
    this.#heirs.add(client)
    holdWebLock(this.#lockOf(client), { signal }).then(
      (release) => {
        release()
        this.#heirs.delete(client)
        gone()
      },
      () => undefined,
    )
  }

  readonly #hear = (event: MessageEvent): void => {
    const announcement = event.data as Partial<Announcement> | null
    switch (announcement?.type) {
      case 'who-leads':
        if (this.#serving) this.#tell({ type: 'leads', server: this.#serving })
        return
      case 'elected':
        if (!this.#elected) this.#follow(null)
        return
      case 'leads':
        if (!this.#elected && typeof announcement.server === 'string') this.#follow(announcement.server)
        return
    }
  }

  /** null: nobody leads as far as is known. */
  #follow(server: string | null): void {
    if (server !== null && this.#connection?.server === server) return
    const old = this.#connection
    const link =
      server === null
        ? null
        : connectNode(this.#channel, { server, client: this.#client, clock: this.#clock })
    this.#connection = server !== null && link ? { server, link } : null
    this.#router.route(link)
    old?.link.close('leader-changed')
    if (!this.#elected) this.#become(link ? 'view' : 'electing')
  }

  #become(role: TabRole): void {
    if (this.#role === role) return
    this.#role = role
    this.#options.onRole?.(role)
  }

  #tell(announcement: Announcement): void {
    this.#channel.postMessage(announcement)
  }

  #lockOf(what: string): string {
    return `aitbc-${this.#options.name}-${what}`
  }

  async #pause(delayMs: number): Promise<void> {
    const stopping = whenAborted(this.#options.signal)
    await Promise.race([
      stopping.promise,
      new Promise<void>((resolve) => this.#clock.setTimer(delayMs, resolve)),
    ])
    stopping.forget()
  }
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<void>; forget(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const listener = (): void => resolve()
  if (signal.aborted) resolve()
  signal.addEventListener('abort', listener)
  return { promise, forget: () => signal.removeEventListener('abort', listener) }
}
