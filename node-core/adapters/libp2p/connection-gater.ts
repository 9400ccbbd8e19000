/** What libp2p asks on every dial and every new connection. */
import type { ConnectionGater } from '@libp2p/interface'
import type { BlockedPeers } from '../../mesh/blocked-peers.ts'

/** Also lifts libp2p's browser default, which refuses ws:// and private addresses: the mesh may live on a local network. */
export function createGater(blocked: BlockedPeers): ConnectionGater {
  const denies = (peer: { toString(): string }) => blocked.has(peer.toString(), Date.now())
  return {
    denyDialMultiaddr: () => false,
    denyDialPeer: denies,
    denyInboundEncryptedConnection: denies,
    denyInboundUpgradedConnection: denies,
    denyOutboundUpgradedConnection: denies,
    denyInboundRelayedConnection: (_relay, remote) => denies(remote),
  }
}
