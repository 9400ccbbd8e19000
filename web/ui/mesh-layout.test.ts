import { expect, test } from 'vitest'
import type { TopologyView } from '../../node-core/node/node-api.ts'
import { MESH_BOX, MESH_CENTRE, MESH_RINGS, neighbourMap, ringLayout } from './mesh-layout.ts'

const mesh: TopologyView = {
  self: 'me',
  nodes: [
    { peer: 'me', name: 'Nightjar', role: 'validator', hop: 0 },
    { peer: 'relay', name: null, role: 'relay', hop: 1 },
    ...['a', 'b', 'c'].map((peer) => ({ peer, name: peer, role: 'validator', hop: 1 as const })),
    ...['d', 'e'].map((peer) => ({ peer, name: null, role: 'light', hop: 2 as const })),
    ...Array.from({ length: 40 }, (_, i) => ({
      peer: `h${i}`,
      name: null,
      role: 'unknown',
      hop: 3 as const,
    })),
  ],
  links: [
    { from: 'me', to: 'a', kind: 'direct' },
    { from: 'me', to: 'relay', kind: 'direct' },
    { from: 'relay', to: 'd', kind: 'relayed' },
    { from: 'a', to: 'h0', kind: 'heard' },
  ],
}

const radius = (peer: string): number => {
  const place = ringLayout(mesh).get(peer)!
  return Math.hypot(place.x - MESH_CENTRE.x, place.y - MESH_CENTRE.y)
}

test('this node is in the middle, each hop on its ring, relays within', () => {
  expect(radius('me')).toBe(0)
  expect(radius('a')).toBeCloseTo(MESH_RINGS[1])
  expect(radius('d')).toBeCloseTo(MESH_RINGS[2])
  expect(radius('h0')).toBeGreaterThan(MESH_RINGS[2])
  expect(radius('relay')).toBeLessThan(MESH_RINGS[1])
})

test('every node has a place in the box, and no two share one', () => {
  const places = [...ringLayout(mesh).values()]
  expect(places).toHaveLength(mesh.nodes.length)
  for (const { x, y } of places) {
    expect(x).toBeGreaterThan(0)
    expect(x).toBeLessThan(MESH_BOX.width)
    expect(y).toBeGreaterThan(0)
    expect(y).toBeLessThan(MESH_BOX.height)
  }
  expect(new Set(places.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)).size).toBe(places.length)
})

test('the same mesh is drawn the same way, an empty one too', () => {
  expect([...ringLayout(mesh)]).toEqual([...ringLayout(mesh)])
  expect(ringLayout({ self: 'me', nodes: [], links: [] }).get('me')).toEqual(MESH_CENTRE)
})

test('links count in both directions', () => {
  expect(neighbourMap(mesh.links).get('relay')).toEqual(['me', 'd'])
})
