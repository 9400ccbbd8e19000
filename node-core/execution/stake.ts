/** Operations on stake: to delegate it, to take it back, to have its rewards. */
import { releasesAtMs } from '../economy/epoch-records.ts'
import { assert } from '../lib/assert.ts'
import type { Address } from '../protocol/ids.ts'
import type { StakePayload } from '../protocol/transaction.ts'
import { unbondingKey } from '../state/keys.ts'
import { endUnbonding } from '../state/ledger.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import type { TransactionFailure } from './transaction-errors.ts'

export function applyStakeOperation(
  draft: Draft,
  sender: Address,
  payload: StakePayload,
  context: BlockContext,
): TransactionFailure | null {
  if (payload.type === 'stake.withdraw') return withdrawPosition(draft, sender, payload, context)
  assert(false, 'stake')
}

function withdrawPosition(
  draft: Draft,
  sender: Address,
  { position }: Extract<StakePayload, { type: 'stake.withdraw' }>,
  { timestampMs, parameters }: BlockContext,
): TransactionFailure | null {
  const entry = draft.get(unbondingKey(position))
  if (entry?.address !== sender) return { code: 'unknown-position', data: { position: String(position) } }
  const dueMs = releasesAtMs(draft, entry, parameters)
  if (dueMs === null || dueMs > timestampMs)
    return { code: 'still-unbonding', data: { releasesAtMs: dueMs === null ? '' : String(dueMs) } }
  endUnbonding(draft, position)
  return null
}
