/**
 * Rewards: what an epoch mints, which validator has earned how much of it, and how that reaches those who staked.
 *
 * They are divided when the epoch ends and paid when the next one does, so that evidence can come first.
 */

import { MAX_AMOUNT } from '../protocol/amount.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Amount, Millionths } from '../protocol/ids.ts'
import { PENDING_REWARDS_KEY, validatorKey } from '../state/keys.ts'
import { mint, pass, supplyOf, totalSupply } from '../state/ledger.ts'
import { type PendingRewards, stakeOf, type ValidatorRecord } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { shareOf } from './stake-pool.ts'
import { REWARD_SCALE } from './stakes.ts'

const YEAR_MS = 365n * 24n * 60n * 60n * 1_000n
const MILLION = BigInt(ONE_MILLION)

/** Credits in millionths. */
const CREDIT_PROPOSED = 1_000_000
const CREDIT_SIGNED = 100_000
/** For an epoch in which it was expected in every block and took part enough. */
const CREDIT_FULL_WINDOW = 50_000
const CREDIT_UPTIME = 10_000

/** Who takes part less has earned nothing. */
const LEAST_PARTICIPATION = 800_000
/** From here on uptime is rewarded, below it is a factor. */
const GOOD_UPTIME = 950_000
/** On top for an uptime of one whole. */
const UPTIME_BONUS = 500_000

/** What a member did in an epoch. */
export interface Work {
  readonly proposed: number
  readonly signed: number
  /** Blocks that it had to sign: those of a declared pause are not among them. */
  readonly expected: number
  /** Blocks that it could have signed. */
  readonly possible: number
  /** Blocks that were its turn by its weight, millionths. */
  readonly turns: number
}

/** By how much the stake of a member counts: one whole and a half where it did all that a perfect one does. */
export function performanceMultiplier({ proposed, signed, expected, possible, turns }: Work): Millionths {
  const participation = ratio(signed, expected)
  if (participation < LEAST_PARTICIPATION) return 0
  const uptime = ratio(signed, possible)
  const isFull = expected === possible
  const credits =
    proposed * CREDIT_PROPOSED +
    signed * CREDIT_SIGNED +
    (isFull ? CREDIT_FULL_WINDOW : 0) +
    (uptime >= GOOD_UPTIME ? CREDIT_UPTIME : 0)
  const perfect = turns + possible * CREDIT_SIGNED + CREDIT_FULL_WINDOW + CREDIT_UPTIME
  const bonus = Math.floor(((uptime - GOOD_UPTIME) * UPTIME_BONUS) / (ONE_MILLION - GOOD_UPTIME))
  const factor = uptime < GOOD_UPTIME ? uptime : ONE_MILLION + bonus
  return Math.floor((ratio(credits, perfect) * factor) / ONE_MILLION)
}

function ratio(part: number, whole: number): Millionths {
  return whole === 0 ? 0 : Math.floor((part * ONE_MILLION) / whole)
}

/** New money for stake that was bonded for a time. Rounds down. */
export function mintedFor(
  bonded: Amount,
  durationMs: number,
  { annualReward }: Pick<ChainParameters, 'annualReward'>,
): Amount {
  return (bonded * BigInt(annualReward) * BigInt(durationMs)) / (MILLION * YEAR_MS)
}

/** At most what still fits: all money has 64 bits. */
export function mintRewards(draft: Draft, amount: Amount): void {
  const room = MAX_AMOUNT - totalSupply(supplyOf(draft))
  mint(draft, amount < room ? amount : room)
}

/** Out of the reward pool, by weight, rounded down: the rest stays there. Sorted by address, as the earners are. */
export function setRewardsAside(
  draft: Draft,
  earners: readonly { readonly address: Address; readonly weight: bigint }[],
): void {
  const total = earners.reduce((sum, { weight }) => sum + weight, 0n)
  const { rewardPool } = supplyOf(draft)
  const pending = earners
    .filter(({ weight }) => weight > 0n)
    .map(({ address, weight }) => ({ address, amount: (rewardPool * weight) / total }))
  draft.set(PENDING_REWARDS_KEY, pending)
  pass(draft, 'rewardPool', 'rewards', sumOf(pending))
}

/** What was set aside an epoch ago. Who was punished since, or has no stake left, does not get it: it is for all again. */
export function payRewards(draft: Draft): void {
  for (const { address, amount } of draft.get(PENDING_REWARDS_KEY) ?? []) {
    const validator = draft.get(validatorKey(address))
    if (validator && !isPunished(validator) && stakeOf(validator) > 0n)
      draft.set(validatorKey(address), rewarded(draft, validator, amount))
    else pass(draft, 'rewards', 'rewardPool', amount)
  }
  draft.set(PENDING_REWARDS_KEY, [])
}

/** In jail or removed for good. */
export function isPunished({ jail, tombstoned }: ValidatorRecord): boolean {
  return jail !== null || tombstoned
}

/** Commission first, then the pools by their stakes. What the paying pool cannot divide stays with what it holds. */
function rewarded(draft: Draft, validator: ValidatorRecord, amount: Amount): ValidatorRecord {
  const { paying, compounding } = validator
  const commission = shareOf(amount, validator.commission)
  const shared = amount - commission
  const joining = (shared * compounding.stake) / stakeOf(validator)
  const held = shared - joining
  pass(draft, 'rewards', 'bonded', joining)
  return {
    ...validator,
    compounding: { ...compounding, stake: compounding.stake + joining },
    rewardPerShare:
      validator.rewardPerShare + (paying.shares > 0n ? (held * REWARD_SCALE) / paying.shares : 0n),
    heldRewards: validator.heldRewards + held,
    heldCommission: validator.heldCommission + commission,
  }
}

function sumOf(pending: PendingRewards): Amount {
  return pending.reduce((sum, { amount }) => sum + amount, 0n)
}
