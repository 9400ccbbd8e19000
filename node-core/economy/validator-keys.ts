/** Consensus keys and whose they are, in which epochs: evidence of an epoch counts by the key that its set names. */
import type { Address, Epoch } from '../protocol/ids.ts'
import { keyOwnerKey } from '../state/keys.ts'
import type { Draft } from '../state/store.ts'

/** From registering or changing a key to its first epoch: the set of the epoch between is announced already. */
const ANNOUNCED_EPOCHS = 2

/** Nobody else has it. Who comes back may bring a key that it had. */
export function takeUpKey(draft: Draft, key: Uint8Array, owner: Address, now: Epoch): void {
  const fromEpoch = draft.get(keyOwnerKey(key))?.fromEpoch ?? now + ANNOUNCED_EPOCHS
  draft.set(keyOwnerKey(key), { address: owner, fromEpoch, untilEpoch: null })
}

/** The sets that are announced still name it; later ones do not. */
export function giveUpKey(draft: Draft, key: Uint8Array, now: Epoch): void {
  const owner = draft.get(keyOwnerKey(key))
  if (owner) draft.set(keyOwnerKey(key), { ...owner, untilEpoch: now + ANNOUNCED_EPOCHS - 1 })
}
