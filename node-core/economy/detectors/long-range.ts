/** Another history, signed with keys whose stake is gone: who has nothing left to lose may sign anything. */
import type { Millionths } from '../../protocol/ids.ts'
import { type Finding, namedHeights, percentOf } from './finding.ts'
import type { Observation, RefusedCertificate } from './observation.ts'
import { LONG_RANGE_WINDOW_MS } from './windows.ts'

/** Of a certificate's power, of keys that are in use no more. */
export const RETIRED_POWER: Millionths = 800_000

type Seen = Pick<Observation, 'nowMs' | 'refused' | 'trustingPeriodMs'>

export function detectLongRange({ nowMs, refused, trustingPeriodMs }: Seen): Finding {
  const isForgery = ({ ageMs, retiredPower }: RefusedCertificate) =>
    ageMs > trustingPeriodMs || retiredPower > RETIRED_POWER
  const recent = refused.filter(({ atMs }) => atMs > nowMs - LONG_RANGE_WINDOW_MS)
  const forged = recent.filter(isForgery)
  const [oldest] = forged.toSorted((a, b) => b.ageMs - a.ageMs)
  return {
    type: 'long-range',
    threat: oldest === undefined ? null : forged.length > 1 ? 'high' : 'medium',
    windowMs: LONG_RANGE_WINDOW_MS,
    value: forged.length,
    threshold: 0,
    unit: 'count',
    evidence:
      oldest === undefined
        ? []
        : [
            { label: 'oldest', value: `${Math.floor(oldest.ageMs / 60_000)} minutes` },
            {
              label: 'power of keys no longer in use',
              value: percentOf(Math.max(...forged.map(({ retiredPower }) => retiredPower))),
            },
          ],
    heights: namedHeights(forged.map(({ height }) => height)),
    // The keys may have been stolen from those whose they were.
    suspects: [],
    response: 'refused',
  }
}
