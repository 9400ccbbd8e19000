/** One node's end of a MemoryHub: the semantics of the libp2p adapter without its sockets. */
import { digest } from '@chainsafe/as-sha256'
import { toHex } from '../../lib/bytes.ts'
import { BlockedPeers } from '../../mesh/blocked-peers.ts'
import { ConductWatch } from '../../mesh/conduct-watch.ts'
import { GossipGate, verdictOfRefusal } from '../../mesh/gossip-gate.ts'
import { GOSSIP_SEEN_MS, REQUEST_BYTES, RESPONSE_BYTES, type TopicLimits } from '../../mesh/limits.ts'
import { decodePeersRequest, encodePeers, PEERS_PROTOCOL } from '../../mesh/peer-exchange.ts'
import type {
  GossipHandler,
  GossipVerdict,
  Network,
  NetworkEvent,
  PeerConnection,
  PeerId,
  RequestHandler,
  TopicName,
} from '../../ports/network.ts'
import { NetworkError } from '../../ports/network-error.ts'
import type { MemoryHub } from './memory-hub.ts'

interface Link {
  readonly direction: 'inbound' | 'outbound'
  readonly openedAtMs: number
  bytesIn: number
  bytesOut: number
}

/** Seen messages are forgotten from this many on, oldest first, though their time is not up. */
const SEEN_MESSAGES = 100_000
const ADDRESS_PREFIX = '/memory/'

export class MemoryNetwork implements Network {
  readonly self: PeerId
  running = false
  readonly #hub: MemoryHub
  readonly #gate: GossipGate
  readonly #links = new Map<PeerId, Link>()
  readonly #handlers = new Map<string, RequestHandler>()
  readonly #listeners = new Set<(event: NetworkEvent) => void>()
  readonly #blocked = new BlockedPeers()
  readonly #watch = new ConductWatch((peer, reason) => this.#emit({ type: 'peer-misbehaved', peer, reason }))
  /** Message id → when it was first seen, oldest first. */
  readonly #seen = new Map<string, number>()
  #gossipHandler: GossipHandler | null = null
  /** null: all. */
  #topics: readonly TopicName[] | null = null

  constructor(hub: MemoryHub, self: PeerId, limits: TopicLimits) {
    this.#hub = hub
    this.self = self
    this.#gate = new GossipGate(limits)
    this.handle(PEERS_PROTOCOL, async (request, from) => {
      if (!decodePeersRequest(request)) throw new NetworkError('refused')
      const others = this.linkedPeers().filter((peer) => peer !== from)
      return encodePeers(others.map((peer) => ({ peer, addresses: [ADDRESS_PREFIX + peer] })))
    })
  }

  async start(): Promise<void> {
    this.running = true
  }

  async stop(): Promise<void> {
    this.running = false
    for (const peer of this.linkedPeers()) this.#hub.unlink(this.self, peer)
    this.#listeners.clear()
  }

  addresses(): string[] {
    return [ADDRESS_PREFIX + this.self]
  }

