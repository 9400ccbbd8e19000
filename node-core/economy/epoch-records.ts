/** What is remembered of epochs while their offences can be punished, and how long stake waits by it. */

import { assert } from '../lib/assert.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import { validatorsHash } from '../protocol/hash.ts'
import type { Epoch, TimestampMs } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { epochKey, type StateKey, validatorKey } from '../state/keys.ts'
import { type EpochRecord, stakeOf, type Unbonding } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'

/** With the stakes of now behind the members of the set, which was just computed. */
export function recordEpoch(draft: Draft, set: ValidatorSet): void {
  const stakes = set.members.map(({ address }) => {
    const record = draft.get(validatorKey(address))
    return { address, stake: record ? stakeOf(record) : 0n }
  })
  draft.set(epochKey(set.epoch), { validatorsHash: validatorsHash(set), endedAtMs: null, stakes })
}

/** At the end of an epoch: its time, and those forgotten whose offences are too old. */
export function endEpochRecord(
  draft: Draft,
  epoch: Epoch,
  endedAtMs: TimestampMs,
  { unbondingMs }: Pick<ChainParameters, 'unbondingMs'>,
): void {
  const record = draft.get(epochKey(epoch))
  assert(record, 'an epoch that ends has its record')
  draft.set(epochKey(epoch), { ...record, endedAtMs })
  for (const key of draft.keysOf('epoch') as StateKey<EpochRecord>[]) {
    const { endedAtMs: ended } = draft.get(key)!
    if (ended !== null && ended + unbondingMs < endedAtMs) draft.delete(key)
  }
}

/** What is remembered of an epoch; null: stake that backed power in it has had its time, so nobody is punished for it any more. */
export function punishableEpoch(
  view: StateView,
  epoch: Epoch,
  { timestampMs, parameters }: { timestampMs: TimestampMs; parameters: Pick<ChainParameters, 'unbondingMs'> },
): EpochRecord | null {
  const record = view.get(epochKey(epoch))
  const isOver =
    record && record.endedAtMs !== null && record.endedAtMs + parameters.unbondingMs < timestampMs
  return isOver ? null : record
}

/** null: its last epoch with power has not ended. 0: it is so long over that the epoch is forgotten. */
export function releasesAtMs(
  view: StateView,
  { lastEpoch }: Pick<Unbonding, 'lastEpoch'>,
  { unbondingMs }: Pick<ChainParameters, 'unbondingMs'>,
): TimestampMs | null {
  const record = view.get(epochKey(lastEpoch))
  if (!record) return 0
  return record.endedAtMs === null ? null : record.endedAtMs + unbondingMs
}
