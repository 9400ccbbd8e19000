/** The Mesh page in words. Pure: from what the node said to sentences. */
import type { NodeStatus, PartitionView, PeerView, TopologyView } from '../../../node-core/node/node-api.ts'
import { capital, countWord, nameList, percent } from '../../i18n/format.ts'

/** Above this a round trip is slow, ms. */
export const SLOW_ROUND_TRIP_MS = 200
/** A peer that gave no round trip and was not heard for this long does not answer, ms. */
const NO_ANSWER_AFTER_MS = 10_000
/** Scores below these depart from normal, 0 to 1. */
const LOW_SCORE = 0.8
const BAD_SCORE = 0.5

export interface Party {
  readonly address: string
  readonly name: string
}

export function answers(peer: PeerView, nowMs: number): boolean {
  return peer.roundTripMs !== null || nowMs - peer.lastSeenMs < NO_ANSWER_AFTER_MS
}

/** Validators further than two hops, or that no path leads to. `self`: this tab's own validator, if any. */
export function farValidators(
  validators: readonly Party[],
  peers: readonly PeerView[],
  self: string | null,
  nowMs: number,
): readonly Party[] {
  const near = new Set(peers.filter((peer) => answers(peer, nowMs)).flatMap((peer) => peer.validator ?? []))
  return validators.filter((validator) => validator.address !== self && !near.has(validator.address))
}

export interface MeshFacts {
  readonly partition: PartitionView
  readonly validators: readonly Party[]
  readonly far: readonly Party[]
  readonly peers: number
}

/** "One partition. Every validator but Bodø is within two hops." */
export function meshSentence({ partition, validators, far, peers }: MeshFacts): string {
  switch (partition.state) {
    case 'isolated':
      return 'Alone. No peer reaches this tab.'
    case 'partitioned':
      return `Cut off. This part of the mesh hears ${percent(partition.heardPower)} of the voting power.`
    case 'recovering':
      return `Coming together again. ${percent(partition.heardPower)} of the voting power is heard.`
    case 'healthy':
      return `One partition. ${reachWords(validators.length, far, peers)}`
  }
}

/** An observer hears no votes: whom the others reach is not known to it. */
export function observerMeshSentence(peers: number): string {
  return `${peersWords(peers)} An observer does not hear who votes.`
}

function peersWords(peers: number): string {
  return `${capital(countWord(peers))} ${peers === 1 ? 'peer is' : 'peers are'} connected.`
}

function reachWords(validators: number, far: readonly Party[], peers: number): string {
  if (validators === 0) return peersWords(peers)
  if (far.length === 0) return 'Every validator is within two hops.'
  if (far.length <= 3)
    return `Every validator but ${nameList(
      far.map((party) => party.name),
      3,
    )} is within two hops.`
  return `${capital(countWord(validators - far.length))} of ${countWord(validators)} validators are within two hops.`
}

/** The line under it: what is seen from here, or what a minority can still do. */
export function meshReason(partition: PartitionView, peers: number, heardOf: number): string {
  const seen = `Connected to ${peers === 0 ? 'no peer' : peers === 1 ? '1 peer' : `${peers} peers`}, heard of ${heardOf} more.`
  switch (partition.state) {
    case 'healthy':
      return `${seen} Nodes that no peer of ours mentions are not shown.`
    case 'partitioned':
      return `A third or less cannot decide, and half of a chain must not: blocks wait until more than two thirds are heard. Reading works; what you send is kept and goes out when the parts meet. ${seen}`
    case 'recovering':
      return `Links are being made again and blocks caught up with; this node votes once it is at the head. ${seen}`
    case 'isolated':
      return 'What was decided can still be read, and what you send is kept. The node keeps dialling relays and the peers it knew.'
  }
}

