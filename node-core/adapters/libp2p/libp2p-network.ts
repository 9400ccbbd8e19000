/** The Network port over one libp2p node. */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { BlockedPeers } from '../../mesh/blocked-peers.ts'
import { ConductWatch } from '../../mesh/conduct-watch.ts'
import type { TopicLimits } from '../../mesh/limits.ts'
import { chainMarker, PEERS_PROTOCOL } from '../../mesh/peer-exchange.ts'
import type {
  GossipHandler,
  Network,
  NetworkEvent,
  PeerConnection,
  PeerId,
  RequestHandler,
  TopicName,
} from '../../ports/network.ts'
import { NetworkError } from '../../ports/network-error.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { bestConnection, isDirect, viewConnections } from './connection-view.ts'
import { floods, GossipJudge, sparePeersThatHaveIt, TOPICS, topicId } from './gossip.ts'
import { GossipWatchdog } from './gossip-watchdog.ts'
import type { Node } from './node-options.ts'
import { forgetPeer, peersServer } from './peers-server.ts'
import { RelayKeeper } from './relay-keeper.ts'
import {
  asError,
  asNetworkError,
  protocolId,
  REQUEST_STREAM_LIMITS,
  type RequestLimits,
  RequestRate,
  requestServer,
  sendRequest,
} from './requests.ts'
import type { StreamMeter } from './stream-meter.ts'

/** Between two looks at relays and connections, ms. */
const SWEEP_INTERVAL_MS = 100
/** Between two looks at gossip streams, in sweeps. */
const GOSSIP_SWEEPS = 10
/** How long a direct connection must live before the relayed one that made it is closed, ms. */
const RELAYED_LINGER_MS = 3_000

export interface Libp2pNetworkParts {
  readonly chainId: string
  readonly relays: readonly string[]
  readonly topicLimits: TopicLimits
  readonly requestLimits: (protocol: string) => RequestLimits
  readonly telemetry: Telemetry | null
  readonly blocked: BlockedPeers
  readonly meter: StreamMeter
}

/** gossipsub takes publish options on the class; the package's interface leaves them out. */
interface Publisher {
  publish(topic: string, data: Uint8Array, options: { readonly floodPublish: boolean }): Promise<unknown>
}

export class Libp2pNetwork implements Network {
  readonly self: PeerId
  readonly #node: Node
  readonly #parts: Libp2pNetworkParts
  readonly #judge: GossipJudge
  readonly #watchdog: GossipWatchdog
  readonly #keeper: RelayKeeper
  readonly #rate = new RequestRate()
  readonly #watch: ConductWatch
  readonly #listeners = new Set<(event: NetworkEvent) => void>()
  readonly #linked = new Set<PeerId>()
  readonly #stopping = new AbortController()
  #topics: readonly TopicName[] = TOPICS
  #sweeps = 0
  #timer: ReturnType<typeof setInterval> | null = null

