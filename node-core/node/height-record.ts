/** What is kept of one height that this node lived through, and what can be told from it. */
import type { RoundNote } from '../consensus/effect.ts'
import type { Address, Hash, Height, Round, TimestampMs } from '../protocol/ids.ts'
import type { ProposerSchedule } from '../protocol/proposer-priority.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { RoundFailure } from './consensus-api.ts'

export type VoteType = 'pre-prepare' | 'prepare' | 'commit' | 'round-change'
export type EntryReason = Extract<RoundNote, { kind: 'round-entered' }>['reason']

/** Arrival in ms after the round began here. */
export type Arrivals = Partial<Record<VoteType, number>>

export interface RoundRecord {
  readonly round: Round
  /** What brought this node into the round. */
  readonly enteredBy: EntryReason
  readonly startedAtMs: TimestampMs
  readonly startedMonotonicMs: number
  readonly arrivals: Map<Address, Arrivals>
  /** The block of its last PREPARE or COMMIT. */
  readonly votedFor: Map<Address, Hash>
  /** Code of its REJECT. */
  readonly rejects: Map<Address, string>
  blockId: Hash | null
  /** Why a proposal was not taken in; null: none was refused. */
  dropped: string | null
  preparedMs: number | null
  committedMs: number | null
}

export interface HeightRecord {
  readonly height: Height
  readonly set: ValidatorSet
  readonly schedule: ProposerSchedule
  /** Those entered here, oldest first. */
  readonly rounds: RoundRecord[]
  /** Round asked for → who sent a ROUND-CHANGE to it, and when (monotonic ms). */
  readonly asked: Map<Round, Map<Address, number>>
  decided: {
    readonly round: Round
    readonly blockId: Hash
    readonly proposer: Address
    readonly transactionCount: number
    readonly atMonotonicMs: number
  } | null
  evidence: number
}

/** Why `round` ended without a block; null: it has not, or it is not known that it did. */
export function failureOf(record: HeightRecord, round: Round): RoundFailure | null {
  const next = record.rounds.find((each) => each.round > round)
  if (!next) return null
  const failed = record.rounds.find((each) => each.round === round)
  const leftBy = next.enteredBy
  if (!failed) return { cause: 'jumped-over', code: null, leftBy }
  if (failed.rejects.size > 0 || failed.dropped === 'invalid' || leftBy === 'invalid-proposal')
    return { cause: 'invalid', code: mostFrequent([...failed.rejects.values()]), leftBy }
  if (failed.blockId === null && failed.dropped !== null)
    return { cause: 'dropped', code: failed.dropped, leftBy }
  const proposed =
    failed.blockId !== null || [...failed.arrivals.values()].some((each) => each['pre-prepare'] !== undefined)
  if (!proposed) return { cause: 'no-proposal', code: null, leftBy }
  return { cause: failed.preparedMs === null ? 'not-prepared' : 'not-committed', code: null, leftBy }
}

/** Power of those who asked for a round. */
export function askedPower(record: HeightRecord, round: Round): bigint {
  const asked = record.asked.get(round)
  return record.set.members.reduce(
    (sum, member) => (asked?.has(member.address) ? sum + member.power : sum),
    0n,
  )
}

function mostFrequent(codes: readonly string[]): string | null {
  const counts = new Map<string, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null
}
