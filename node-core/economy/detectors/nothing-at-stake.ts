/** Votes for two things, or for none: signing as if nothing could be lost by it. */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Millionths } from '../../protocol/ids.ts'
import { type Finding, namedHeights, namedSuspects, percentOf } from './finding.ts'
import type { Equivocation, Observation, PresenceSum } from './observation.ts'
import { VOTES_WINDOW_MS } from './windows.ts'

/** Of the certificates that a validator was expected in, those without it. */
export const ABSTENTION: Millionths = 500_000
/** Who was expected in fewer has not been there for long enough to be judged. */
export const JUDGED_CERTIFICATES = 50

type Seen = Pick<Observation, 'nowMs' | 'presence' | 'equivocations'>

export function detectNothingAtStake({ nowMs, presence, equivocations }: Seen): Finding {
  const recent = equivocations.filter(({ atMs }) => atMs > nowMs - VOTES_WINDOW_MS)
  return recent.length > 0 ? contradicted(recent) : abstained(presence)
}

function contradicted(equivocations: readonly Equivocation[]): Finding {
  const suspects = namedSuspects(equivocations.map(({ validator }) => validator))
  return {
    type: 'nothing-at-stake',
    threat: 'critical',
    windowMs: VOTES_WINDOW_MS,
    value: equivocations.length,
    // One is enough.
    threshold: 0,
    unit: 'count',
    evidence: [
      { label: 'contradictions', value: String(equivocations.length) },
      { label: 'validators', value: String(suspects.length) },
    ],
    heights: namedHeights(equivocations.map(({ height }) => height)),
    suspects,
    response: 'slash',
  }
}

function abstained(presence: Seen['presence']): Finding {
  const judged = [...presence].filter(([, { expected }]) => expected >= JUDGED_CERTIFICATES)
  const shares = judged
    .map(([validator, sum]): Absent => ({ validator, sum, share: absenceOf(sum) }))
    .sort((a, b) => b.share - a.share || (a.validator < b.validator ? -1 : 1))
  const absent = shares.filter(({ share }) => share > ABSTENTION)
  const [worst] = absent
  return {
    type: 'nothing-at-stake',
    threat: worst === undefined ? null : 3 * absent.length > judged.length ? 'high' : 'medium',
    windowMs: VOTES_WINDOW_MS,
    value: shares[0]?.share ?? 0,
    threshold: ABSTENTION,
    unit: 'millionths',
    evidence: absent.slice(0, 3).map(({ sum, share }) => ({
      label: 'certificates without it',
      value: `${sum.expected - sum.signed} of ${sum.expected}, ${percentOf(share)}`,
    })),
    heights: namedHeights(absent.flatMap(({ sum }) => sum.lastMissed ?? [])),
    suspects: namedSuspects(absent.map(({ validator }) => validator)),
    response: 'slash',
  }
}

interface Absent {
  readonly validator: Address
  readonly sum: PresenceSum
  readonly share: Millionths
}

function absenceOf({ expected, signed }: PresenceSum): Millionths {
  return Math.floor(((expected - signed) * ONE_MILLION) / expected)
}
