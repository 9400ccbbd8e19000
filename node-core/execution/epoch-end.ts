/** What the last block of an epoch does after its transactions. */
import { endEpochRecord, recordEpoch } from '../economy/epoch-records.ts'
import { ownStake } from '../economy/stakes.ts'
import { computeValidatorSet } from '../economy/validator-set.ts'
import { assertRecounted } from '../state/invariants.ts'
import { delegationKey, keyOwnerKey, validatorKey } from '../state/keys.ts'
import { beginUnbonding } from '../state/ledger.ts'
import type { ValidatorRecord } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { allValidators, storeValidatorSet, validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import { foldParticipation } from './participation.ts'

/** Scores, announced changes, the set of the epoch after the next, stakes of those who have left, the recount. */
export function endEpoch(draft: Draft, context: BlockContext): void {
  foldParticipation(draft)
  applyAnnounced(draft, context.epoch + 1)
  const set = computeValidatorSet(draft, context.epoch, context.parameters)
  storeValidatorSet(draft, set)
  recordEpoch(draft, set)
  endEpochRecord(draft, context.epoch, context.timestampMs, context.parameters)
  releaseExited(draft, context)
  assertRecounted(draft)
}

function applyAnnounced(draft: Draft, nextEpoch: number): void {
  for (const validator of allValidators(draft)) {
    const { announced } = validator
    if (!announced || announced.fromEpoch > nextEpoch) continue
    const { name, commission } = announced
    draft.set(validatorKey(validator.address), { ...validator, name, commission, announced: null })
  }
}

/** An exiting validator without power in the epochs to come has had its last one: its stake starts to unbond. */
function releaseExited(draft: Draft, context: BlockContext): void {
  const { epoch } = context
  const ahead = [epoch + 1, epoch + 2].flatMap((each) => validatorSetOf(draft, each).members)
  const powerful = new Set(ahead.map((member) => member.address))
  for (const validator of allValidators(draft)) {
    if (validator.exiting && !powerful.has(validator.address)) releaseOwnStake(draft, validator, context)
  }
}

/** The record stays as long as others have stake with it. */
function releaseOwnStake(draft: Draft, validator: ValidatorRecord, { epoch, height }: BlockContext): void {
  const { address } = validator
  const amount = ownStake(draft, validator)
  if (amount > 0n)
    beginUnbonding(draft, { address, validator: address, amount, begunAtHeight: height, lastEpoch: epoch })
  draft.delete(delegationKey(address, address))
  draft.delete(keyOwnerKey(validator.validatorKey))
  draft.delete(validatorKey(address))
}
