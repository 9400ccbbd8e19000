/** Seeds of the node engine in two halves, so that two cores share them. */
import { expect } from 'vitest'
import { runCampaign } from './campaign.ts'
import { runNodes } from './node/run.ts'
import { randomScenario } from './random-scenario.ts'
import { presence } from './scenarios/presence.ts'
import { failures, type Shape } from './search-failures.test-kit.ts'

interface Range {
  readonly from: number
  readonly to: number
}

export async function searchNodes(range: Range, shape: Shape): Promise<void> {
  const result = await runCampaign({
    ...range,
    engine: runNodes,
    scenario: (seed) => randomScenario({ ...shape, seed }),
  })
  expect(failures(result.violations, { ...shape, engine: 'node' })).toEqual([])
  expect(result.crashes).toBeGreaterThan(result.seeds / 2)
  expect(result.rounds).toBeGreaterThan(1)
  expect(result.punished['double-sign']).toBeGreaterThan(result.seeds / 10)
}

/** More than half of the seeds have a silent validator, which each run demands to be jailed. */
export async function searchPresence(range: Range): Promise<void> {
  const result = await runCampaign({ ...range, engine: runNodes, scenario: presence })
  expect(failures(result.violations, { engine: 'node', scenario: 'presence' })).toEqual([])
  expect(result.crashes).toBeGreaterThan(result.seeds)
  expect(result.punished.unavailable).toBeGreaterThan(result.seeds / 2)
}
