/** Peers, topology, health and partition as views. */
import {
  heardPower,
  type MemberHeard,
  type MeshObservation,
  type Stall as MeshStall,
  stallOf,
} from '../../mesh/partition.ts'
import type { PeerConnection } from '../../ports/network.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { ChainParameters } from '../../protocol/genesis.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import type { NodeOptions } from '../create-node.ts'
import type { LiveNode } from '../live-node.ts'
import type { NodeMethods, NodeMode, PeerView, Stall, TopologyView } from '../node-api.ts'
import type { PeerBook } from '../peer-book.ts'

/** Own messages are sent again every few seconds; a validator silent for an empty interval and this long is not heard, ms. */
const HEARD_GRACE_MS = 6_000
/** A peer answers well within this, ms. */
const HEALTHY_ROUND_TRIP_MS = 1_000
const HEALTHY_SCORE = 0.5

/** What is looked at here of a node of any mode. */
export interface MeshNode {
  readonly options: Pick<NodeOptions, 'network' | 'clock' | 'relaysConfigured'>
  readonly peers: PeerBook
  readonly mode: NodeMode
}

/** One that follows the head, by blocks or by headers alone. */
export interface HeadNode extends MeshNode {
  readonly chain: { readonly height: Height; readonly parameters: ChainParameters }
  readonly bestSeenHeight: Height
  readonly headSinceMs: number
}

/** An empty string for an address without one. */
export type ValidatorNames = (validator: Address) => string

export function peerViews(node: MeshNode, names: ValidatorNames): PeerView[] {
  return node.options.network.connections().map((connection) => peerView(node, names, connection))
}

function peerView(node: MeshNode, names: ValidatorNames, connection: PeerConnection): PeerView {
  const { status, roundTrips, lastSeenMs } = node.peers.record(connection.peer)
  const reputation = node.peers.reputation(connection.peer)
  const validator = (status?.validator as Address | null | undefined) ?? null
  const isRelay = node.options.network.relays().some((relay) => relay.address.includes(connection.peer))
  return {
    peer: connection.peer,
    address: connection.address,
    transport: connection.transport,
    direction: connection.direction,
    relayed: connection.relayed,
    role: isRelay ? 'relay' : (status?.mode ?? 'unknown'),
    validator: validator && formatAddress(validator),
    name: validator && (names(validator) || null),
    headHeight: status?.headHeight ?? null,
    roundTripMs: roundTrips.at(-1) ?? null,
    roundTripHistory: roundTrips,
    score: reputation.score,
    bytesIn: connection.bytesIn,
    bytesOut: connection.bytesOut,
    connectedAtMs: connection.openedAtMs,
    lastSeenMs: Math.max(lastSeenMs, connection.openedAtMs),
    rejectedMessages: reputation.rejected,
  }
}

export function topologyView(node: MeshNode, names: ValidatorNames): TopologyView {
  const peers = peerViews(node, names)
  const { self } = node.options.network
  return {
    self,
    nodes: [
      { peer: self, name: null, role: node.mode, hop: 0 },
      ...peers.map((peer) => ({
        peer: peer.peer,
        name: peer.name,
        role: peer.role,
        hop: peer.relayed ? (2 as const) : (1 as const),
      })),
    ],
    links: peers.map((peer) => ({
      from: self,
      to: peer.peer,
      kind: peer.relayed ? ('relayed' as const) : ('direct' as const),
    })),
  }
}

export function healthView(
  node: MeshNode,
  rejected: Readonly<Record<string, number>>,
): NodeMethods['network_health']['result'] {
  const direct = peerViews(node, () => '').filter((peer) => !peer.relayed && peer.role !== 'relay')
  const healthy = direct.filter(
    (peer) =>
      (peer.roundTripMs ?? HEALTHY_ROUND_TRIP_MS + 1) <= HEALTHY_ROUND_TRIP_MS && peer.score >= HEALTHY_SCORE,
  )
  const trips = direct.flatMap((peer) => peer.roundTripMs ?? []).sort((a, b) => a - b)
  return {
    healthy: healthy.length,
    down: direct.length - healthy.length,
    medianRoundTripMs: trips[trips.length >> 1] ?? null,
    rejected,
  }
}

export function meshObservation(node: LiveNode): MeshObservation & { readonly members: MemberHeard[] } {
  const { clock } = node.options
  const heardSinceMs = clock.monotonicMs() - node.chain.parameters.emptyIntervalMs - HEARD_GRACE_MS
  const self = node.identity?.address
  return {
    ...headObservation(node),
    round: node.runner.state.round,
    members: node.chain.nextSet.set.members.map(({ address, power }) => {
      const lastHeard = node.recorder.lastHeard(address)
      return {
        address,
        power,
        heard: address === self || (lastHeard !== null && lastHeard.atMonotonicMs >= heardSinceMs),
      }
    }),
  }
}

/** What a node that hears no votes knows as well. */
export function headObservation(node: HeadNode): Omit<MeshObservation, 'round' | 'members'> {
  const { network, clock, relaysConfigured } = node.options
  const direct = network
    .connections()
    .filter((connection) => !connection.relayed && node.peers.record(connection.peer).status !== null)
  return {
    nowMs: clock.wallMs(),
    directPeers: new Set(direct.map((connection) => connection.peer)).size,
    relaysConfigured,
    relaysConnected: network.relays().filter((relay) => relay.connected).length,
    headHeight: node.chain.height,
    bestSeenHeight: node.bestSeenHeight,
    headSinceMs: node.headSinceMs,
    emptyIntervalMs: node.chain.parameters.emptyIntervalMs,
  }
}

export function stallView(node: LiveNode): Stall | null {
  if (node.haltedBecause) return { code: 'halted', reason: node.haltedBecause }
  return toView(stallOf(meshObservation(node)))
}

export function heardPowerView(node: LiveNode): number {
  return heardPower(meshObservation(node).members)
}

function toView(stall: MeshStall | null): Stall | null {
  if (stall?.code !== 'no-quorum') return stall
  return { ...stall, silent: stall.silent.map((address) => formatAddress(address as Address)) }
}
