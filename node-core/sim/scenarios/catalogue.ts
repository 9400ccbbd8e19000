/** Runs with a name: what once went wrong, or would without one of the rules. */
import type { Scenario } from '../scenario.ts'
import { farRounds } from './far-rounds.ts'
import { hourAlone } from './hour-alone.ts'
import { lockedByCommit } from './locked-by-commit.ts'
import { presence } from './presence.ts'

export const SCENARIOS: Readonly<Record<string, (seed: number) => Scenario>> = {
  'far-rounds': farRounds,
  'hour-alone': hourAlone,
  'locked-by-commit': lockedByCommit,
  presence,
}