  constructor(node: Node, parts: Libp2pNetworkParts) {
    this.self = node.peerId.toString()
    this.#node = node
    this.#parts = parts
    this.#watch = new ConductWatch((peer, reason) => this.#emit({ type: 'peer-misbehaved', peer, reason }))
    this.#judge = new GossipJudge(parts.topicLimits, (topic, reason, from) => {
      parts.telemetry?.count('network_gossip_refused', { topic, reason })
      if (reason === 'empty' || reason === 'too-large') this.#watch.misbehaved(from, `gossip-${reason}`)
      if (reason === 'too-fast') this.#watch.tooFast(from)
    })
    this.#watchdog = new GossipWatchdog(node.services.gossip)
    sparePeersThatHaveIt(node.services.gossip)
    const relayEvents = {
      relayConnected: (address: string) => this.#emit({ type: 'relay-connected', address }),
      relayLost: (address: string) => this.#emit({ type: 'relay-lost', address }),
    }
    this.#keeper = new RelayKeeper(node, parts.relays, relayEvents, cryptoRandom)
  }

  async start(): Promise<void> {
    const gossip = this.#node.services.gossip
    for (const topic of TOPICS) {
      gossip.topicValidators.set(topicId(this.#parts.chainId, topic), (from, message) =>
        this.#judge.judge(topic, message.data, from.toString()),
      )
    }
    this.#node.addEventListener('peer:identify', ({ detail }) => {
      this.#watchdog.identified(detail.peerId.toString(), detail.protocols)
    })
    this.#node.addEventListener('connection:open', () => this.#reconcile())
    this.#node.addEventListener('connection:close', () => {
      this.#sweeps = 0
      this.#reconcile()
    })
    this.#node.addEventListener('peer:disconnect', ({ detail }) => {
      this.#watchdog.disconnected(detail.toString())
      void forgetPeer(this.#node, detail)
    })
    this.handle(
      PEERS_PROTOCOL,
      peersServer(this.#node, this.#parts.chainId, (peer) => this.#keeper.isRelay(peer)),
    )
    await this.#node.handle(chainMarker(this.#parts.chainId), (stream) =>
      stream.abort(new NetworkError('refused')),
    )
    await this.#node.start()
    this.#subscribe()
    this.#timer = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS)
    this.#sweep()
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    this.#keeper.stop()
    this.#stopping.abort(new NetworkError('aborted'))
    await this.#node.stop()
    this.#listeners.clear()
  }

  addresses(): string[] {
    return this.#node.getMultiaddrs().map((address) => address.toString())
  }

  /** Relays are not peers of the chain: they are listed by `relays`. */
  connections(): PeerConnection[] {
    return viewConnections(this.#peerConnections(), this.#parts.meter)
  }

  relays(): { readonly address: string; readonly connected: boolean }[] {
    return this.#keeper.relays()
  }

  subscribers(topic: TopicName): PeerId[] {
    return this.#node.services.gossip.getSubscribers(topicId(this.#parts.chainId, topic)).map(String)
  }

  onGossip(handler: GossipHandler, topics: readonly TopicName[] = TOPICS): void {
    this.#judge.handler = handler
    this.#topics = topics
    if (this.#timer !== null) this.#subscribe()
  }

  #subscribe(): void {
    const gossip = this.#node.services.gossip
    for (const topic of TOPICS) {
      const id = topicId(this.#parts.chainId, topic)
      if (this.#topics.includes(topic)) gossip.subscribe(id)
      else gossip.unsubscribe(id)
    }
  }

  async publish(topic: TopicName, bytes: Uint8Array): Promise<void> {
    if (!this.#judge.fits(topic, bytes.length))
      throw new NetworkError('too-large', { topic, bytes: bytes.length })
    if (this.#timer === null) throw new NetworkError('not-started')
    const publisher = this.#node.services.gossip as unknown as Publisher
    await publisher.publish(topicId(this.#parts.chainId, topic), bytes, { floodPublish: floods(topic) })
  }

  handle(protocol: string, handler: RequestHandler): void {
    const serve = requestServer(handler, this.#parts.requestLimits(protocol), this.#rate, this.#watch)
    const id = protocolId(this.#parts.chainId, protocol)
    // Registration is synchronous inside; its promise resolves once peers were told.
    this.#node
      .handle(id, serve, { ...REQUEST_STREAM_LIMITS, force: true })
      .catch((error: unknown) =>
        this.#parts.telemetry?.log('error', 'network', `${id}: ${asError(error).message}`),
      )
  }

  async request(
    peer: PeerId,
    protocol: string,
    request: Uint8Array,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Uint8Array> {
    const limits = this.#parts.requestLimits(protocol)
    if (request.length > limits.requestBytes)
      throw new NetworkError('too-large', { protocol, bytes: request.length })
    const connection = bestConnection(this.#connectionsTo(peer))
    if (!connection || !isDirect(connection)) throw new NetworkError('not-connected', { peer, protocol })
    const timeout = AbortSignal.timeout(options.timeoutMs)
    const signal = AbortSignal.any([
      timeout,
      this.#stopping.signal,
      ...(options.signal ? [options.signal] : []),
    ])
    const id = protocolId(this.#parts.chainId, protocol)
    try {
      return await sendRequest(connection, id, request, limits, signal)
    } catch (error) {
      if (options.signal?.aborted) throw new NetworkError('aborted', { peer, protocol })
      throw asNetworkError(error, timeout, { peer, protocol })
    }
  }

  async dial(address: string, options: { readonly timeoutMs: number }): Promise<PeerId> {
    const signal = AbortSignal.any([AbortSignal.timeout(options.timeoutMs), this.#stopping.signal])
    try {
      const connection = await this.#node.dial(multiaddr(address), { signal })
      return connection.remotePeer.toString()
    } catch (error) {
      throw new NetworkError('dial-failed', { address, reason: asError(error).message.slice(0, 200) })
    }
  }

  async disconnect(peer: PeerId): Promise<void> {
    await this.#closeAll(peer)
    this.#reconcile()
  }

  async ping(peer: PeerId, options: { readonly timeoutMs: number }): Promise<number> {
    if (this.#connectionsTo(peer).length === 0) throw new NetworkError('not-connected', { peer })
    const timeout = AbortSignal.timeout(options.timeoutMs)
    const signal = AbortSignal.any([timeout, this.#stopping.signal])
    try {
      return await this.#node.services.ping.ping(peerIdFromString(peer), { signal })
    } catch (error) {
      throw asNetworkError(error, timeout, { peer })
    }
  }

  block(peer: PeerId, untilMs: number): void {
    this.#parts.blocked.block(peer, untilMs)
    void this.#closeAll(peer)
  }

  on(listener: (event: NetworkEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #sweep(): void {
    const nowMs = performance.now()
    this.#keeper.sweep(nowMs)
    this.#reconcile()
    if (this.#sweeps++ % GOSSIP_SWEEPS !== 0) return
    const hopeless = this.#watchdog.sweep(this.#node.getConnections(), nowMs)
    for (const peer of hopeless) void this.#closeAll(peer)
    this.#closeUsedCircuits()
  }

  /** Tells the listeners which peers came and went since the last look. */
  #reconcile(): void {
    const direct = this.#peerConnections().filter(isDirect)
    const peers = new Set(direct.map((connection) => connection.remotePeer.toString()))
    for (const peer of [...this.#linked]) {
      if (peers.has(peer)) continue
      this.#linked.delete(peer)
      this.#emit({ type: 'peer-disconnected', peer })
    }
    for (const peer of peers) {
      if (this.#linked.has(peer)) continue
      this.#linked.add(peer)
      const own = direct.filter((connection) => connection.remotePeer.toString() === peer)
      const [connection] = viewConnections(own, this.#parts.meter)
      this.#emit({ type: 'peer-connected', connection: connection! })
    }
  }

  /** A relay's time and bytes are for signalling. */
  #closeUsedCircuits(): void {
    const connections = this.#node.getConnections()
    for (const relayed of connections.filter((connection) => connection.limits !== undefined)) {
      const direct = connections.find(
        (other) => other.remotePeer.equals(relayed.remotePeer) && isDirect(other),
      )
      if (!direct || Date.now() - direct.timeline.open < RELAYED_LINGER_MS) continue
      relayed.close().catch((error: unknown) => relayed.abort(asError(error)))
    }
  }

  #peerConnections() {
    return this.#node.getConnections().filter((connection) => !this.#keeper.isRelayConnection(connection))
  }

  #connectionsTo(peer: PeerId) {
    return this.#node.getConnections().filter((connection) => connection.remotePeer.toString() === peer)
  }

  async #closeAll(peer: PeerId): Promise<void> {
    await Promise.all(
      this.#connectionsTo(peer).map((connection) =>
        connection.close().catch((error: unknown) => connection.abort(asError(error))),
      ),
    )
  }

  #emit(event: NetworkEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }
}

/** In [0, 1), from the platform's generator. */
function cryptoRandom(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32
}
