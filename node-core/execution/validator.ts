/** Operations of validators on themselves, and their votes on others. */
import { castVote, hasRoomFor, type Question, votersOn } from '../economy/admission.ts'
import { hasLeft } from '../economy/stakes.ts'
import { giveUpKey, takeUpKey } from '../economy/validator-keys.ts'
import type { Address } from '../protocol/ids.ts'
import type { ValidatorPayload, ValidatorRegister, ValidatorRotateKey } from '../protocol/transaction.ts'
import { delegationKey, keyOwnerKey, validatorKey } from '../state/keys.ts'
import { accountOf, bond } from '../state/ledger.ts'
import { MAX_OPEN_VOTES } from '../state/record-kinds.ts'
import { firstDelegation, newValidator, type ValidatorRecord } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import { comeBack } from './leaving.ts'
import type { TransactionFailure } from './transaction-errors.ts'
import { lacks } from './transfer.ts'

/** From announcing a change to its first epoch: one whole epoch lies between. */
const NOTICE_EPOCHS = 2

type Own = Exclude<ValidatorPayload, ValidatorRegister>

export function applyValidatorOperation(
  draft: Draft,
  sender: Address,
  payload: ValidatorPayload,
  context: BlockContext,
): TransactionFailure | null {
  if (payload.type === 'validator.register') return register(draft, sender, payload, context)
  const validator = draft.get(validatorKey(sender))
  if (!validator) return { code: 'unknown-validator', data: { address: sender } }
  return refusesSender(validator, payload) ?? change(draft, validator, payload, context)
}

/** Out of jail there is one way; who was removed, or leaves, has no say any more. */
function refusesSender(validator: ValidatorRecord, { type }: Own): TransactionFailure | null {
  const { address, tombstoned, exiting, jail } = validator
  if (tombstoned) return { code: 'tombstoned', data: { address } }
  if (exiting) return { code: 'validator-exiting', data: { address } }
  if (!jail || type === 'validator.unjail') return null
  return { code: 'validator-jailed', data: { releasesAtMs: String(jail.releasesAtMs) } }
}

function change(
  draft: Draft,
  validator: ValidatorRecord,
  payload: Own,
  context: BlockContext,
): TransactionFailure | null {
  const { epoch } = context
  const become = (fields: Partial<ValidatorRecord>): null => {
    draft.set(validatorKey(validator.address), { ...validator, ...fields })
    return null
  }
  switch (payload.type) {
    case 'validator.ready':
      return become({ readyEpoch: epoch })
    case 'validator.update': {
      const { name, commission } = payload
      return become({ announced: { name, commission, fromEpoch: epoch + NOTICE_EPOCHS } })
    }
    case 'validator.pause':
      return become({ paused: true })
    case 'validator.resume':
      return become({ paused: false })
    case 'validator.exit':
      return become({ exiting: true })
    case 'validator.unjail':
      return refusesRelease(validator, context) ?? become({ jail: null })
    case 'validator.rotateKey':
      return rotateKey(draft, validator, payload, context)
    case 'validator.admit':
      return vote(draft, validator, { validator: payload.validator, kind: 'admit' }, context)
    case 'validator.expel':
      return vote(draft, validator, { validator: payload.validator, kind: 'expel' }, context)
  }
}

/** The proofs of possession were verified before (see outsideProofsOf). Who has left may come back to its record. */
function register(
  draft: Draft,
  sender: Address,
  payload: ValidatorRegister,
  context: BlockContext,
): TransactionFailure | null {
  const { height, epoch } = context
  const known = draft.get(validatorKey(sender))
  if (known && !hasLeft(draft, known)) return { code: 'already-registered', data: { address: sender } }
  const owner = draft.get(keyOwnerKey(payload.validatorKey))
  if (owner && owner.address !== sender) return { code: 'key-in-use', data: { address: owner.address } }
  const failure = lacks(draft, sender, payload.stake)
  if (failure) return failure
  if (known) return comeBack(draft, known, payload, context)
  bond(draft, sender, payload.stake)
  takeUpKey(draft, payload.validatorKey, sender, epoch)
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

function refusesRelease({ jail }: ValidatorRecord, { timestampMs }: BlockContext): TransactionFailure | null {
  if (!jail) return { code: 'not-jailed', data: {} }
  if (timestampMs >= jail.releasesAtMs) return null
  return { code: 'validator-jailed', data: { releasesAtMs: String(jail.releasesAtMs) } }
}

/**
 * The first set that is not announced yet names the new keys; the proofs were verified as in a registration. The old key stays
 * its owner's, who answers for it in the epochs until then.
 */
function rotateKey(
  draft: Draft,
  validator: ValidatorRecord,
  payload: ValidatorRotateKey,
  { epoch, timestampMs, parameters }: BlockContext,
): TransactionFailure | null {
  const { address, validatorKey: before, rotatedAtMs } = validator
  const nextAtMs = rotatedAtMs + parameters.unbondingMs
  if (rotatedAtMs > 0 && timestampMs < nextAtMs)
    return { code: 'rotation-too-early', data: { nextAtMs: String(nextAtMs) } }
  const { validatorKey: after, randomnessKey } = payload
  const owner = draft.get(keyOwnerKey(after))
  if (owner) return { code: 'key-in-use', data: { address: owner.address } }
  giveUpKey(draft, before, epoch)
  takeUpKey(draft, after, address, epoch)
  const rotated = { ...validator, validatorKey: after, randomnessKey, rotatedAtMs: timestampMs }
  draft.set(validatorKey(address), rotated)
  return null
}

function vote(
  draft: Draft,
  { address: voter }: ValidatorRecord,
  question: Question,
  { epoch, parameters }: BlockContext,
): TransactionFailure | null {
  if (parameters.admission !== 'authority') return { code: 'admission-by-stake', data: {} }
  const set = validatorSetOf(draft, epoch)
  if (!set.members.some(({ address }) => address === voter))
    return { code: 'not-a-member', data: { address: voter } }
  const record = draft.get(validatorKey(question.validator))
  if (!record) return { code: 'unknown-validator', data: { address: question.validator } }
  if (votersOn(draft, question).includes(voter)) return { code: 'already-voted', data: { address: voter } }
  if (!hasRoomFor(draft, question)) return { code: 'too-many-votes', data: { limit: String(MAX_OPEN_VOTES) } }
  castVote(draft, voter, question, { set, record })
  return null
}
