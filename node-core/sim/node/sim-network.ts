/**
 * The Network port over the links of a run: everyone is linked to everyone, each copy of a message takes its chances, and what
 * a node accepts it passes on, once.
 */
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
import { simConnection } from '../sim-connection.ts'
import { Gossip, type Said } from './gossip.ts'
import type { NodeWorld } from './node-world.ts'

/** Between the loss of a link and the next one to the same peer, ms. */
const RELINK_MS = 3_000

export interface SimNetworkHooks {
  /** What this receiver gets of what is published, when the node does not say the same to all. */
  readonly distort: ((gossip: Gossip) => readonly Said[]) | null
  /** Something is about to leave; false: the machine has stopped. */
  leaving(gossip: Gossip): boolean
  /** It was judged here. */
  heard(gossip: Gossip, verdict: GossipVerdict): void
  /** Whether what it accepts goes on to the others. */
  passesOn(): boolean
  /** Whether it answers others' questions of this kind. */
  serves(protocol: string): boolean
}

export class SimNetwork implements Network {
  readonly self: PeerId
  readonly index: number
  running = false
  readonly #world: NodeWorld
  readonly #hooks: SimNetworkHooks
  readonly #openedAtMs = new Map<PeerId, number>()
  readonly #handlers = new Map<string, RequestHandler>()
  readonly #listeners = new Set<(event: NetworkEvent) => void>()
  readonly #seen = new Set<string>()
  #gossip: GossipHandler | null = null

  constructor(world: NodeWorld, index: number, hooks: SimNetworkHooks) {
    this.#world = world
    this.index = index
    this.self = peerOf(index)
    this.#hooks = hooks
  }