  connections(): PeerConnection[] {
    return [...this.#links].map(([peer, link]) => ({
      peer,
      address: ADDRESS_PREFIX + peer,
      transport: 'memory',
      relayed: false,
      ...link,
    }))
  }

  relays(): { readonly address: string; readonly connected: boolean }[] {
    return []
  }

  subscribers(topic: TopicName): PeerId[] {
    return this.linkedPeers().filter((peer) => this.#hub.network(peer)?.hears(topic))
  }

  onGossip(handler: GossipHandler, topics: readonly TopicName[] | null = null): void {
    this.#gossipHandler = handler
    this.#topics = topics
  }

  /** Called by the hub's other ends. */
  hears(topic: TopicName): boolean {
    return this.#topics === null || this.#topics.includes(topic)
  }

  async publish(topic: TopicName, bytes: Uint8Array): Promise<void> {
    if (!this.#gate.fits(topic, bytes.length))
      throw new NetworkError('too-large', { topic, bytes: bytes.length })
    if (!this.running) throw new NetworkError('not-started')
    if (this.#firstSight(topic, bytes)) this.#spread(topic, bytes.slice(), this.self)
  }

  handle(protocol: string, handler: RequestHandler): void {
    this.#handlers.set(protocol, handler)
  }

  request(
    peer: PeerId,
    protocol: string,
    request: Uint8Array,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Uint8Array> {
    const data = { peer, protocol }
    return new Promise((resolve, reject) => {
      const link = this.#links.get(peer)
      if (request.length > REQUEST_BYTES)
        return reject(new NetworkError('too-large', { ...data, bytes: request.length }))
      if (!link) return reject(new NetworkError('not-connected', data))
      if (options.signal?.aborted) return reject(new NetworkError('aborted', data))
      const settle = (action: () => void) => {
        timer.cancel()
        options.signal?.removeEventListener('abort', onAbort)
        unlisten()
        action()
      }
      const fail = (code: NetworkError['code']) => settle(() => reject(new NetworkError(code, data)))
      const onAbort = () => fail('aborted')
      const timer = this.#hub.clock.setTimer(options.timeoutMs, () => fail('timeout'))
      const unlisten = this.on((event) => {
        if (event.type === 'peer-disconnected' && event.peer === peer) fail('closed')
      })
      options.signal?.addEventListener('abort', onAbort)
      link.bytesOut += request.length
      const sent = request.slice()
      this.#hub.deliver(() => {
        const answered =
          this.#hub.network(peer)?.serve(protocol, sent, this.self) ?? Promise.reject(new Error())
        answered.then(
          (response) =>
            this.#hub.deliver(() => {
              if (response.length > RESPONSE_BYTES) return fail('too-large')
              link.bytesIn += response.length
              settle(() => resolve(response))
            }),
          (error: unknown) => fail(error instanceof NetworkError ? error.code : 'closed'),
        )
      })
    })
  }

  async dial(address: string, _options: { readonly timeoutMs: number }): Promise<PeerId> {
    const peer = address.startsWith(ADDRESS_PREFIX) ? address.slice(ADDRESS_PREFIX.length) : ''
    if (!this.running) throw new NetworkError('not-started')
    await new Promise<void>((resolve) => this.#hub.deliver(resolve))
    const refused = !this.accepts(peer) || !this.#hub.network(peer)?.accepts(this.self)
    if (peer === this.self || refused || !this.#hub.reachable(this.self, peer))
      throw new NetworkError('dial-failed', { address, reason: 'unreachable' })
    if (!this.#links.has(peer)) {
      this.addLink(peer, 'outbound')
      this.#hub.network(peer)!.addLink(this.self, 'inbound')
    }
    return peer
  }

  async disconnect(peer: PeerId): Promise<void> {
    this.#hub.unlink(this.self, peer)
  }

  async ping(peer: PeerId, options: { readonly timeoutMs: number }): Promise<number> {
    if (!this.#links.has(peer)) throw new NetworkError('not-connected', { peer })
    const startMs = this.#hub.clock.monotonicMs()
    await new Promise<void>((resolve) => this.#hub.deliver(() => this.#hub.deliver(resolve)))
    const elapsedMs = this.#hub.clock.monotonicMs() - startMs
    if (elapsedMs > options.timeoutMs) throw new NetworkError('timeout', { peer })
    return elapsedMs
  }

  block(peer: PeerId, untilMs: number): void {
    this.#blocked.block(peer, untilMs)
    this.#hub.unlink(this.self, peer)
  }

  on(listener: (event: NetworkEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  linkedPeers(): PeerId[] {
    return [...this.#links.keys()]
  }

  /** Whether this end lets the peer connect. Called by the hub's other ends. */
  accepts(peer: PeerId): boolean {
    return this.running && !this.#blocked.has(peer, this.#hub.clock.wallMs())
  }

  addLink(peer: PeerId, direction: 'inbound' | 'outbound'): void {
    this.#links.set(peer, { direction, openedAtMs: this.#hub.clock.wallMs(), bytesIn: 0, bytesOut: 0 })
    const connection = this.connections().find((candidate) => candidate.peer === peer)!
    this.#emit({ type: 'peer-connected', connection })
  }

  dropLink(peer: PeerId): void {
    if (this.#links.delete(peer)) this.#emit({ type: 'peer-disconnected', peer })
  }

  async serve(protocol: string, request: Uint8Array, from: PeerId): Promise<Uint8Array> {
    const handler = this.#handlers.get(protocol)
    const link = this.#links.get(from)
    if (!handler || !link) throw new NetworkError('refused')
    link.bytesIn += request.length
    const response = (
      await handler(request, from).catch((error: unknown) => this.#refused(from, error))
    ).slice()
    link.bytesOut += response.length
    return response
  }

  #refused(from: PeerId, error: unknown): never {
    if (error instanceof NetworkError && error.code === 'refused')
      this.#watch.misbehaved(from, 'request-malformed')
    throw error
  }

  async receive(topic: TopicName, bytes: Uint8Array, from: PeerId): Promise<void> {
    const link = this.#links.get(from)
    if (!link || !this.running) return
    link.bytesIn += bytes.length
    if (!this.#firstSight(topic, bytes)) return
    if ((await this.#judge(topic, bytes, from)) === 'accept') this.#spread(topic, bytes, from)
  }

  async #judge(topic: TopicName, bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    if (!this.#gossipHandler) return 'ignore'
    const refusal = this.#gate.admit(from, topic, bytes.length, this.#hub.clock.monotonicMs())
    if (refusal) {
      if (refusal === 'empty' || refusal === 'too-large') this.#watch.misbehaved(from, `gossip-${refusal}`)
      if (refusal === 'too-fast') this.#watch.tooFast(from)
      return verdictOfRefusal(refusal)
    }
    try {
      return await this.#gossipHandler(topic, bytes.slice(), from)
    } catch {
      return 'ignore'
    } finally {
      this.#gate.settled(from, topic)
    }
  }

  #spread(topic: TopicName, bytes: Uint8Array, from: PeerId): void {
    for (const [peer, link] of this.#links) {
      if (peer === from || !this.#hub.network(peer)?.hears(topic)) continue
      link.bytesOut += bytes.length
      if (this.#hub.loses()) continue
      this.#hub.deliver(() => void this.#hub.network(peer)?.receive(topic, bytes, this.self))
    }
  }

  #firstSight(topic: TopicName, bytes: Uint8Array): boolean {
    const nowMs = this.#hub.clock.monotonicMs()
    for (const [id, seenAtMs] of this.#seen) {
      if (this.#seen.size <= SEEN_MESSAGES && nowMs - seenAtMs < GOSSIP_SEEN_MS) break
      this.#seen.delete(id)
    }
    const id = topic + toHex(digest(bytes))
    if (this.#seen.has(id)) return false
    this.#seen.set(id, nowMs)
    return true
  }

  #emit(event: NetworkEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}
