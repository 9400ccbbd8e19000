/** How often an account may change its stake: whoever grinds must wait. */
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, TimestampMs } from '../protocol/ids.ts'
import { type StateKey, stakeActivityKey } from '../state/keys.ts'
import type { StakeActivity } from '../state/records.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import type { TransactionFailure } from './transaction-errors.ts'

type Window = Pick<ChainParameters, 'stakeWindowMs'>

/** A window begins with an account's first operation after the last one. An operation that fails is not counted. */
export function countOperation(
  draft: Draft,
  sender: Address,
  { timestampMs, parameters }: BlockContext,
): TransactionFailure | null {
  const key = stakeActivityKey(sender)
  const known = draft.get(key)
  const isOpen = known !== null && timestampMs < endOf(known, parameters)
  const { windowBeganMs, operations } = isOpen ? known : { windowBeganMs: timestampMs, operations: 0 }
  if (operations >= parameters.stakeOperationsPerWindow) {
    const endsAtMs = windowBeganMs + parameters.stakeWindowMs
    return { code: 'stake-cooling-down', data: { endsAtMs: String(endsAtMs) } }
  }
  draft.set(key, { windowBeganMs, operations: operations + 1 })
  return null
}

/** At the end of an epoch: what no longer limits anyone is forgotten. */
export function forgetActivity(draft: Draft, { timestampMs, parameters }: BlockContext): void {
  for (const key of draft.keysOf('stakeActivity') as StateKey<StakeActivity>[]) {
    if (endOf(draft.get(key)!, parameters) <= timestampMs) draft.delete(key)
  }
}

function endOf({ windowBeganMs }: StakeActivity, { stakeWindowMs }: Window): TimestampMs {
  return windowBeganMs + stakeWindowMs
}
