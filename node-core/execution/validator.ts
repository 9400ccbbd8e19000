/** Operations of validators on themselves. */

import { hasLeft } from '../economy/stakes.ts'
import { assert } from '../lib/assert.ts'
import type { Address } from '../protocol/ids.ts'
import type { ValidatorPayload, ValidatorRegister } from '../protocol/transaction.ts'
import { delegationKey, keyOwnerKey, validatorKey } from '../state/keys.ts'
import { accountOf, bond } from '../state/ledger.ts'
import { firstDelegation, newValidator, type ValidatorRecord } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import { comeBack } from './leaving.ts'
import type { TransactionFailure } from './transaction-errors.ts'
import { lacks } from './transfer.ts'

/** From announcing a change to its first epoch: one whole epoch lies between. */
const NOTICE_EPOCHS = 2

export function applyValidatorOperation(
  draft: Draft,
  sender: Address,
  payload: ValidatorPayload,
  context: BlockContext,
): TransactionFailure | null {
  if (payload.type === 'validator.register') return register(draft, sender, payload, context)
  const validator = draft.get(validatorKey(sender))
  if (!validator) return { code: 'unknown-validator', data: { address: sender } }
  if (validator.exiting) return { code: 'validator-exiting', data: { address: sender } }
  draft.set(validatorKey(sender), changed(validator, payload, context))
  return null
}

/** The proofs of possession were verified before (see possessionProofsOf). Who has left may come back to its record. */
function register(
  draft: Draft,
  sender: Address,
  payload: ValidatorRegister,
  { height }: BlockContext,
): TransactionFailure | null {
  const known = draft.get(validatorKey(sender))
  if (known && !hasLeft(draft, known)) return { code: 'already-registered', data: { address: sender } }
  const owner = draft.get(keyOwnerKey(payload.validatorKey))
  if (owner && owner.address !== sender) return { code: 'key-in-use', data: { address: owner.address } }
  const failure = lacks(draft, sender, payload.stake)
  if (failure) return failure
  if (known) return comeBack(draft, known, payload, height)
  bond(draft, sender, payload.stake)
  draft.set(keyOwnerKey(payload.validatorKey), { address: sender })
  draft.set(delegationKey(sender, sender), firstDelegation(payload.stake))
  draft.set(
    validatorKey(sender),
    newValidator(
      { ...payload, address: sender },
      { registeredAtHeight: height, funder: accountOf(draft, sender).funder, admitted: false },
    ),
  )
  return null
}

function changed(
  validator: ValidatorRecord,
  payload: Exclude<ValidatorPayload, ValidatorRegister>,
  { epoch }: BlockContext,
): ValidatorRecord {
  switch (payload.type) {
    case 'validator.ready':
      return { ...validator, readyEpoch: epoch }
    case 'validator.update': {
      const { name, commission } = payload
      return { ...validator, announced: { name, commission, fromEpoch: epoch + NOTICE_EPOCHS } }
    }
    case 'validator.pause':
      return { ...validator, paused: true }
    case 'validator.resume':
      return { ...validator, paused: false }
    case 'validator.exit':
      return { ...validator, exiting: true }
    default:
      assert(false, payload.type)
  }
}
