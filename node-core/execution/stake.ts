/** Operations on stake: to delegate it, to take it back, to move it on, to have its rewards. */

import { releasesAtMs } from '../economy/epoch-records.ts'
import {
  delegatedStake,
  moveToPool,
  PAYING,
  payCommission,
  payEarned,
  putStake,
  takeStake,
} from '../economy/stakes.ts'
import type { Address } from '../protocol/ids.ts'
import type { StakePayload } from '../protocol/transaction.ts'
import { delegationKey, unbondingKey, validatorKey } from '../state/keys.ts'
import { beginUnbonding, bond, endUnbonding } from '../state/ledger.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import { redelegate } from './redelegate.ts'
import { countOperation } from './stake-activity.ts'
import { refusesEntry, refusesPut, refusesTake } from './stake-limits.ts'
import type { TransactionFailure } from './transaction-errors.ts'
import { lacks } from './transfer.ts'

type Operation<T extends StakePayload['type']> = Extract<StakePayload, { type: T }>

/** The caller drops the draft on a failure. */
export function applyStakeOperation(
  draft: Draft,
  sender: Address,
  payload: StakePayload,
  context: BlockContext,
): TransactionFailure | null {
  switch (payload.type) {
    case 'stake.withdraw':
      return withdrawPosition(draft, sender, payload, context)
    case 'stake.claimRewards':
      return claimRewards(draft, sender, payload)
    case 'stake.delegate':
      return countOperation(draft, sender, context) ?? delegate(draft, sender, payload, context)
    case 'stake.undelegate':
      return countOperation(draft, sender, context) ?? undelegate(draft, sender, payload, context)
    case 'stake.redelegate':
      return countOperation(draft, sender, context) ?? redelegate(draft, sender, payload, context)
    case 'stake.compound':
      return countOperation(draft, sender, context) ?? compound(draft, sender, payload)
  }
}

function delegate(
  draft: Draft,
  sender: Address,
  { validator, amount }: Operation<'stake.delegate'>,
  { parameters }: BlockContext,
): TransactionFailure | null {
  const parties = { validator, delegator: sender }
  const failure =
    refusesPut(draft, parties, { amount, kind: PAYING }, parameters) ?? lacks(draft, sender, amount)
  if (failure) return failure
  bond(draft, sender, amount)
  putStake(draft, parties, amount, PAYING)
  return null
}

/** Shares are given up at once; the set of the next epoch is announced, so the amount backs power until that one ends. */
function undelegate(
  draft: Draft,
  sender: Address,
  { validator, amount }: Operation<'stake.undelegate'>,
  { epoch, height, parameters }: BlockContext,
): TransactionFailure | null {
  const parties = { validator, delegator: sender }
  const failure = refusesTake(draft, parties, amount, parameters)
  if (failure) return failure
  takeStake(draft, parties, amount)
  const entry = { address: sender, validator, amount, begunAtHeight: height, lastEpoch: epoch + 1 }
  if (amount > 0n) beginUnbonding(draft, entry)
  return null
}

/** As in every change, what was earned is paid first. */
function compound(
  draft: Draft,
  sender: Address,
  { validator, enabled }: Operation<'stake.compound'>,
): TransactionFailure | null {
  const record = draft.get(validatorKey(validator))
  if (!record) return { code: 'unknown-validator', data: { address: validator } }
  const delegation = draft.get(delegationKey(validator, sender))
  if (!delegation) return { code: 'unknown-delegation', data: { validator } }
  if (delegation.compounding === enabled) return null
  const kind = { compounding: enabled }
  const failure = refusesEntry(record, delegatedStake(draft, record, sender), kind)
  if (failure) return failure
  moveToPool(draft, { validator, delegator: sender }, kind)
  return null
}

/** A validator's commission comes with its own rewards. */
function claimRewards(
  draft: Draft,
  sender: Address,
  { validator }: Operation<'stake.claimRewards'>,
): TransactionFailure | null {
  if (!draft.get(validatorKey(validator))) return { code: 'unknown-validator', data: { address: validator } }
  const isOwn = validator === sender
  if (!isOwn && !draft.get(delegationKey(validator, sender)))
    return { code: 'unknown-delegation', data: { validator } }
  const commission = isOwn ? payCommission(draft, validator) : 0n
  const paid = commission + payEarned(draft, { validator, delegator: sender })
  return paid > 0n ? null : { code: 'nothing-to-claim', data: {} }
}

function withdrawPosition(
  draft: Draft,
  sender: Address,
  { position }: Operation<'stake.withdraw'>,
  { timestampMs, parameters }: BlockContext,
): TransactionFailure | null {
  const entry = draft.get(unbondingKey(position))
  if (entry?.address !== sender) return { code: 'unknown-position', data: { position: String(position) } }
  const dueMs = releasesAtMs(draft, entry, parameters)
  if (dueMs === null || dueMs > timestampMs)
    return { code: 'still-unbonding', data: { releasesAtMs: dueMs === null ? '' : String(dueMs) } }
  endUnbonding(draft, position)
  return null
}
