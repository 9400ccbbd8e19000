/** Runs with a name: what once went wrong, or would without one of the rules. */
import type { EngineName } from '../engines.ts'
import type { Scenario } from '../scenario.ts'
import { ANNOUNCED_MEANWHILE_SEEDS, announcedMeanwhile } from './announced-meanwhile.ts'
import { damagedPage } from './damaged-page.ts'
import { FALSE_CLAIMS_SEEDS, falseClaims } from './false-claims.ts'
import { farRounds } from './far-rounds.ts'
import { hourAlone } from './hour-alone.ts'
import { lockedByCommit } from './locked-by-commit.ts'
import { PRESENCE_SEEDS, presence } from './presence.ts'

export interface NamedRun {
  /** That can run it; the first one does unless another is asked for. */
  readonly engines: readonly EngineName[]
  readonly make: (seed: number) => Scenario
  /** By which it showed; left out: by any. */
  readonly seeds?: readonly number[]
}

export const SCENARIOS: Readonly<Record<string, NamedRun>> = {
  'announced-meanwhile': { engines: ['node'], make: announcedMeanwhile, seeds: ANNOUNCED_MEANWHILE_SEEDS },
  'damaged-page': { engines: ['node'], make: damagedPage },
  'false-claims': { engines: ['core', 'node'], make: falseClaims, seeds: FALSE_CLAIMS_SEEDS },
  // Records of another life are set into the core alone.
  'far-rounds': { engines: ['core'], make: farRounds },
  'hour-alone': { engines: ['core', 'node'], make: hourAlone },
  'locked-by-commit': { engines: ['core', 'node'], make: lockedByCommit },
  presence: { engines: ['node'], make: presence, seeds: PRESENCE_SEEDS },
}
