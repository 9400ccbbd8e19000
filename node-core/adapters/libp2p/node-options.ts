/** How the libp2p node is put together; the reasons are in docs/adr and beside each value. */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Metrics, PrivateKey } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { STREAM_WINDOW_BYTES, STREAMS_PER_CONNECTION } from '../../mesh/limits.ts'
import { gossipOptions } from './gossip.ts'
import { joinedNoise } from './joined-noise.ts'
import { safeWebSockets } from './safe-websockets.ts'

/** Bytes of one WebRTC message between our own nodes; other implementations understand 16 KiB only. */
const DATA_CHANNEL_MESSAGE_BYTES = 65_536
/** libp2p counts these per address, and behind a relay or a proxy all peers have the same one. */
const INBOUND_CONNECTIONS_PER_SECOND = 1_000
const PENDING_INBOUND_CONNECTIONS = 100
/** A busy tab answers late; a peer is given up after this long without a pong, ms. */
const PING_TIMEOUT_MS = 10_000
const PING_STREAMS = 4
/** Reservations held at once at most; more relays are kept in reserve. */
export const RESERVED_RELAYS = 3

export interface NodeOptions {
  readonly privateKey: PrivateKey
  readonly chainId: string
  readonly listen: readonly string[]
  readonly relayCount: number
  readonly iceServers: readonly RTCIceServer[]
  readonly maxConnections: number
  readonly gater: ConnectionGater
  readonly metrics: Metrics
}

export type Node = Awaited<ReturnType<typeof createNode>>

export async function createNode(options: NodeOptions) {
  // Unset would mean four public STUN servers.
  const rtcConfiguration = { iceServers: [...options.iceServers] }
  const dataChannel = { maxMessageSize: DATA_CHANNEL_MESSAGE_BYTES }
  return createLibp2p({
    start: false,
    privateKey: options.privateKey,
    addresses: { listen: listenAddresses(options.listen, options.relayCount) },
    transports: [
      safeWebSockets(options.maxConnections + PENDING_INBOUND_CONNECTIONS),
      webRTC({ rtcConfiguration, dataChannel }),
      webRTCDirect({ rtcConfiguration, dataChannel }),
      circuitRelayTransport(),
    ],
    connectionEncrypters: [joinedNoise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: STREAMS_PER_CONNECTION,
        streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES },
      }),
    ],
    connectionGater: options.gater,
    connectionManager: {
      maxConnections: options.maxConnections,
      inboundConnectionThreshold: INBOUND_CONNECTIONS_PER_SECOND,
      maxIncomingPendingConnections: PENDING_INBOUND_CONNECTIONS,
      // The relay keeper and the mesh driver decide what is dialled again.
      reconnectRetries: 0,
    },
    connectionMonitor: { pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    metrics: () => options.metrics,
    services: {
      identify: identify(),
      ping: ping({ maxInboundStreams: PING_STREAMS, maxOutboundStreams: PING_STREAMS }),
      gossip: gossipsub(gossipOptions(options.chainId)),
    },
  })
}

/** Each /p2p-circuit asks for one reservation, with whichever relay is connected; /webrtc listens through them. */
function listenAddresses(listen: readonly string[], relayCount: number): string[] {
  const circuits = Array.from({ length: Math.min(relayCount, RESERVED_RELAYS) }, () => '/p2p-circuit')
  return [...listen, ...circuits, ...(circuits.length > 0 ? ['/webrtc'] : [])]
}
