/** What the last block of an epoch does after its transactions. */
import { computeValidatorSet } from '../economy/validator-set.ts'
import { assertRecounted } from '../state/invariants.ts'
import { unbondValidator } from '../state/ledger.ts'
import { keyOwnerKey, validatorKey } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import { allValidators, storeValidatorSet, validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import { foldParticipation } from './participation.ts'

/** Scores, announced changes, the set of the epoch after the next, stakes of those who have left, the recount. */
export function endEpoch(draft: Draft, context: BlockContext): void {
  foldParticipation(draft)
  applyAnnounced(draft, context.epoch + 1)
  storeValidatorSet(draft, computeValidatorSet(draft, context.epoch, context.parameters))
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
function releaseExited(draft: Draft, { epoch, timestampMs, parameters }: BlockContext): void {
  const ahead = [epoch + 1, epoch + 2].flatMap((each) => validatorSetOf(draft, each).members)
  const powerful = new Set(ahead.map((member) => member.address))
  for (const validator of allValidators(draft)) {
    if (!validator.exiting || powerful.has(validator.address)) continue
    draft.delete(keyOwnerKey(validator.validatorKey))
    unbondValidator(draft, validator.address, timestampMs + parameters.unbondingMs)
  }
}
