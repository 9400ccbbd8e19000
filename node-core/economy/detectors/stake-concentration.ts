/** So few hold so much that they could stop the chain. */

import { ONE_MILLION } from '../../protocol/constants.ts'
import { giniOf, largestOf, nakamotoOf } from '../concentration.ts'
import { type Finding, percentOf } from './finding.ts'
import type { Observation } from './observation.ts'

/** The fewest members with more than a third of the power: below this it speaks. */
export const FEWEST_MEMBERS = 3
/** In a smaller set no distribution reaches it, so there is nothing to be told. */
export const JUDGED_MEMBERS = 2 * FEWEST_MEMBERS

export function detectStakeConcentration({
  powers,
  entities,
}: Pick<Observation, 'powers' | 'entities'>): Finding {
  const nakamoto = nakamotoOf(powers)
  const total = powers.reduce((sum, power) => sum + power, 0n)
  const isLow = powers.length >= JUDGED_MEMBERS && total > 0n && nakamoto < FEWEST_MEMBERS
  const largest = total === 0n ? 0 : Number((largestOf(powers) * BigInt(ONE_MILLION)) / total)
  return {
    type: 'stake-concentration',
    threat: !isLow ? null : nakamoto === 1 ? 'critical' : 'medium',
    // It looks at the set in force.
    windowMs: 0,
    value: nakamoto,
    threshold: FEWEST_MEMBERS,
    unit: 'count',
    evidence: [
      { label: 'members', value: String(powers.length) },
      { label: 'with entities for members', value: String(nakamotoOf(entities.map(({ power }) => power))) },
      { label: 'largest share', value: percentOf(largest) },
      { label: 'Gini coefficient', value: (giniOf(powers) / ONE_MILLION).toFixed(3) },
    ],
    heights: [],
    suspects: [],
    response: 'none',
  }
}