  async start(): Promise<void> {
    this.running = true
    for (const other of this.#world.networks()) if (other.index !== this.index) this.#linkSoon(other.index)
  }

  async stop(): Promise<void> {
    this.cut()
  }

  /** Nothing comes in or goes out any more; the others notice. */
  cut(): void {
    if (!this.running) return
    this.running = false
    for (const peer of [...this.#openedAtMs.keys()]) this.#world.networkAt(indexOf(peer))?.dropLink(this.self)
    this.#openedAtMs.clear()
    this.#listeners.clear()
  }

  addresses(): string[] {
    return [`/memory/${this.self}`]
  }

  connections(): PeerConnection[] {
    return [...this.#openedAtMs].map(([peer, openedAtMs]) => simConnection(peer, openedAtMs))
  }

  relays() {
    return []
  }

  subscribers(_topic: TopicName): PeerId[] {
    return [...this.#openedAtMs.keys()]
  }

  onGossip(handler: GossipHandler): void {
    this.#gossip = handler
  }

  async publish(topic: TopicName, bytes: Uint8Array): Promise<void> {
    const gossip = this.#gossipOf({ topic, bytes: bytes.slice() })
    if (!this.running || !this.#hooks.leaving(gossip)) throw new NetworkError('not-started')
    for (const peer of this.#openedAtMs.keys()) {
      const to = indexOf(peer)
      const sayings = this.#hooks.distort?.(gossip) ?? [gossip]
      for (const each of sayings) this.#send(to, this.#gossipOf(each))
    }
  }

  /** One's own comes back to nobody: who says two things does not hear the other from those who pass it on. */
  #gossipOf(said: Said): Gossip {
    const known = said instanceof Gossip ? said : made.get(said.bytes)
    if (known) return known
    const gossip = new Gossip(said, this.#world.replicas.length)
    gossip.setsOut(this.index, Number.NEGATIVE_INFINITY)
    made.set(said.bytes, gossip)
    return gossip
  }

  /** PERF: of the copies that go to one node only those set out that can be the first there. */
  #send(to: number, gossip: Gossip): void {
    const { links, now } = this.#world
    if (gossip.isThere(to, now)) return
    const delayMs = links.delayMs(this.index, to)
    if (delayMs === null || gossip.isThere(to, now + delayMs)) return
    gossip.setsOut(to, now + delayMs)
    this.#world.messages++
    this.#world.arrival(delayMs, () => this.#world.networkAt(to)?.receive(gossip, this.self) ?? false)
  }

  /** Whether it is heard of for the first time. */
  receive(gossip: Gossip, from: PeerId): boolean {
    if (!this.running || !this.#openedAtMs.has(from) || !this.#gossip) return false
    if (this.#seen.has(gossip.id)) return false
    this.#seen.add(gossip.id)
    void this.#judge(gossip, this.#gossip(gossip.topic, gossip.bytes.slice(), from))
    return true
  }

  async #judge(gossip: Gossip, judged: Promise<GossipVerdict>): Promise<void> {
    const verdict = await judged
    if (!this.running) return
    this.#hooks.heard(gossip, verdict)
    if (verdict !== 'accept' || !this.#hooks.passesOn()) return
    for (const peer of this.#openedAtMs.keys()) this.#send(indexOf(peer), gossip)
  }

  handle(protocol: string, handler: RequestHandler): void {
    this.#handlers.set(protocol, handler)
  }

  request(
    peer: PeerId,
    protocol: string,
    request: Uint8Array,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Uint8Array> {
    const data = { peer, protocol }
    return new Promise((resolve, reject) => {
      if (!this.running || !this.#openedAtMs.has(peer)) return reject(new NetworkError('not-connected', data))
      if (signal?.aborted) return reject(new NetworkError('aborted', data))
      let isSettled = false
      const settle = (how: () => void) => {
        if (isSettled) return false
        isSettled = true
        how()
        return true
      }
      const fail = (code: NetworkError['code']) => settle(() => reject(new NetworkError(code, data)))
      signal?.addEventListener('abort', () => fail('aborted'), { once: true })
      this.#world.timer(timeoutMs, () => fail('timeout'))
      this.#travel(this.index, indexOf(peer), () => {
        const asked = this.#world.networkAt(indexOf(peer))
        if (!asked) return fail('closed')
        asked.serve(protocol, request.slice(), this.self).then(
          (response) =>
            this.#travel(indexOf(peer), this.index, () => settle(() => resolve(response.slice()))),
          (error: unknown) => fail(error instanceof NetworkError ? error.code : 'closed'),
        )
      })
    })
  }

  /** A stream: what is lost never arrives, and the one who waits for it times out. */
  #travel(from: number, to: number, arrive: () => void): void {
    const delayMs = this.#world.links.delayMs(from, to)
    if (delayMs !== null) this.#world.after(delayMs, arrive)
  }

  async serve(protocol: string, request: Uint8Array, from: PeerId): Promise<Uint8Array> {
    const handler = this.#handlers.get(protocol)
    if (!this.running || !handler || !this.#hooks.serves(protocol)) throw new NetworkError('refused')
    return handler(request, from)
  }

  async dial(address: string): Promise<PeerId> {
    const peer = address.slice('/memory/'.length)
    this.#linkSoon(indexOf(peer))
    return peer
  }

  async disconnect(peer: PeerId): Promise<void> {
    this.#unlink(peer, RELINK_MS)
  }

  async ping(peer: PeerId): Promise<number> {
    if (!this.#openedAtMs.has(peer)) throw new NetworkError('not-connected', { peer })
    return 1
  }

  block(peer: PeerId, untilMs: number): void {
    this.#unlink(peer, Math.max(RELINK_MS, untilMs - this.#world.clockAt(this.index).wallMs))
  }

  on(listener: (event: NetworkEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #unlink(peer: PeerId, againInMs: number): void {
    this.dropLink(peer)
    this.#world.networkAt(indexOf(peer))?.dropLink(this.self)
    this.#world.after(againInMs, () => this.#linkSoon(indexOf(peer)))
  }

  #linkSoon(to: number): void {
    this.#travel(this.index, to, () => {
      const other = this.#world.networkAt(to)
      if (!this.running || !other?.running) return
      this.addLink(other.self)
      other.addLink(this.self)
    })
    // Whoever was not reached is tried again.
    this.#world.after(RELINK_MS, () => {
      if (this.running && this.#world.networkAt(to)?.running && !this.#openedAtMs.has(peerOf(to)))
        this.#linkSoon(to)
    })
  }

  addLink(peer: PeerId): void {
    if (this.#openedAtMs.has(peer)) return
    const openedAtMs = this.#world.clockAt(this.index).wallMs
    this.#openedAtMs.set(peer, openedAtMs)
    this.#emit({ type: 'peer-connected', connection: simConnection(peer, openedAtMs) })
  }

  dropLink(peer: PeerId): void {
    if (this.#openedAtMs.delete(peer)) this.#emit({ type: 'peer-disconnected', peer })
  }

  #emit(event: NetworkEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}

function peerOf(index: number): PeerId {
  return `sim-${String(index).padStart(4, '0')}`
}

function indexOf(peer: PeerId): number {
  return Number(peer.slice('sim-'.length))
}

/** By their bytes: what a node says to several is one message. */
const made = new WeakMap<Uint8Array, Gossip>()
