/** The mesh as the node sees it: topics, requests, peers. Only adapters/libp2p knows libp2p. */

export type PeerId = string
export type TopicName = 'transactions' | 'consensus' | 'decided' | 'evidence'
/** accept: valid, pass it on; ignore: stale or known, do not; reject: bad, lowers the sender's score. */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'
export type Transport = 'webrtc' | 'webrtc-direct' | 'websocket' | 'relayed' | 'memory'

export interface PeerConnection {
  readonly peer: PeerId
  readonly address: string
  readonly transport: Transport
  readonly direction: 'inbound' | 'outbound'
  /** Through a relay: carries signalling only, no gossip. */
  readonly relayed: boolean
  readonly openedAtMs: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** What a peer did to the adapter itself, before any handler of the node saw it. */
export type Misconduct =
  | 'gossip-empty'
  | 'gossip-too-large'
  | 'request-too-large'
  /** The handler could not read it. */
  | 'request-malformed'
  /** A stream was opened and the request did not come. */
  | 'request-stalled'
  /** It goes on far beyond its rate. */
  | 'flood'

export type NetworkEvent =
  | { readonly type: 'peer-connected'; readonly connection: PeerConnection }
  | { readonly type: 'peer-disconnected'; readonly peer: PeerId }
  | { readonly type: 'peer-misbehaved'; readonly peer: PeerId; readonly reason: Misconduct }
  | { readonly type: 'relay-connected'; readonly address: string }
  | { readonly type: 'relay-lost'; readonly address: string }

export type GossipHandler = (topic: TopicName, bytes: Uint8Array, from: PeerId) => Promise<GossipVerdict>
export type RequestHandler = (request: Uint8Array, from: PeerId) => Promise<Uint8Array>

export interface Network {
  readonly self: PeerId
  start(): Promise<void>
  stop(): Promise<void>
  /** Addresses others can dial, relayed ones included. */
  addresses(): string[]
  connections(): PeerConnection[]
  /** Relays whose reservation is held now. */
  relays(): { readonly address: string; readonly connected: boolean }[]
  /** Peers subscribed to the topic, as far as this node knows. */
  subscribers(topic: TopicName): PeerId[]
  /** Size and rate are limited before the handler sees a message; `from` is the peer that passed it on. */
  /** `topics`: nothing of the others is taken in, and peers do not send it. All of them where it is left out. */
  onGossip(handler: GossipHandler, topics?: readonly TopicName[]): void
  /** Resolves when handed to the transport; publishing the same bytes twice within two minutes is a no-op. */
  publish(topic: TopicName, bytes: Uint8Array): Promise<void>
  /**
   * Serve one request-response protocol; the handler's throw closes the stream, and a NetworkError 'refused' says that the
   * request could not be read. Name as in wire-protocols.ts.
   */
  handle(protocol: string, handler: RequestHandler): void
  /** One request, one response, each at most the protocol's limit. Rejects on refusal, limit or timeout. */
  request(
    peer: PeerId,
    protocol: string,
    request: Uint8Array,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Uint8Array>
  dial(address: string, options: { readonly timeoutMs: number }): Promise<PeerId>
  disconnect(peer: PeerId): Promise<void>
  /** Round trip in ms; rejects when the peer does not answer in time. */
  ping(peer: PeerId, options: { readonly timeoutMs: number }): Promise<number>
  /** Refuses connections from and to this peer until the given wall time. */
  block(peer: PeerId, untilMs: number): void
  on(listener: (event: NetworkEvent) => void): () => void
}
