/** Seeds of the node engine in two halves, so that two cores share them. */
import { expect } from 'vitest'
import { runCampaign } from './campaign.ts'
import { runNodes } from './node/run.ts'
import { type RandomScenarioOptions, randomScenario } from './random-scenario.ts'
import { failures } from './search-failures.test-kit.ts'

export async function searchNodes(
  range: { readonly from: number; readonly to: number },
  shape: Omit<RandomScenarioOptions, 'seed'>,
): Promise<void> {
  const result = await runCampaign({
    ...range,
    engine: runNodes,
    scenario: (seed) => randomScenario({ ...shape, seed }),
  })
  expect(failures(result.violations, { ...shape, engine: 'node' })).toEqual([])
  expect(result.crashes).toBeGreaterThan(result.seeds / 2)
  expect(result.rounds).toBeGreaterThan(1)
  expect(result.punished).toBeGreaterThan(result.seeds / 10)
}
