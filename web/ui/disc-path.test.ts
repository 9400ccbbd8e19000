import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { litPath, quorumPath } from './disc-path.ts'

const RADIUS = 100
const CENTRE = 100

/** Area inside the path, from its two arcs: half the disc, and half an ellipse added or taken away. */
function areaOf(path: string): number {
  if (path === '') return 0
  const arcs = [...path.matchAll(/A([\d.]+) ([\d.]+) 0 0 ([01]) ([\d.]+) ([\d.]+)/g)]
  expect(arcs).toHaveLength(2)
  const [outer, inner] = arcs.map((arc) => ({ rx: Number(arc[1]), ry: Number(arc[2]), sweep: arc[3] }))
  const half = (arc: { rx: number; ry: number }) => (Math.PI * arc.rx * arc.ry) / 2
  return half(outer!) + (inner!.sweep === '0' ? half(inner!) : -half(inner!))
}

describe('the lit part of the disc', () => {
  it('has exactly the given share of the area', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const lit = areaOf(litPath(share, CENTRE, RADIUS)) / (Math.PI * RADIUS ** 2)
        expect(Math.abs(lit - share)).toBeLessThan(0.0001)
      }),
    )
  })

  it('is nothing at zero and below, everything at one and above', () => {
    expect(litPath(0, CENTRE, RADIUS)).toBe('')
    expect(litPath(-1, CENTRE, RADIUS)).toBe('')
    expect(areaOf(litPath(1, CENTRE, RADIUS))).toBeCloseTo(Math.PI * RADIUS ** 2)
    expect(litPath(2, CENTRE, RADIUS)).toBe(litPath(1, CENTRE, RADIUS))
  })

  it('begins at the left: the outer arc passes it', () => {
    expect(litPath(0.3, CENTRE, RADIUS)).toMatch(/^M100 0A100 100 0 0 0 100 200/)
  })

  it('meets the quorum meridian at two thirds', () => {
    const edge = litPath(2 / 3, CENTRE, RADIUS).match(/200A([\d.]+)/)
    const meridian = quorumPath(CENTRE, RADIUS).match(/A([\d.]+)/)
    expect(edge![1]).toBe(meridian![1])
  })
})
