import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addSamples,
  finalityCurve,
  formingFraction,
  mergeBlocks,
  percentile,
  rangeStats,
  type Sample,
  voteMarks,
  votesWhere,
} from './derive.ts'
import { block, view, vote } from './fixtures.ts'

const NOW = 1_000_000_000

function sample(height: number, part: Partial<Sample> = {}): Sample {
  return { height, atMs: NOW - 60_000 + height * 1000, round: 0, finalityMs: 400, transactions: 10, ...part }
}

describe('percentile', () => {
  it('is the nearest rank, and null of nothing', () => {
    expect(percentile([], 0.5)).toBeNull()
    expect(percentile([7], 0.95)).toBe(7)
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2)
    expect(
      percentile(
        Array.from({ length: 100 }, (_, i) => i + 1),
        0.95,
      ),
    ).toBe(95)
  })
})

describe('mergeBlocks', () => {
  it('keeps one block a height in order, the later word, and only the newest', () => {
    const held = [block(1), block(2)]
    const merged = mergeBlocks(held, [block(4), block(2, { round: 1 }), block(3)], 3)
    expect(merged.map((one) => one.height)).toEqual([2, 3, 4])
    expect(merged[0]!.round).toBe(1)
  })

  it('does not depend on the order of arrival', () => {
    const heights = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 60 })
    fc.assert(
      fc.property(heights, (order) => {
        const arrivals = order.map((height) => block(height))
        const merged = mergeBlocks([], arrivals, 20).map((one) => one.height)
        expect(merged).toEqual([...order].sort((a, b) => a - b).slice(-20))
      }),
    )
  })
})

describe('addSamples', () => {
  it('takes each block once and forgets what is older than a day', () => {
    const first = addSamples([], [block(1, { timestampMs: NOW }), block(2, { timestampMs: NOW + 2000 })], NOW)
    const again = addSamples(first, [block(2), block(3, { timestampMs: NOW + 4000 })], NOW + 4000)
    expect(again.map((one) => one.height)).toEqual([1, 2, 3])
    const nextDay = NOW + 24 * 3_600_000 + 1000
    const later = addSamples(again, [block(4, { timestampMs: nextDay })], nextDay)
    expect(later.map((one) => one.height)).toEqual([2, 3, 4])
  })
})

describe('rangeStats', () => {
  it('counts what this tab saw within the range only', () => {
    const samples = [
      sample(1, { atMs: NOW - 400_000, transactions: 1000 }),
      ...[2, 3, 4].map((height) =>
        sample(height, { atMs: NOW - 8000 + height * 2000, finalityMs: height * 100 }),
      ),
    ]
    const stats = rangeStats(samples, '5min', NOW)
    expect(stats.blocks).toBe(3)
    expect(stats.finalityP50Ms).toBe(300)
    expect(stats.finalityP95Ms).toBe(400)
    expect(stats.blockIntervalMs).toBe(2000)
    expect(stats.transactionsPerSecond).toBe(5)
    expect(stats.transactionsLastMinute).toBe(30)
    expect(rangeStats(samples, '1h', NOW).blocks).toBe(4)
  })

  it('says nothing of finality that it did not see', () => {
    const stats = rangeStats([sample(1, { finalityMs: null })], '5min', NOW)
    expect(stats.finalityP50Ms).toBeNull()
    expect(stats.blockIntervalMs).toBeNull()
    expect(stats.transactionsPerSecond).toBeNull()
  })

  it('names the heights that took more than one round', () => {
    expect(rangeStats([sample(1), sample(2, { round: 1 })], '5min', NOW).secondRounds).toEqual([2])
  })
})

describe('finalityCurve', () => {
  it('stays within what was seen and leaves out times without a block', () => {
    const samples = [sample(10, { finalityMs: 300 }), sample(11, { finalityMs: 900 })]
    const points = finalityCurve(samples, '5min', NOW)
    expect(points.length).toBeGreaterThan(0)
    for (const point of points) {
      expect(point.p50Ms).toBeLessThanOrEqual(point.p95Ms)
      expect([300, 900]).toContain(point.p95Ms)
      expect(point.atMs).toBeGreaterThanOrEqual(samples[0]!.atMs)
    }
    expect(finalityCurve([], '5min', NOW)).toEqual([])
  })
})

describe('the live height', () => {
  const votes = [
    vote('a', 400_000, { prepareMs: 90, commitMs: 200 }),
    vote('b', 300_000, { prepareMs: 100, commitMs: 900 }),
    vote('c', 200_000, { prepareMs: 110 }),
    vote('d', 100_000, { silentSinceHeight: 3 }),
  ]

  it('is lit by the power that has committed, and full once decided', () => {
    expect(formingFraction(null)).toBe(0)
    expect(formingFraction(view({ commitPower: 552_000 }))).toBe(0.552)
    expect(formingFraction(view({ commitPower: 700_000, committedMs: 300 }))).toBe(1)
  })

  it('tells late from waiting from missing', () => {
    const marks = voteMarks(view({ votes }))
    expect(marks.get('b')).toEqual({ prepare: 'on-time', commit: 'late' })
    expect(marks.get('c')).toEqual({ prepare: 'on-time', commit: 'waiting' })
    expect(marks.get('d')).toEqual({ prepare: 'missing', commit: 'missing' })
    expect(voteMarks(view({ votes, live: false })).get('c')!.commit).toBe('missing')
  })

  it('filters by what departs from normal', () => {
    const names = (filter: 'all' | 'late' | 'missing') =>
      votesWhere(view({ votes }), filter).map((one) => one.validator)
    expect(names('all')).toEqual(['a', 'b', 'c', 'd'])
    expect(names('late')).toEqual(['b'])
    expect(names('missing')).toEqual(['d'])
  })
})
