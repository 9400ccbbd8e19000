/** What a search that fails prints: each violation with the command that repeats its run. */
import { type RunOptions, replayCommand } from './command-options.ts'
import type { RandomScenarioOptions } from './random-scenario.ts'
import type { SimResult } from './sim-result.ts'

export type Shape = Omit<RandomScenarioOptions, 'seed'>

export function failures(violations: readonly SimResult[], options: Partial<RunOptions>): string[] {
  return violations.map(({ seed, violation }) => `${violation}\nreplay: ${replayCommand(options, seed)}`)
}
