/** Seeds of the core engine in two halves, so that two cores share them. */
import { expect } from 'vitest'
import { runCampaign } from './campaign.ts'
import { runCore } from './core/run.ts'
import { randomScenario } from './random-scenario.ts'
import { failures, type Shape } from './search-failures.test-kit.ts'

/** No promise is broken by any of these seeds, and the faults were worth the name. */
export async function searchCore(
  range: { readonly from: number; readonly to: number },
  shape: Shape = {},
): Promise<void> {
  const result = await runCampaign({
    ...range,
    engine: runCore,
    scenario: (seed) => randomScenario({ ...shape, seed }),
  })
  expect(failures(result.violations, { ...shape, engine: 'core' })).toEqual([])
  expect(result.crashes).toBeGreaterThan(result.seeds)
  expect(result.rounds).toBeGreaterThan(2)
}
