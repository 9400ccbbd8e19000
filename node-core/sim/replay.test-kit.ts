/** What a search prints of a seed that broke a promise: what it was, and the command that runs it again. */
import type { CampaignResult } from './campaign.ts'
import { replayCommand, type SimOptions } from './command-options.ts'
import type { RandomScenarioOptions } from './random-scenario.ts'

export type Shape = Omit<RandomScenarioOptions, 'seed'>

export function failuresOf(
  { violations }: Pick<CampaignResult, 'violations'>,
  engine: SimOptions['engine'],
  { nodes = null, heights = null, byzantine = null }: { [K in keyof Shape]: Shape[K] | null },
): string[] {
  const rest = { validators: null, scenario: null, break: null, json: false }
  return violations.map(({ seed, violation }) => {
    const seeds = { from: seed, to: seed }
    return `${violation}\n${replayCommand({ engine, seeds, nodes, heights, byzantine, ...rest }, seed)}`
  })
}
