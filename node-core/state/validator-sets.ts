/** Epochs, the sets that the state keeps for them, and the list of all validators. */
import { assert } from '../lib/assert.ts'
import type { Epoch, Height } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { type StateKey, validatorSetKey } from './keys.ts'
import type { ValidatorRecord } from './records.ts'
import type { Draft, StateView } from './store.ts'

interface EpochLength {
  /** Blocks. */
  readonly epochBlocks: number
}

/** Epoch e has the heights e·E + 1 … (e + 1)·E. */
export function epochOf(height: Height, { epochBlocks }: EpochLength): Epoch {
  assert(height >= 1, 'height 0 is the genesis, of no epoch')
  return Math.floor((height - 1) / epochBlocks)
}

export function firstHeightOf(epoch: Epoch, { epochBlocks }: EpochLength): Height {
  return epoch * epochBlocks + 1
}

export function lastHeightOf(epoch: Epoch, { epochBlocks }: EpochLength): Height {
  return (epoch + 1) * epochBlocks
}

/** null: not computed yet, or of an epoch before the last one. */
export function loadValidatorSet(view: StateView, epoch: Epoch): ValidatorSet | null {
  return view.get(validatorSetKey(epoch))
}

/** A set that must be there: of the epoch in progress, the one before, the one after. */
export function validatorSetOf(view: StateView, epoch: Epoch): ValidatorSet {
  const set = loadValidatorSet(view, epoch)
  assert(set, `the set of epoch ${epoch} is in the state`)
  return set
}

/** Adds the set of epoch e + 2 at the end of epoch e; forgets those before e. */
export function storeValidatorSet(draft: Draft, set: ValidatorSet): void {
  draft.set(validatorSetKey(set.epoch), set)
  for (const key of draft.keysOf('validatorSet') as StateKey<ValidatorSet>[]) {
    if (draft.get(key)!.epoch < set.epoch - 2) draft.delete(key)
  }
}

/** Sorted by address. */
export function allValidators(view: StateView): ValidatorRecord[] {
  return (view.keysOf('validator') as StateKey<ValidatorRecord>[]).map((key) => view.get(key)!)
}
