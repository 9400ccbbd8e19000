import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceRadial,
  forceSimulation,
  forceX,
  forceY,
} from 'd3-force'
import { useMemo } from 'react'
import type { TopologyView } from '../../node-core/node/node-api.ts'
import { MESH_BOX, MESH_CENTRE, MESH_RINGS, type MeshNode, type Point, ringLayout } from './mesh-layout.ts'
import { MeshNodeMark } from './mesh-node-mark.tsx'

export type MeshArrangement = 'hops' | 'force'

export interface MeshGraphProps {
  readonly topology: TopologyView
  readonly arrangement: MeshArrangement
  /** Peers that do not answer. */
  readonly silent: ReadonlySet<string>
  /** The peer under the pointer or the focus, here or in the table. */
  readonly lit: string | null
  readonly onLit: (peer: string | null) => void
  readonly label: string
}

/** Rings by hop with this node in the middle; the table beside it holds the same data. */
export function MeshGraph({ topology, arrangement, silent, lit, onLit, label }: MeshGraphProps) {
  const places = useMemo(
    () => (arrangement === 'hops' ? ringLayout(topology) : forceLayout(topology)),
    [topology, arrangement],
  )
  return (
    <svg
      className="block h-auto w-full"
      viewBox={`0 0 ${MESH_BOX.width} ${MESH_BOX.height}`}
      role="img"
      aria-label={label}
      onMouseLeave={() => onLit(null)}
    >
      {arrangement === 'hops' && <Rings />}
      <Links topology={topology} places={places} silent={silent} lit={lit} />
      <g>
        {topology.nodes.map((node) => (
          <MeshNodeMark
            key={node.peer}
            node={node}
            at={places.get(node.peer) ?? MESH_CENTRE}
            own={node.peer === topology.self}
            silent={silent.has(node.peer)}
            lit={node.peer === lit}
            onLit={onLit}
          />
        ))}
      </g>
      {arrangement === 'hops' && <RingNames />}
    </svg>
  )
}

function Rings() {
  return (
    <g className="fill-none stroke-line">
      {MESH_RINGS.slice(1).map((radius) => (
        <circle key={radius} cx={MESH_CENTRE.x} cy={MESH_CENTRE.y} r={radius} />
      ))}
    </g>
  )
}

/** Angles at which the rings' names stand, in degrees clockwise from the right. */
const RING_NAMES = [
  { name: 'direct', radius: MESH_RINGS[1], degrees: 2 },
  { name: 'relayed', radius: MESH_RINGS[2], degrees: 49 },
  { name: 'heard of', radius: MESH_RINGS[3], degrees: 230 },
] as const

function RingNames() {
  return (
    <g className="fill-ink-3 text-tick" textAnchor="middle">
      {RING_NAMES.map(({ name, radius, degrees }) => {
        const angle = (degrees * Math.PI) / 180
        return (
          <text
            key={name}
            x={MESH_CENTRE.x + radius * Math.cos(angle)}
            y={MESH_CENTRE.y + radius * Math.sin(angle)}
            {...HALO}
          >
            {name}
          </text>
        )
      })}
    </g>
  )
}

/** A rim in the sheet's colour keeps text readable on lines. */
const HALO = {
  paintOrder: 'stroke',
  stroke: 'var(--sheet)',
  strokeWidth: 4,
  strokeLinejoin: 'round',
} as const

function Links({
  topology,
  places,
  silent,
  lit,
}: {
  topology: TopologyView
  places: ReadonlyMap<string, Point>
  silent: ReadonlySet<string>
  lit: string | null
}) {
  return (
    <g className="fill-none">
      {topology.links.map((link) => {
        const from = places.get(link.from)
        const to = places.get(link.to)
        if (from === undefined || to === undefined) return null
        const own = link.from === topology.self || link.to === topology.self
        const touched = lit !== null && (link.from === lit || link.to === lit)
        return (
          <path
            key={`${link.from} ${link.to}`}
            className={linkLook(link.kind, own, touched, silent.has(link.from) || silent.has(link.to))}
            strokeDasharray={link.kind === 'relayed' ? '3 3' : undefined}
            d={`M${round(from.x)} ${round(from.y)}L${round(to.x)} ${round(to.y)}`}
          />
        )
      })}
    </g>
  )
}

function linkLook(
  kind: 'direct' | 'relayed' | 'heard',
  own: boolean,
  touched: boolean,
  dead: boolean,
): string {
  if (touched) return 'stroke-ink stroke-[1.6]'
  if (dead) return 'stroke-line-strong opacity-40'
  if (kind === 'direct' && own) return 'stroke-ink-2 stroke-[1.3]'
  return kind === 'relayed' ? 'stroke-line-strong' : 'stroke-line-strong opacity-[.35]'
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

interface ForceNode extends MeshNode {
  x?: number
  y?: number
  fx?: number
  fy?: number
}

const FORCE_STEPS = 240

/** Linked nodes near each other, this node pinned in the middle; settled before it is drawn, so nothing moves. */
function forceLayout(topology: TopologyView): ReadonlyMap<string, Point> {
  const rings = ringLayout(topology)
  const nodes: ForceNode[] = topology.nodes.map((node) => {
    const pinned = node.peer === topology.self ? { fx: MESH_CENTRE.x, fy: MESH_CENTRE.y } : {}
    return { ...node, ...rings.get(node.peer), ...pinned }
  })
  const known = new Set(nodes.map((node) => node.peer))
  const links = topology.links
    .filter((link) => known.has(link.from) && known.has(link.to))
    .map((link) => ({ source: link.from, target: link.to }))
  forceSimulation(nodes)
    .force(
      'link',
      forceLink<ForceNode, (typeof links)[number]>(links)
        .id((node) => node.peer)
        .distance(64)
        .strength(0.25),
    )
    .force('apart', forceManyBody<ForceNode>().strength(-110))
    .force('rim', forceRadial<ForceNode>(120, MESH_CENTRE.x, MESH_CENTRE.y).strength(0.02))
    .force('x', forceX<ForceNode>(MESH_CENTRE.x).strength(0.06))
    .force('y', forceY<ForceNode>(MESH_CENTRE.y).strength(0.06))
    .force('touch', forceCollide<ForceNode>(15))
    .stop()
    .tick(FORCE_STEPS)
  return new Map(
    nodes.map((node) => [node.peer, { x: clamp(node.x, MESH_BOX.width), y: clamp(node.y, MESH_BOX.height) }]),
  )
}

const EDGE = 18

function clamp(value: number | undefined, size: number): number {
  return Math.max(EDGE, Math.min(size - EDGE, value ?? size / 2))
}
