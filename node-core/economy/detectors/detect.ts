/** Every detector of attacks, one a file: pure functions of what is observed. */
import type { Finding } from './finding.ts'
import { detectFrontRunning } from './front-running.ts'
import { detectGasManipulation } from './gas-manipulation.ts'
import { detectLongRange } from './long-range.ts'
import { detectNothingAtStake } from './nothing-at-stake.ts'
import type { Observation } from './observation.ts'
import { detectStakeConcentration } from './stake-concentration.ts'
import { detectStakeGrinding } from './stake-grinding.ts'
import { detectSybil } from './sybil.ts'
import { detectWashTrading } from './wash-trading.ts'

const DETECTORS: readonly ((seen: Observation) => Finding)[] = [
  detectSybil,
  detectStakeGrinding,
  detectNothingAtStake,
  detectLongRange,
  detectFrontRunning,
  detectGasManipulation,
  detectStakeConcentration,
  detectWashTrading,
]

export function detect(seen: Observation): Finding[] {
  return DETECTORS.map((detector) => detector(seen))
}
