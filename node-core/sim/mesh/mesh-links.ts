/** Who is linked to whom in a mesh of many nodes: every node chooses by the policies that real nodes run. */
import type { KnownPeer } from '../../mesh/discovery.ts'
import { chooseDials, DIAL_GRACE_MS } from '../../mesh/topology.ts'
import type { PeerId } from '../../ports/network.ts'
import type { Random } from '../random.ts'
import { simConnection } from '../sim-connection.ts'

/** Peers that a node has heard of by the time it dials: answers of the first few it asked. */
const HEARD_OF = 64
/** Looks at the mesh: in the first only the lower id of a pair dials, later anyone who still lacks links. */
const LOOKS = 3

/** Peer ids say nothing of who votes: the policies have the lower of two ids dial, so their order is the seed's. */
class PeerNames {
  readonly #peers: readonly PeerId[]
  readonly #indices: ReadonlyMap<PeerId, number>

  constructor(nodes: number, random: Random) {
    const numbers = random.shuffled(Array.from({ length: nodes }, (_, index) => index))
    this.#peers = numbers.map((number) => `mesh-${String(number).padStart(5, '0')}`)
    this.#indices = new Map(this.#peers.map((peer, index) => [peer, index]))
  }

  peerOf(index: number): PeerId {
    return this.#peers[index]!
  }

  indexOf(peer: PeerId): number {
    return this.#indices.get(peer)!
  }
}

/** Neighbours of every node, by index; the first `validators` of them vote. */
export function meshLinks(nodes: number, validators: number, random: Random): readonly Uint16Array[] {
  const links = Array.from({ length: nodes }, () => new Set<number>())
  const names = new PeerNames(nodes, random)
  const peers = (indices: Iterable<number>) => [...indices].map((index) => names.peerOf(index))
  const voters = Array.from({ length: validators }, (_, index) => index)
  const voterPeers = new Set(peers(voters))
  const known = links.map((_, self) =>
    peers(heardOf(self, nodes, self < validators ? voters : [], random)).map(knownPeer),
  )
  for (let look = 0; look < LOOKS; look++)
    for (let self = 0; self < nodes; self++) {
      const dials = chooseDials({
        self: names.peerOf(self),
        connections: peers(links[self]!).map((peer) => simConnection(peer)),
        known: known[self]!,
        dialing: new Set(),
        validators: self < validators ? voterPeers : new Set(),
        nowMs: look === 0 ? 0 : DIAL_GRACE_MS,
        random: () => random.next(),
      })
      for (const { peer } of dials) {
        links[self]!.add(names.indexOf(peer))
        links[names.indexOf(peer)]!.add(self)
      }
    }
  return links.map((each) => Uint16Array.from(each))
}

function heardOf(self: number, nodes: number, voters: readonly number[], random: Random): Set<number> {
  const heard = new Set(voters)
  for (let i = 0; i < Math.min(HEARD_OF, 2 * nodes); i++) heard.add(random.below(nodes))
  heard.delete(self)
  return heard
}

function knownPeer(peer: PeerId): KnownPeer {
  return {
    peer,
    addresses: [`/memory/${peer}`],
    score: 1,
    heardAtMs: 0,
    seenAtMs: 0,
    failures: 0,
    nextDialAtMs: 0,
  }
}
