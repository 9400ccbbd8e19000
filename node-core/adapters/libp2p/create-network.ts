/** The mesh over libp2p, for browsers and Node alike. In a browser worker, evaluate the RTC shim before this module. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { assert } from '../../lib/assert.ts'
import { BlockedPeers } from '../../mesh/blocked-peers.ts'
import { DEFAULT_TOPIC_LIMITS, type TopicLimits } from '../../mesh/limits.ts'
import type { Platform } from '../../mesh/topology.ts'
import type { Network } from '../../ports/network.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { createGater } from './connection-gater.ts'
import { Libp2pNetwork } from './libp2p-network.ts'
import { createNode } from './node-options.ts'
import { DEFAULT_REQUEST_LIMITS, type RequestLimits } from './requests.ts'
import { StreamMeter } from './stream-meter.ts'

export interface Libp2pNetworkOptions {
  /** 32 bytes: the Ed25519 seed of the peer key, which is not a validator's key. */
  readonly privateKeySeed: Uint8Array
  readonly chainId: string
  /** Multiaddrs of relays to hold a reservation with. */
  readonly relays: readonly string[]
  /** Multiaddrs to listen on besides the relays; empty in a browser. */
  readonly listen: readonly string[]
  readonly platform: Platform
  /** STUN and TURN servers; empty on one machine or a local network. */
  readonly iceServers: readonly RTCIceServer[]
  readonly maxConnections: number
  readonly topicLimits?: TopicLimits
  /** By protocol name; 64 KiB requests and 4 MiB responses where a protocol is not named. */
  readonly requestLimits?: Readonly<Record<string, RequestLimits>>
  readonly telemetry?: Telemetry
}

export const PRIVATE_KEY_SEED_BYTES = 32

/** Not started. Throws RangeError on a seed of another length. */
export async function createLibp2pNetwork(options: Libp2pNetworkOptions): Promise<Network> {
  if (options.privateKeySeed.length !== PRIVATE_KEY_SEED_BYTES)
    throw new RangeError(`privateKeySeed: ${PRIVATE_KEY_SEED_BYTES} bytes expected`)
  assert(options.platform === 'nodejs' || options.listen.length === 0, 'a browser cannot listen')
  const blocked = new BlockedPeers()
  const meter = new StreamMeter()
  let connectionsWith = (_peer: string) => 0
  const node = await createNode({
    privateKey: await generateKeyPairFromSeed('Ed25519', options.privateKeySeed),
    chainId: options.chainId,
    listen: options.listen,
    relayCount: options.relays.length,
    iceServers: options.iceServers,
    maxConnections: options.maxConnections,
    gater: createGater(blocked, (peer) => connectionsWith(peer)),
    metrics: meter.metrics(),
  })
  connectionsWith = (peer) =>
    node.getConnections().filter((connection) => connection.remotePeer.toString() === peer).length
  meter.attach(() => node.getConnections())
  return new Libp2pNetwork(node, {
    chainId: options.chainId,
    relays: options.relays,
    topicLimits: options.topicLimits ?? DEFAULT_TOPIC_LIMITS,
    requestLimits: (protocol) => options.requestLimits?.[protocol] ?? DEFAULT_REQUEST_LIMITS,
    telemetry: options.telemetry ?? null,
    blocked,
    meter,
  })
}
