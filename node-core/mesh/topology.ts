/** Whom to be linked to: a degree of 3 to 8, validators among themselves up to 20. Pure: observations in, choices out. */
import type { PeerConnection, PeerId } from '../ports/network.ts'
import type { KnownPeer } from './discovery.ts'

/** Direct links every node wants at least, and stops dialling at. */
export const DEGREE_MINIMUM = 3
export const DEGREE_MAXIMUM = 8
/** Direct links a validator keeps to other validators. */
export const VALIDATOR_LINKS = 20
/** How long the peer with the higher id waits for the other to dial, ms; then it dials itself. */
export const DIAL_GRACE_MS = 8_000

export type Platform = 'browser' | 'nodejs'

/**
 * Both ends hear of each other at about the same time, and two connections made at once confuse gossip;
 * so only the lower id dials.
 */
export function shouldDial(self: PeerId, other: PeerId): boolean {
  return self < other
}

/** Peers with a direct link; relayed connections carry no gossip. */
export function directPeers(connections: readonly PeerConnection[]): Set<PeerId> {
  return new Set(connections.filter((connection) => !connection.relayed).map((connection) => connection.peer))
}

/** WebRTC first: it works between tabs, and from https pages. Node to Node a plain socket is cheaper. */
export function orderAddresses(addresses: readonly string[], platform: Platform): string[] {
  const ranked = addresses
    .map((address) => ({ address, rank: rankOfAddress(address, platform) }))
    .filter(({ rank }) => rank !== null)
  return ranked.sort((a, b) => a.rank! - b.rank!).map(({ address }) => address)
}

/** null: carries no gossip or cannot be dialled from here. */
function rankOfAddress(address: string, platform: Platform): number | null {
  const socketRank = platform === 'nodejs' ? 0 : 3
  if (/\/p2p-circuit(?!.*\/webrtc)/.test(address)) return null
  if (address.includes('/webrtc-direct/')) return 1
  if (address.includes('/p2p-circuit/webrtc')) return 2
  if (/\/(ws|wss)(\/|$)/.test(address)) return socketRank
  if (address.startsWith('/memory/')) return 0
  return null
}

export interface DialObservation {
  readonly self: PeerId
  readonly connections: readonly PeerConnection[]
  readonly known: readonly KnownPeer[]
  /** Peers being dialled now. */
  readonly dialing: ReadonlySet<PeerId>
  /** Peer ids of validators as far as known; empty when this node is none. */
  readonly validators: ReadonlySet<PeerId>
  readonly nowMs: number
  /** In [0, 1); spreads the choice so that not everyone links to the same peers. */
  readonly random: () => number
}

/** Peers to dial now: validators first, then the best known until the degree is reached. */
export function chooseDials(observation: DialObservation): KnownPeer[] {
  const direct = directPeers(observation.connections)
  const busy = (peer: PeerId) => direct.has(peer) || observation.dialing.has(peer)
  const dialable = shuffle(
    observation.known.filter((known) => !busy(known.peer) && mayDial(observation, known)),
    observation.random,
  ).sort((a, b) => b.score - a.score)

  const linked = new Set([...direct, ...observation.dialing])
  const validatorLinks = [...linked].filter((peer) => observation.validators.has(peer)).length
  const validators = dialable
    .filter((known) => observation.validators.has(known.peer))
    .slice(0, Math.max(0, VALIDATOR_LINKS - validatorLinks))
  const others = dialable
    .filter((known) => !validators.includes(known))
    .slice(0, Math.max(0, DEGREE_MAXIMUM - linked.size - validators.length))
  return [...validators, ...others]
}

/** True while discovery should hurry. */
export function belowDegree(connections: readonly PeerConnection[]): boolean {
  return directPeers(connections).size < DEGREE_MINIMUM
}

function mayDial(observation: DialObservation, known: KnownPeer): boolean {
  if (known.peer === observation.self || known.addresses.length === 0) return false
  if (known.nextDialAtMs > observation.nowMs) return false
  return shouldDial(observation.self, known.peer) || observation.nowMs - known.heardAtMs >= DIAL_GRACE_MS
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const item = shuffled[i]!
    shuffled[i] = shuffled[j]!
    shuffled[j] = item
  }
  return shuffled
}
