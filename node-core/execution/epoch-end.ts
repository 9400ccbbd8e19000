/** What the last block of an epoch does after its transactions. */
import { lapseVotes } from '../economy/admission.ts'
import { endEpochRecord, recordEpoch } from '../economy/epoch-records.ts'
import { computeValidatorSet } from '../economy/validator-set.ts'
import { assertRecounted } from '../state/invariants.ts'
import { validatorKey } from '../state/keys.ts'
import type { Draft } from '../state/store.ts'
import { allValidators, storeValidatorSet } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'
import { turnRewards } from './epoch-rewards.ts'
import { forgetPunished } from './evidence.ts'
import { forgetLeft, releaseExited } from './leaving.ts'
import { foldParticipation } from './participation.ts'
import { forgetRedelegations } from './redelegate.ts'
import { forgetActivity } from './stake-activity.ts'

/** Rewards, scores, announced changes, the set of the epoch after the next, who has left, what is forgotten, the recount. */
export function endEpoch(draft: Draft, context: BlockContext): void {
  turnRewards(draft, context)
  foldParticipation(draft)
  applyAnnounced(draft, context.epoch + 1)
  const set = computeValidatorSet(draft, context.epoch, context.parameters)
  storeValidatorSet(draft, set)
  recordEpoch(draft, set)
  endEpochRecord(draft, context.epoch, context.timestampMs, context.parameters)
  releaseExited(draft, context)
  forgetLeft(draft)
  forgetRedelegations(draft, context)
  forgetPunished(draft)
  lapseVotes(draft)
  forgetActivity(draft, context)
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
