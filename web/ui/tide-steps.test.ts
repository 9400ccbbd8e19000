import { describe, expect, it } from 'vitest'
import { view, vote } from '../store/fixtures.ts'
import { roundTicks } from './line-chart.tsx'
import { tideSpanMs, tideSteps } from './tide-steps.ts'

const votes = [
  vote('c', 200_000, { prepareMs: 120 }),
  vote('a', 300_000, { prepareMs: 68, commitMs: 152, self: true }),
  vote('b', 100_000, { prepareMs: 68 }),
  vote('d', 400_000),
]

describe('the tide', () => {
  it('rises by each vote’s power in order of arrival', () => {
    const steps = tideSteps(view({ votes }), 'prepare')
    expect(steps.map((step) => [step.validator, step.atMs, step.power])).toEqual([
      ['a', 68, 300_000],
      ['b', 68, 400_000],
      ['c', 120, 600_000],
    ])
    expect(steps[0]!.own).toBe(true)
    expect(tideSteps(view({ votes }), 'commit')).toHaveLength(1)
  })

  it('is drawn over a round number of ms with room to spare', () => {
    expect(tideSpanMs(view({ votes, nowMs: 262 }))).toBe(400)
    expect(tideSpanMs(view({ votes, nowMs: 3000 }))).toBe(4000)
    expect(tideSpanMs(view({ votes, nowMs: 3000, committedMs: 200 }))).toBe(400)
    expect(tideSpanMs(view({ votes, nowMs: 95_000 }))).toBe(120_000)
  })
})

describe('ticks', () => {
  it('are three to five round steps from zero that hold the highest value', () => {
    for (const max of [0.05, 0.58, 1.3, 4.7, 37, 900]) {
      const ticks = roundTicks(max, String)
      expect(ticks[0]!.at).toBe(0)
      expect(ticks.at(-1)!.at).toBeGreaterThanOrEqual(max)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(5)
    }
  })
})
