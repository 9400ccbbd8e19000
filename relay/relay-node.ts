/** The libp2p side of the relay: circuit relay v2 and the peer exchange, on a loopback port behind the front server. */
import { type CircuitRelayService, circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Connection, PeerId } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { yamux } from '@libp2p/yamux'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { forgetPeer, knownAddresses } from '../node-core/adapters/libp2p/peers-server.ts'
import {
  DEFAULT_REQUEST_LIMITS,
  REQUEST_STREAM_LIMITS,
  RequestRate,
  requestServer,
} from '../node-core/adapters/libp2p/requests.ts'
import { safeWebSockets } from '../node-core/adapters/libp2p/safe-websockets.ts'
import { EXCHANGED_PEERS } from '../node-core/mesh/limits.ts'
import {
  addressOfGuest,
  chainMarker,
  decodePeersRequest,
  encodePeers,
  PEERS_PROTOCOL_ID,
  PEERS_REQUEST_BYTES,
  type PeerAddresses,
} from '../node-core/mesh/peer-exchange.ts'
import { NetworkError } from '../node-core/ports/network-error.ts'
import {
  MAX_CONNECTIONS,
  MAX_HOP_STREAMS,
  MAX_RESERVATIONS,
  PENDING_CONNECTIONS,
  RELAYED_BYTES,
  RELAYED_DURATION_MS,
} from './limits.ts'

/** libp2p counts these per address and sees one address, the front server's. */
const INBOUND_PER_SECOND = 1_000

export interface RelayNodeOptions {
  readonly keySeed: Uint8Array
  /** Multiaddrs that guests are told, without the peer id. */
  readonly announce: readonly string[]
  /** Whether a peer may have a (new or refreshed) reservation. */
  readonly mayReserve: (peer: PeerId) => boolean
  readonly peersAnswered: () => void
}

export type RelayNode = Awaited<ReturnType<typeof startRelayNode>>

export async function startRelayNode(options: RelayNodeOptions) {
  // Until the loopback port is read below, libp2p names it; afterwards only what guests can dial.
  let announced: Multiaddr[] | null = null
  const node = await createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', options.keySeed),
    addresses: {
      listen: ['/ip4/127.0.0.1/tcp/0/ws'],
      announceFilter: (listening) => announced ?? listening,
    },
    transports: [safeWebSockets(MAX_CONNECTIONS + PENDING_CONNECTIONS)],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyInboundRelayReservation: (peer) => !options.mayReserve(peer) },
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: INBOUND_PER_SECOND,
      maxIncomingPendingConnections: PENDING_CONNECTIONS,
    },
    services: {
      identify: identify(),
      ping: ping(),
      relay: circuitRelayServer({
        maxInboundHopStreams: MAX_HOP_STREAMS,
        maxOutboundHopStreams: MAX_HOP_STREAMS,
        maxOutboundStopStreams: MAX_HOP_STREAMS,
        reservations: {
          maxReservations: MAX_RESERVATIONS,
          // Without a limit the circuit would look like a full connection, and gossip would ride on it.
          applyDefaultLimit: true,
          defaultDurationLimit: RELAYED_DURATION_MS,
          defaultDataLimit: RELAYED_BYTES,
        },
      }),
    },
  })
  const port = listeningPort(node.getMultiaddrs().map((address) => address.toString()))
  announced = options.announce.map((address) => multiaddr(`${address}/p2p/${node.peerId.toString()}`))
  const reserved = () => guests(node.getConnections(), node.services.relay)
  const limits = { ...DEFAULT_REQUEST_LIMITS, requestBytes: PEERS_REQUEST_BYTES }
  const serve = requestServer(
    async (request, from) => {
      const question = decodePeersRequest(request)
      if (!question) throw new NetworkError('refused')
      options.peersAnswered()
      const others = reserved().filter((peer) => peer.toString() !== from)
      return encodePeers(await guestsOfChain(node, others, question.chainId))
    },
    limits,
    new RequestRate(),
  )
  await node.handle(PEERS_PROTOCOL_ID, serve, REQUEST_STREAM_LIMITS)
  node.addEventListener('peer:disconnect', ({ detail }) => void forgetPeer(node, detail))
  return { node, reserved, port }
}

/** Peers that hold a reservation and are connected: a reservation outlives its connection. */
function guests(connections: readonly Connection[], relay: CircuitRelayService): PeerId[] {
  const peers = new Map<string, PeerId>()
  for (const { remotePeer, status } of connections)
    if (status === 'open' && relay.reservations.has(remotePeer)) peers.set(remotePeer.toString(), remotePeer)
  return [...peers.values()]
}

/** In an order drawn anew each time, so that a large chain's guests are all found. */
async function guestsOfChain(
  node: Parameters<typeof knownAddresses>[0],
  peers: readonly PeerId[],
  chainId: string,
): Promise<PeerAddresses[]> {
  const marker = chainMarker(chainId)
  const found: PeerAddresses[] = []
  for (const peer of shuffled(peers)) {
    if (found.length === EXCHANGED_PEERS) break
    const stored = await node.peerStore.get(peer).catch(() => null)
    if (!stored?.protocols.includes(marker)) continue
    const direct = (await knownAddresses(node, peer)).filter((address) => !address.includes('/p2p-circuit'))
    found.push({ peer: peer.toString(), addresses: [addressOfGuest(peer.toString()), ...direct] })
  }
  return found
}

function shuffled<T>(items: readonly T[]): T[] {
  const keys = crypto.getRandomValues(new Uint32Array(items.length))
  return items
    .map((item, i) => ({ item, key: keys[i]! }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function listeningPort(addresses: readonly string[]): number {
  for (const address of addresses) {
    const port = /\/tcp\/(\d+)\/ws/.exec(address)
    if (port) return Number(port[1])
  }
  throw new Error('the relay does not listen')
}