/** "Relays: 2 of 2 connected. If none is reachable, …" */
export function relaysLine(relays: NodeStatus['relays']): string {
  const connected = relays.filter((relay) => relay.connected).length
  if (relays.length === 0) return 'No relay is configured; peers find this tab by direct links alone.'
  if (connected === 0) {
    const none = relays.length === 1 ? 'The relay is not connected.' : 'No relay is connected.'
    return `${none} Direct links go on without one; new peers cannot find this tab until a relay answers.`
  }
  const count = `${capital(countWord(connected))} of ${countWord(relays.length)} ${relays.length === 1 ? 'relay' : 'relays'} connected.`
  return `${count} If none is reachable, direct links go on; only new peers cannot find this tab.`
}

export type PeerFilter = 'all' | 'validators' | 'direct' | 'relayed' | 'slow'

export const PEER_FILTERS: readonly { readonly value: PeerFilter; readonly words: string }[] = [
  { value: 'all', words: 'All' },
  { value: 'validators', words: 'Validators' },
  { value: 'direct', words: 'Direct' },
  { value: 'relayed', words: 'Relayed' },
  { value: 'slow', words: 'Slow' },
]

export function peersWhere(peers: readonly PeerView[], filter: PeerFilter): readonly PeerView[] {
  switch (filter) {
    case 'all':
      return peers
    case 'validators':
      return peers.filter((peer) => peer.validator !== null)
    case 'direct':
      return peers.filter((peer) => !peer.relayed)
    case 'relayed':
      return peers.filter((peer) => peer.relayed)
    case 'slow':
      return peers.filter((peer) => peer.roundTripMs === null || peer.roundTripMs > SLOW_ROUND_TRIP_MS)
  }
}

export function scoreTone(score: number): '' | 'text-warn' | 'text-bad' {
  return score < BAD_SCORE ? 'text-bad' : score < LOW_SCORE ? 'text-warn' : ''
}

/** "direct, WebRTC" */
export function pathWords(peer: Pick<PeerView, 'relayed' | 'transport'>): string {
  return `${peer.relayed ? 'relayed' : 'direct'}, ${transportWords(peer.transport)}`
}

const TRANSPORTS: Readonly<Record<string, string>> = {
  webrtc: 'WebRTC',
  'webrtc-direct': 'WebRTC',
  websocket: 'WebSocket',
  websockets: 'WebSocket',
  ws: 'WebSocket',
  wss: 'WebSocket',
  webtransport: 'WebTransport',
  tcp: 'TCP',
  circuit: 'WebSocket',
  memory: 'memory',
}

function transportWords(transport: string): string {
  return TRANSPORTS[transport.toLowerCase()] ?? transport
}

/** Names of the relays that a relayed peer hangs on, from the mesh map. */
export function relayOf(peer: string, topology: TopologyView): string | null {
  const relays = new Map(
    topology.nodes.filter((node) => node.role === 'relay').map((node) => [node.peer, node]),
  )
  for (const link of topology.links) {
    const other = link.from === peer ? link.to : link.to === peer ? link.from : null
    const relay = other === null ? undefined : relays.get(other)
    if (relay !== undefined) return relay.name ?? 'a relay'
  }
  return null
}

/** Where peers can dial this tab: through its first connected relay, then straight. null: nowhere. */
export function dialAddress(status: Pick<NodeStatus, 'relays' | 'peerId'>): string | null {
  const relay = status.relays.find((candidate) => candidate.connected)
  return relay === undefined ? null : `${relay.address}/p2p-circuit/webrtc/p2p/${status.peerId}`
}

/** What is wrong with a typed address; null: it can be tried. */
export function dialProblem(text: string): string | null {
  const address = text.trim()
  if (address === '') return null
  if (!address.startsWith('/'))
    return 'An address begins with a slash, as /dns4/relay.example/tcp/443/wss/p2p/12D3…'
  if (!/\/p2p\/[1-9A-HJ-NP-Za-km-z]{40,}$/.test(address)) return 'It must end with /p2p/ and the peer’s id'
  return null
}
