/** Answers `peers/1`: the node's direct peers with the addresses they told. */
import type { Libp2p } from '@libp2p/interface'
import { EXCHANGED_PEERS } from '../../mesh/limits.ts'
import { decodePeersRequest, encodePeers, type PeerAddresses } from '../../mesh/peer-exchange.ts'
import type { RequestHandler } from '../../ports/network.ts'
import { NetworkError } from '../../ports/network-error.ts'
import { isDirect } from './connection-view.ts'

export function peersServer(
  node: Libp2p,
  chainId: string,
  isRelay: (peer: string) => boolean,
): RequestHandler {
  return async (request, from) => {
    const question = decodePeersRequest(request)
    if (question?.chainId !== chainId) throw new NetworkError('refused')
    const answer: PeerAddresses[] = []
    for (const connection of node.getConnections()) {
      const peer = connection.remotePeer.toString()
      if (!isDirect(connection) || isRelay(peer) || peer === from) continue
      if (answer.some((entry) => entry.peer === peer)) continue
      answer.push({ peer, addresses: await knownAddresses(node, connection.remotePeer) })
      if (answer.length === EXCHANGED_PEERS) break
    }
    return encodePeers(answer)
  }
}

/** The addresses a peer told by identify, each with its peer id; empty where it told none. */
export async function knownAddresses(
  node: Libp2p,
  peer: Parameters<Libp2p['peerStore']['get']>[0],
): Promise<string[]> {
  try {
    const { addresses } = await node.peerStore.get(peer)
    const suffix = `/p2p/${peer.toString()}`
    return addresses.map(({ multiaddr }) => {
      const address = multiaddr.toString()
      return address.endsWith(suffix) ? address : address + suffix
    })
  } catch {
    return []
  }
}

/**
 * libp2p keeps what each peer told for hours, in memory and without a limit, so whoever comes with ever new keys would fill it.
 * The mesh's own address book is bounded and knows whom to dial.
 */
export async function forgetPeer(
  node: Libp2p,
  peer: Parameters<Libp2p['peerStore']['delete']>[0],
): Promise<void> {
  if (node.getConnections(peer).length > 0) return
  await node.peerStore.delete(peer).catch(() => {})
}
