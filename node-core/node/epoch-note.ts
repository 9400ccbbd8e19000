/** What is kept of the end of an epoch: figures of the economy, and what each account had earned. */
import { delegatedStake, earnedBy, REWARD_SCALE } from '../economy/stakes.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Address, Amount, Millionths, TimestampMs } from '../protocol/ids.ts'
import { delegationKey, PENDING_REWARDS_KEY, partiesOf, type StateKey, validatorKey } from '../state/keys.ts'
import type { Delegation, PendingRewards, ValidatorRecord } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import { allValidators } from '../state/validator-sets.ts'
import { NOTED_EARNERS } from './constants.ts'
import type { EconomyHistoryView } from './economy-api.ts'

const YEAR_MS = 365 * 24 * 3_600_000

export type EpochFigures = EconomyHistoryView['epochs'][number]

export interface Earner {
  readonly address: Address
  /** In all: claimed, joined to the stake, or waiting to be claimed. */
  readonly earned: Amount
  readonly stake: Amount
}

export interface EpochNote {
  readonly figures: EpochFigures
  /** Millionths a year on delegated stake, by what this epoch's end paid; validators without stake are left out. */
  readonly rates: readonly { readonly address: Address; readonly rate: Millionths }[]
  readonly earners: readonly Earner[]
}

/** The state before an epoch's last block, as far as rewards are concerned. */
export interface Before {
  readonly validators: ReadonlyMap<Address, ValidatorRecord>
  readonly pending: PendingRewards
}

export function lookBefore(view: StateView): Before {
  const validators = new Map(allValidators(view).map((record) => [record.address, record]))
  return { validators, pending: view.get(PENDING_REWARDS_KEY) ?? [] }
}

/** What waited is paid, but to validators that were punished in between. */
export function paidRewards({ pending }: Before, view: StateView): Amount {
  return pending.reduce((sum, { address, amount }) => {
    const record = view.get(validatorKey(address))
    return !record || record.jail || record.tombstoned ? sum : sum + amount
  }, 0n)
}

/** What the end of an epoch put on one share of the paying pool, times REWARD_SCALE. */
function paidPerShare(after: ValidatorRecord, before: ValidatorRecord | undefined): bigint {
  return after.rewardPerShare - (before?.rewardPerShare ?? 0n)
}

/** By what part of itself the worth of a compounding share has risen, as a fraction. A slash in the same block hides it. */
function risen(after: ValidatorRecord, before: ValidatorRecord | undefined): { part: bigint; whole: bigint } {
  const [now, was] = [after.compounding, before?.compounding]
  if (!was || was.stake === 0n || now.stake === 0n) return { part: 0n, whole: 1n }
  const [worth, worthBefore] = [now.stake * was.shares, was.stake * now.shares]
  return { part: worth > worthBefore ? worth - worthBefore : 0n, whole: worth }
}

export function ratesOf(view: StateView, before: Before, tookMs: number): EpochNote['rates'] {
  return allValidators(view).flatMap((record) => {
    const was = before.validators.get(record.address)
    const { paying, compounding, address } = record
    if (paying.stake + compounding.stake === 0n || tookMs <= 0) return []
    const { part, whole } = risen(record, was)
    const yearly = (gained: bigint, stake: bigint) =>
      (gained * BigInt(ONE_MILLION) * BigInt(YEAR_MS)) / (stake * BigInt(tookMs))
    const rate =
      paying.stake > 0n
        ? yearly(paidPerShare(record, was) * paying.shares, paying.stake * REWARD_SCALE)
        : yearly(part, whole - part)
    return [{ address, rate: Number(rate) }]
  })
}

/**
 * With what each had earned by the end before: `last`; null: that end was not lived through, and each begins with what it can
 * claim now. Those with most stake, at most NOTED_EARNERS.
 */
export function earnersOf(view: StateView, before: Before, last: readonly Earner[] | null): Earner[] {
  const found = new Map<Address, { earned: Amount; stake: Amount }>()
  for (const { address, earned } of last ?? []) found.set(address, { earned, stake: 0n })
  const known = new Set(found.keys())
  const add = (address: Address, earned: Amount, stake: Amount) => {
    const sum = found.get(address) ?? { earned: 0n, stake: 0n }
    found.set(address, { earned: sum.earned + earned, stake: sum.stake + stake })
  }
  for (const key of view.keysOf('delegation') as StateKey<Delegation>[]) {
    const { validator, delegator } = partiesOf(key)
    const record = view.get(validatorKey(validator))
    if (!record) continue
    const delegation = view.get(key)!
    const stake = delegatedStake(view, record, delegator)
    const was = before.validators.get(validator)
    const isNew = !known.has(delegator) && !delegation.compounding
    const gained = isNew ? earnedBy(record, delegation) : gainedBy(delegation, stake, record, was)
    add(delegator, gained, stake)
  }
  for (const record of allValidators(view)) {
    if (!view.get(delegationKey(record.address, record.address))) continue
    const held = known.has(record.address)
      ? (before.validators.get(record.address)?.heldCommission ?? 0n)
      : 0n
    // It may have claimed in this very block.
    add(
      record.address,
      record.heldCommission >= held ? record.heldCommission - held : record.heldCommission,
      0n,
    )
  }
  return [...found]
    .map(([address, sum]) => ({ address, ...sum }))
    .sort((a, b) => (a.stake < b.stake ? 1 : a.stake > b.stake ? -1 : a.address < b.address ? -1 : 1))
    .slice(0, NOTED_EARNERS)
}

function gainedBy(
  delegation: Delegation,
  stake: Amount,
  after: ValidatorRecord,
  before: ValidatorRecord | undefined,
): Amount {
  if (!delegation.compounding) return (paidPerShare(after, before) * delegation.shares) / REWARD_SCALE
  const { part, whole } = risen(after, before)
  return (stake * part) / whole
}

/** Millionths a year on the stake that an account had, by its newest points; null: too few, or no stake. */
export function rateOf(
  points: readonly { readonly atMs: TimestampMs; readonly earned: Amount; readonly stake: Amount }[],
): Millionths | null {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || last.atMs <= first.atMs) return null
  const later = points.slice(1)
  const stake = later.reduce((sum, point) => sum + point.stake, 0n) / BigInt(later.length)
  if (stake === 0n) return null
  const gained = last.earned - first.earned
  return Number((gained * BigInt(ONE_MILLION) * BigInt(YEAR_MS)) / (stake * BigInt(last.atMs - first.atMs)))
}
