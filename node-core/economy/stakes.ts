/**
 * Delegations in the state: what they are worth, what they have earned, how they change. Whether they may change is for
 * execution to say.
 *
 * What was earned follows from the published fee distribution called F1: a validator keeps one sum of rewards for each share,
 * a delegation where that sum stood when it was last paid. A slash takes stake and no shares, so that sum never needs to know
 * of slashes.
 */
import { assert } from '../lib/assert.ts'
import type { Address, Amount } from '../protocol/ids.ts'
import { delegationKey, validatorKey } from '../state/keys.ts'
import { pass, payOut } from '../state/ledger.ts'
import type { Delegation, StakePool, ValidatorRecord } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'
import { deposit, sharesWorth, withdraw, worthOf } from './stake-pool.ts'

/** Of rewardPerShare: parts of a base unit. */
export const REWARD_SCALE = 10n ** 18n

/** Whose stake, with whom. */
export interface Parties {
  readonly validator: Address
  readonly delegator: Address
}

/** Which of a validator's pools. */
export type PoolKind = Pick<Delegation, 'compounding'>

/** Of a delegation that begins: rewards wait until it asks for something else. */
export const PAYING: PoolKind = { compounding: false }

/** The pool that a delegation has its shares of. */
export function poolOf(validator: ValidatorRecord, { compounding }: PoolKind): StakePool {
  return compounding ? validator.compounding : validator.paying
}

/** What an account has with a validator now; rewards that wait are beside it. */
export function delegatedStake(view: StateView, validator: ValidatorRecord, delegator: Address): Amount {
  const delegation = view.get(delegationKey(validator.address, delegator))
  return delegation ? worthOf(poolOf(validator, delegation), delegation.shares) : 0n
}

/** A validator's own. */
export function ownStake(view: StateView, validator: ValidatorRecord): Amount {
  return delegatedStake(view, validator, validator.address)
}

/** It left for good and its own stake unbonds: the record is kept for the others' stake and for what can still be punished. */
export function hasLeft(view: StateView, { address, exiting }: ValidatorRecord): boolean {
  return exiting && view.get(delegationKey(address, address)) === null
}

/** Rewards that can be claimed. */
export function earnedBy(validator: ValidatorRecord, delegation: Delegation): Amount {
  if (delegation.compounding) return 0n
  return ((validator.rewardPerShare - delegation.rewardPerShare) * delegation.shares) / REWARD_SCALE
}

/** To the delegator's balance. Its shares change only after this; the other functions here see to it. */
export function payEarned(draft: Draft, { validator, delegator }: Parties): Amount {
  const record = recordOf(draft, validator)
  const key = delegationKey(validator, delegator)
  const delegation = draft.get(key)
  if (!delegation || delegation.compounding) return 0n
  const amount = earnedBy(record, delegation)
  draft.set(validatorKey(validator), { ...record, heldRewards: record.heldRewards - amount })
  draft.set(key, { ...delegation, rewardPerShare: record.rewardPerShare })
  payOut(draft, 'rewards', delegator, amount)
  return amount
}

/** A validator's commission, to its balance. */
export function payCommission(draft: Draft, validator: Address): Amount {
  const record = recordOf(draft, validator)
  const amount = record.heldCommission
  if (amount > 0n) draft.set(validatorKey(validator), { ...record, heldCommission: 0n })
  payOut(draft, 'rewards', validator, amount)
  return amount
}

/** Joins what the delegator has there already, or begins a delegation of that kind. The money is the caller's to move. */
export function putStake(draft: Draft, parties: Parties, amount: Amount, kind: PoolKind): void {
  payEarned(draft, parties)
  const { validator, delegator } = parties
  const record = recordOf(draft, validator)
  const key = delegationKey(validator, delegator)
  const before = draft.get(key)
  const { compounding } = before ?? kind
  const { pool, shares } = deposit(poolOf(record, { compounding }), amount)
  draft.set(validatorKey(validator), {
    ...withPool(record, { compounding }, pool),
    delegators: record.delegators + (before ? 0 : 1),
  })
  draft.set(key, {
    compounding,
    shares: (before?.shares ?? 0n) + shares,
    rewardPerShare: compounding ? 0n : record.rewardPerShare,
    principal: (before?.principal ?? 0n) + amount,
  })
}

/**
 * What was taken, for the caller to move: the amount, which is there, or all where less than a share would be left. All of it
 * ends the delegation.
 */
export function takeStake(draft: Draft, parties: Parties, amount: Amount): Amount {
  payEarned(draft, parties)
  const { validator, delegator } = parties
  const record = recordOf(draft, validator)
  const key = delegationKey(validator, delegator)
  const delegation = draft.get(key)
  assert(delegation, 'stake is taken from a delegation')
  const pool = poolOf(record, delegation)
  const shares = sharesWorth(pool, amount, delegation.shares)
  const rest = delegation.shares - shares
  const taken = rest > 0n ? amount : worthOf(pool, shares)
  const principal = delegation.principal > taken ? delegation.principal - taken : 0n
  if (rest > 0n) draft.set(key, { ...delegation, shares: rest, principal })
  else draft.delete(key)
  draft.set(validatorKey(validator), {
    ...withPool(record, delegation, withdraw(pool, shares, taken)),
    delegators: record.delegators - (rest > 0n ? 0 : 1),
  })
  sweepDust(draft, validator)
  return taken
}

/** To the other pool, with all of the delegation; its principal stays. */
export function moveToPool(draft: Draft, parties: Parties, kind: PoolKind): void {
  const record = recordOf(draft, parties.validator)
  const key = delegationKey(parties.validator, parties.delegator)
  const { principal } = draft.get(key)!
  const worth = delegatedStake(draft, record, parties.delegator)
  takeStake(draft, parties, worth)
  putStake(draft, parties, worth, kind)
  draft.set(key, { ...draft.get(key)!, principal })
}

/** Nobody has a share of the paying pool: what rounding left over belongs to nobody, and to the rewards to come. */
function sweepDust(draft: Draft, validator: Address): void {
  const record = recordOf(draft, validator)
  if (record.paying.shares > 0n || record.heldRewards === 0n) return
  pass(draft, 'rewards', 'rewardPool', record.heldRewards)
  draft.set(validatorKey(validator), { ...record, heldRewards: 0n })
}

function withPool(record: ValidatorRecord, { compounding }: PoolKind, pool: StakePool): ValidatorRecord {
  return compounding ? { ...record, compounding: pool } : { ...record, paying: pool }
}

function recordOf(view: StateView, validator: Address): ValidatorRecord {
  const record = view.get(validatorKey(validator))
  assert(record, 'a delegation is with a validator')
  return record
}
