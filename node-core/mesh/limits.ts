/** Limits of the mesh with their units. */
import { assert } from '../lib/assert.ts'
import type { TopicName } from '../ports/network.ts'

export interface TopicLimit {
  /** Bytes of one message. */
  readonly messageBytes: number
  /** Messages one peer may pass on in a second, and at once after a pause. */
  readonly messagesPerSecond: number
  readonly messageBurst: number
  /** Bytes one peer may pass on in a second, and at once after a pause. */
  readonly bytesPerSecond: number
  readonly byteBurst: number
  /** Verdicts of the handler outstanding, all peers together; more are ignored. */
  readonly pendingVerdicts: number
}

export type TopicLimits = Readonly<Record<TopicName, TopicLimit>>

const KIB = 1024
const MIB = 1024 * KIB

export const DEFAULT_TOPIC_LIMITS: TopicLimits = {
  transactions: {
    messageBytes: 256 * KIB,
    messagesPerSecond: 200,
    messageBurst: 400,
    bytesPerSecond: 8 * MIB,
    byteBurst: 16 * MIB,
    pendingVerdicts: 512,
  },
  consensus: {
    messageBytes: 512 * KIB,
    messagesPerSecond: 1_000,
    messageBurst: 2_000,
    bytesPerSecond: 8 * MIB,
    byteBurst: 16 * MIB,
    pendingVerdicts: 4_096,
  },
  decided: {
    messageBytes: 512 * KIB,
    messagesPerSecond: 50,
    messageBurst: 100,
    bytesPerSecond: 4 * MIB,
    byteBurst: 8 * MIB,
    pendingVerdicts: 64,
  },
  evidence: {
    messageBytes: 2 * KIB,
    messagesPerSecond: 4,
    messageBurst: 64,
    bytesPerSecond: 8 * KIB,
    byteBurst: 128 * KIB,
    pendingVerdicts: 64,
  },
}

/** Bytes of one gossip frame; a frame that answers an IWANT holds several messages. */
export const GOSSIP_FRAME_BYTES = 4 * MIB
/** Bytes waiting to leave on one gossip stream; over it the stream is cut and opened again. */
export const GOSSIP_OUTBOUND_BYTES = 8 * MIB
/** The same bytes published again within this time are dropped. */
export const GOSSIP_SEEN_MS = 120_000

export const REQUEST_BYTES = 64 * KIB
export const RESPONSE_BYTES = 4 * MIB
/** Streams of one protocol open at once with one peer, each direction. */
export const REQUEST_STREAMS = 32
/** Requests one peer may make in a second, all protocols together, and at once after a pause. */
export const REQUESTS_PER_SECOND = 100
export const REQUEST_BURST = 200
/** How long a request may take to arrive, ms: a stream that stays silent takes the place of another. */
export const REQUEST_TIMEOUT_MS = 10_000
/** How long a request may take in all, ms; afterwards the stream is closed. */
export const HANDLER_TIMEOUT_MS = 30_000

/** Of the verdicts outstanding on a topic one peer may wait for this part, one in so many: others get theirs too. */
export const PEER_SHARE_OF_VERDICTS = 4
/** Messages and requests refused for their rate after which a peer is said to flood. */
export const REFUSALS_OF_A_FLOOD = 500
/** Connections open at once with one peer: a relayed one, the direct one it makes, and both again when each dials. */
export const CONNECTIONS_PER_PEER = 4
/** Bytes that a peer may send on one stream before it hears that they were read. */
export const STREAM_WINDOW_BYTES = 4 * MIB
/** Bytes of one WebSocket message: libp2p sends what a stream's window allows as one. */
export const WEBSOCKET_MESSAGE_BYTES = 8 * MIB
/** From a TCP connection to its WebSocket, ms, and bytes of the headers in between. */
export const WEBSOCKET_HANDSHAKE_MS = 10_000
export const WEBSOCKET_HEADER_BYTES = 16 * KIB
/** Streams that a peer may have open on one connection, all protocols together. */
export const STREAMS_PER_CONNECTION = 256
/** Peers whose rates are remembered at once. */
export const METERED_PEERS = 1_024
/** Peers blocked at once; the one that would be free first makes room. */
export const BLOCKED_PEERS = 1_024

/** Peers in one answer of the peer exchange, and addresses of each. */
export const EXCHANGED_PEERS = 50
export const EXCHANGED_ADDRESSES = 8
/** Characters of one address. */
export const ADDRESS_CHARACTERS = 512
/** Peers remembered over restarts. */
export const KNOWN_PEERS = 200

assert(
  Object.values(DEFAULT_TOPIC_LIMITS).every((limit) => limit.messageBytes * 4 <= GOSSIP_FRAME_BYTES),
  'a gossip frame holds several of the largest messages',
)
assert(REQUEST_STREAMS * 4 <= STREAMS_PER_CONNECTION, 'a few protocols fit on one connection')
assert(STREAM_WINDOW_BYTES < WEBSOCKET_MESSAGE_BYTES, 'a full window fits in a message')
assert(EXCHANGED_PEERS <= KNOWN_PEERS, 'one answer of the peer exchange can be remembered')
