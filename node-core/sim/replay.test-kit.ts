/** What a search prints of a seed that broke a promise: what it was, and the command that runs it again. */
import type { CampaignResult } from './campaign.ts'
import { replayCommand, type SimOptions } from './command-options.ts'
import type { RandomScenarioOptions } from './random-scenario.ts'

export type Shape = Omit<RandomScenarioOptions, 'seed'>

/** A random scenario of this shape, or one with a name. */
type Searched = { [K in keyof Shape]: Shape[K] | null } & Partial<Pick<SimOptions, 'scenario'>>

export function failuresOf(
  { violations }: Pick<CampaignResult, 'violations'>,
  engine: SimOptions['engine'],
  { nodes = null, heights = null, byzantine = null, scenario = null }: Searched,
): string[] {
  const rest = { validators: null, scenario, break: null, json: false }
  return violations.map(({ seed, violation }) => {
    const seeds = { from: seed, to: seed }
    return `${violation}\n${replayCommand({ engine, seeds, nodes, heights, byzantine, ...rest }, seed)}`
  })
}
