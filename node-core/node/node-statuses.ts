/** What a node tells its peers of itself, and what it does with what they tell. */
import type { PeerId } from '../ports/network.ts'
import type { Height } from '../protocol/ids.ts'
import { EvidenceExchange } from './evidence-exchange.ts'
import type { LiveNode } from './live-node.ts'
import { PeerStatuses } from './peer-statuses.ts'

export function nodeStatuses(
  node: LiveNode,
  ports: { readonly claimed: (peer: PeerId, headHeight: Height) => void; readonly changed: () => void },
): PeerStatuses {
  const { chain, evidence: desk, peers } = node
  const { network, clock, telemetry, version } = node.options
  const evidence = new EvidenceExchange({ desk, chain, network, clock, peers, telemetry })
  return new PeerStatuses({
    network,
    clock,
    telemetry,
    book: peers,
    genesisHash: chain.genesisHash,
    own: () => ({
      headHeight: chain.height,
      mode: node.mode,
      version,
      validator: node.identity?.address ?? null,
    }),
    heard: (peer, headHeight) => {
      ports.claimed(peer, headHeight)
      evidence.heard(peer, headHeight)
    },
    changed: ports.changed,
  })
}
