/** Validators on their way out: their own stake, and their records as long as anyone needs them. */
import { hasLeft, ownStake, PAYING, payCommission, putStake, takeStake } from '../economy/stakes.ts'
import { giveUpKey, takeUpKey } from '../economy/validator-keys.ts'
import type { Address } from '../protocol/ids.ts'
import type { ValidatorRegister } from '../protocol/transaction.ts'
import { type StateKey, validatorKey } from '../state/keys.ts'
import { beginUnbonding, bond } from '../state/ledger.ts'
import type { EpochRecord, ValidatorRecord } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'
import { allValidators, validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import { refusesEntry } from './stake-limits.ts'
import type { TransactionFailure } from './transaction-errors.ts'

/** An exiting validator without power in the epochs to come has had its last one: its stake starts to unbond. */
export function releaseExited(draft: Draft, context: BlockContext): void {
  const { epoch, height } = context
  const ahead = [epoch + 1, epoch + 2].flatMap((each) => validatorSetOf(draft, each).members)
  const powerful = new Set(ahead.map((member) => member.address))
  for (const validator of allValidators(draft)) {
    const { address, exiting } = validator
    if (!exiting || powerful.has(address) || hasLeft(draft, validator)) continue
    const amount = ownStake(draft, validator)
    takeStake(draft, { validator: address, delegator: address }, amount)
    const entry = { address, validator: address, amount, begunAtHeight: height, lastEpoch: epoch }
    if (amount > 0n) beginUnbonding(draft, entry)
  }
}

/** Others' stake, offences and jail are as they were; what it says of itself is new, and so is its admission. */
export function comeBack(
  draft: Draft,
  left: ValidatorRecord,
  { validatorKey: key, randomnessKey, name, commission, stake }: ValidatorRegister,
  { height, epoch }: Pick<BlockContext, 'height' | 'epoch'>,
): TransactionFailure | null {
  const { address } = left
  if (left.tombstoned) return { code: 'tombstoned', data: { address } }
  const failure = refusesEntry(left, stake, PAYING)
  if (failure) return failure
  const terms = { validatorKey: key, randomnessKey, name, commission, registeredAtHeight: height }
  const state = { readyEpoch: null, paused: false, exiting: false, admitted: false, announced: null }
  draft.set(validatorKey(address), { ...left, ...terms, ...state })
  giveUpKey(draft, left.validatorKey, epoch)
  takeUpKey(draft, key, address, epoch)
  bond(draft, address, stake)
  putStake(draft, { validator: address, delegator: address }, stake, PAYING)
  return null
}

/**
 * Nobody has stake with it and no epoch in which it had power can be punished: its keys and its name are free. Until then
 * evidence finds whose key it was, and who was removed for good is so forever.
 */
export function forgetLeft(draft: Draft): void {
  const gone = allValidators(draft).filter(
    (validator) => hasLeft(draft, validator) && validator.delegators === 0 && !validator.tombstoned,
  )
  if (gone.length === 0) return
  const punishable = membersOfKeptEpochs(draft)
  for (const { address } of gone) {
    if (punishable.has(address)) continue
    payCommission(draft, address)
    for (const key of keysOwnedBy(draft, address)) draft.delete(key)
    draft.delete(validatorKey(address))
  }
}

function membersOfKeptEpochs(view: StateView): ReadonlySet<Address> {
  const members = new Set<Address>()
  view.each<EpochRecord>('epoch', ({ stakes }) => {
    for (const { address } of stakes) members.add(address)
  })
  return members
}

function keysOwnedBy(view: StateView, owner: Address): StateKey<unknown>[] {
  const owned: StateKey<unknown>[] = []
  view.each<{ readonly address: Address }>('validatorKey', ({ address }, key) => {
    if (address === owner) owned.push(key)
  })
  return owned
}
