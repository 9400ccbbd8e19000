/** Places the mesh on rings by hop, this node in the middle. Pure: the same mesh is drawn the same way each time. */
import type { TopologyView } from '../../node-core/node/node-api.ts'

export type MeshNode = TopologyView['nodes'][number]
export type MeshLink = TopologyView['links'][number]

export interface Point {
  readonly x: number
  readonly y: number
}

/** The drawing's own units. */
export const MESH_BOX = { width: 480, height: 500 } as const
export const MESH_CENTRE: Point = { x: 240, y: 250 }
/** Radius of each hop's ring: this node, direct, relayed, heard of. */
export const MESH_RINGS = [0, 112, 176, 226] as const
/** Relays stand inside the first ring, where the dashed links to relayed peers begin. */
const RELAY_RADIUS = 64
/** Every other node of a full ring steps back by this much, so that names do not touch. */
const STAGGER = 12
const STAGGER_FROM_NODES = 7

/** Where each node stands, by peer. Nodes of a ring keep the order of those they hang on, and are spread evenly. */
export function ringLayout(topology: TopologyView): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>([[topology.self, MESH_CENTRE]])
  const angles = new Map<string, number>()
  const others = topology.nodes.filter((node) => node.peer !== topology.self)
  const relays = others.filter((node) => node.role === 'relay' && node.hop <= 1)
  placeRing(relays, RELAY_RADIUS, relays.length > 1 ? -0.6 : -0.8, places, angles)
  for (const hop of [1, 2, 3] as const) {
    const ring = others.filter((node) => node.hop === hop && !places.has(node.peer))
    const ordered = hop === 1 ? ring : orderByParents(ring, topology.links, angles)
    placeRing(ordered, MESH_RINGS[hop], hop * 0.9 + 0.35, places, angles)
  }
  return places
}

function placeRing(
  ring: readonly MeshNode[],
  radius: number,
  firstAngle: number,
  places: Map<string, Point>,
  angles: Map<string, number>,
): void {
  const step = (2 * Math.PI) / Math.max(1, ring.length)
  ring.forEach((node, index) => {
    const angle = firstAngle + index * step
    const back = ring.length >= STAGGER_FROM_NODES && index % 2 === 1 ? STAGGER : 0
    angles.set(node.peer, angle)
    places.set(node.peer, polar(angle, radius - back))
  })
}

function polar(angle: number, radius: number): Point {
  return { x: MESH_CENTRE.x + radius * Math.cos(angle), y: MESH_CENTRE.y + radius * Math.sin(angle) }
}

/** Sorted by the mean direction of the placed nodes they are linked to, so that links cross less. */
function orderByParents(
  ring: readonly MeshNode[],
  links: readonly MeshLink[],
  angles: ReadonlyMap<string, number>,
): readonly MeshNode[] {
  const neighbours = neighbourMap(links)
  const direction = (node: MeshNode): number => {
    const known = (neighbours.get(node.peer) ?? []).flatMap((peer) => angles.get(peer) ?? [])
    if (known.length === 0) return Number.POSITIVE_INFINITY
    const x = known.reduce((sum, angle) => sum + Math.cos(angle), 0)
    const y = known.reduce((sum, angle) => sum + Math.sin(angle), 0)
    return Math.atan2(y, x)
  }
  const keyed = ring.map((node) => ({ node, at: direction(node) }))
  return keyed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ node }) => node)
}

/** Who is linked with whom, in both directions. */
export function neighbourMap(links: readonly MeshLink[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  const add = (from: string, to: string) => {
    const list = map.get(from)
    if (list === undefined) map.set(from, [to])
    else list.push(to)
  }
  for (const link of links) {
    add(link.from, link.to)
    add(link.to, link.from)
  }
  return map
}
