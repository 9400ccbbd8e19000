import { roundChange } from '../../consensus/builders.test-kit.ts'
import type { GuardRecord } from '../../consensus/replica-state.ts'
import { type Scenario, scenario } from '../scenario.ts'

/**
 * One silent; the others come back in rounds 12, 9 and 4. Only the latest ROUND-CHANGE of each, kept whatever its round, brings
 * them together.
 */
export function farRounds(seed: number): Scenario {
  const records = [12, 9, 4].map((round, index): [number, GuardRecord] => [
    index,
    {
      position: { height: 1, round, type: 'round-change' },
      messages: [roundChange(index, { round })],
      lastCommit: null,
      prepared: null,
    },
  ])
  return scenario({
    seed,
    byzantine: new Map([[3, { silent: true }]]),
    script: { records: new Map(records) },
    boundMs: 200_000,
  })
}
