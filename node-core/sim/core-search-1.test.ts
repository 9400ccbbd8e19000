import { describe, expect, it } from 'vitest'
import { runCore } from './core/run.ts'
import { searchCore } from './core-search.test-kit.ts'
import { randomScenario } from './random-scenario.ts'

const MINUTES = 60_000

describe('consensus under random faults and byzantine replicas, first half', () => {
  it('2,600 seeds of all sizes', () => searchCore({ from: 1, to: 2_600 }), 5 * MINUTES)

  it(
    '20 seeds of seven replicas and 100 heights',
    () => searchCore({ from: 1, to: 20 }, { nodes: 7, heights: 100 }),
    5 * MINUTES,
  )

  it('the same seed runs the same way', () => {
    const scenario = randomScenario({ seed: 17, nodes: 7, byzantine: 2 })
    expect(runCore(scenario)).toEqual(runCore(scenario))
    expect(runCore(scenario)).not.toEqual(runCore({ ...scenario, seed: 18 }))
  })
})
