/** What libp2p asks on every dial and every new connection. */
import type { ConnectionGater } from '@libp2p/interface'
import type { BlockedPeers } from '../../mesh/blocked-peers.ts'
import { CONNECTIONS_PER_PEER } from '../../mesh/limits.ts'

/**
 * Also lifts libp2p's browser default, which refuses ws:// and private addresses: the mesh may live on a local network.
 * `connectionsWith`: how many connections are open with a peer; one peer does not take the places of all.
 */
export function createGater(
  blocked: BlockedPeers,
  connectionsWith: (peer: string) => number = () => 0,
): ConnectionGater {
  const denies = (peer: { toString(): string }) => blocked.has(peer.toString(), Date.now())
  const deniesInbound = (peer: { toString(): string }) =>
    denies(peer) || connectionsWith(peer.toString()) >= CONNECTIONS_PER_PEER
  return {
    denyDialMultiaddr: () => false,
    denyDialPeer: denies,
    denyInboundEncryptedConnection: deniesInbound,
    denyInboundUpgradedConnection: deniesInbound,
    denyOutboundUpgradedConnection: denies,
    denyInboundRelayedConnection: (_relay, remote) => denies(remote),
  }
}
