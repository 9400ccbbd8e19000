/** One party behind several validators. A host says less than money does: a household or a cloud shares it. */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Millionths } from '../../protocol/ids.ts'
import type { Entity } from '../concentration.ts'
import { type Finding, namedSuspects, percentOf, type ThreatLevel } from './finding.ts'
import type { Observation } from './observation.ts'
import { SYBIL_WINDOW_MS } from './windows.ts'

/** Of the power, held by one party. */
export const SYBIL_SHARE: Millionths = 100_000
const HIGH_SHARE: Millionths = 200_000
/** Two behind one address are a household. */
const HOST_VALIDATORS = 3
/** It could stop the chain. */
const CRITICAL_SHARE: Millionths = 333_333

export function detectSybil({ powers, entities }: Pick<Observation, 'powers' | 'entities'>): Finding {
  const total = powers.reduce((sum, power) => sum + power, 0n)
  const shareOf = ({ power }: Entity) => (total === 0n ? 0 : Number((power * BigInt(ONE_MILLION)) / total))
  const several = entities.filter(
    ({ validators, because }) => validators.length >= (because === 'network-address' ? HOST_VALIDATORS : 2),
  )
  const large = several.filter((entity) => shareOf(entity) > SYBIL_SHARE)
  const threats = large.map((entity) => threatOf(entity, shareOf(entity)))
  return {
    type: 'sybil',
    threat: LEVELS.findLast((level) => threats.includes(level)) ?? null,
    windowMs: SYBIL_WINDOW_MS,
    value: Math.max(0, ...several.map(shareOf)),
    threshold: SYBIL_SHARE,
    unit: 'millionths',
    evidence: large.map((entity) => ({
      label: entity.because === 'funder' ? 'funded by one account' : 'behind one network address',
      value: `${entity.validators.length} validators with ${percentOf(shareOf(entity))} of the power`,
    })),
    heights: [],
    suspects: namedSuspects(large.flatMap(({ validators }) => validators)),
    response: 'narrower-entry',
  }
}

const LEVELS: readonly ThreatLevel[] = ['low', 'medium', 'high', 'critical']

function threatOf({ because }: Entity, share: Millionths): ThreatLevel {
  const rank = share > CRITICAL_SHARE ? 3 : share > HIGH_SHARE ? 2 : 1
  return LEVELS[because === 'funder' ? rank : rank - 1]!
}
