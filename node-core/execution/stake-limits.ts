/** Whether stake may be put with a validator or taken from it. */
import { canDeposit, sharesFor, sharesWorth, withdraw, worthOf } from '../economy/stake-pool.ts'
import { delegatedStake, type Parties, type PoolKind, poolOf } from '../economy/stakes.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Amount } from '../protocol/ids.ts'
import { delegationKey, validatorKey } from '../state/keys.ts'
import type { Delegation, StakePool, ValidatorRecord } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import type { TransactionFailure } from './transaction-errors.ts'

/** `kind`: of the delegation that begins with it. A validator in jail takes stake: it may need it to come back. */
export function refusesPut(
  view: StateView,
  { validator, delegator }: Parties,
  { amount, kind }: { readonly amount: Amount; readonly kind: PoolKind },
  { minimumDelegation, maximumDelegators }: ChainParameters,
): TransactionFailure | null {
  const record = view.get(validatorKey(validator))
  if (!record) return { code: 'unknown-validator', data: { address: validator } }
  if (record.exiting || record.tombstoned) return { code: 'validator-closed', data: { address: validator } }
  const delegation = view.get(delegationKey(validator, delegator))
  if (!delegation && record.delegators >= maximumDelegators)
    return { code: 'too-many-delegators', data: { limit: String(maximumDelegators) } }
  const total = amount + delegatedStake(view, record, delegator)
  if (total < minimumDelegation) return tooLittle(minimumDelegation, total)
  return refusesEntry(record, amount, delegation ?? kind)
}

/** A pool that was slashed to next to nothing takes no more, and an amount must buy a share of it. */
export function refusesEntry(
  record: ValidatorRecord,
  amount: Amount,
  kind: PoolKind,
): TransactionFailure | null {
  const pool = poolOf(record, kind)
  if (!canDeposit(pool)) return { code: 'validator-closed', data: { address: record.address } }
  if (sharesFor(pool, amount) > 0n) return null
  return tooLittle(pool.shares === 0n ? 1n : pool.stake / pool.shares + 1n, amount)
}

/** What is left must be nothing or enough; a validator's own stays enough for one until it leaves. */
export function refusesTake(
  view: StateView,
  { validator, delegator }: Parties,
  amount: Amount,
  { minimumDelegation, minimumSelfStake }: ChainParameters,
): TransactionFailure | null {
  const record = view.get(validatorKey(validator))
  if (!record) return { code: 'unknown-validator', data: { address: validator } }
  const delegation = view.get(delegationKey(validator, delegator))
  if (!delegation) return { code: 'unknown-delegation', data: { validator } }
  const pool = poolOf(record, delegation)
  const worth = worthOf(pool, delegation.shares)
  if (amount > worth)
    return { code: 'insufficient-stake', data: { stake: String(worth), needed: String(amount) } }
  const left = leftAfter(pool, delegation, amount)
  if (validator === delegator && !record.tombstoned) {
    if (left >= minimumSelfStake) return null
    const data = { minimum: String(minimumSelfStake), actual: String(left) }
    return { code: 'own-stake-below-minimum', data }
  }
  return amount === worth || left >= minimumDelegation ? null : tooLittle(minimumDelegation, left)
}

function leftAfter(pool: StakePool, { shares }: Delegation, amount: Amount): Amount {
  const given = sharesWorth(pool, amount, shares)
  return given === shares ? 0n : worthOf(withdraw(pool, given, amount), shares - given)
}

function tooLittle(minimum: Amount, actual: Amount): TransactionFailure {
  return {
    code: 'below-minimum-delegation',
    data: { minimum: String(minimum), actual: String(actual) },
  }
}
