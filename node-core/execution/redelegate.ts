/** Stake that moves from one validator to another at once, and can still be lost for what the first did before. */
import { releasesAtMs } from '../economy/epoch-records.ts'
import { PAYING, type Parties, putStake, takeStake } from '../economy/stakes.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, TimestampMs } from '../protocol/ids.ts'
import type { StakePayload } from '../protocol/transaction.ts'
import { delegationKey, redelegationsKey, type StateKey } from '../state/keys.ts'
import { MAX_REDELEGATIONS } from '../state/record-kinds.ts'
import type { Redelegation } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import { refusesPut, refusesTake } from './stake-limits.ts'
import type { TransactionFailure } from './transaction-errors.ts'

/** Not on from where it was moved to, until that is over: else stake could run ahead of evidence. */
export function redelegate(
  draft: Draft,
  sender: Address,
  { from, to, amount }: Extract<StakePayload, { type: 'stake.redelegate' }>,
  context: BlockContext,
): TransactionFailure | null {
  const { parameters, epoch, height } = context
  if (from === to) return { code: 'same-validator', data: {} }
  const origin = { validator: from, delegator: sender }
  const goal = { validator: to, delegator: sender }
  const kind = draft.get(delegationKey(from, sender)) ?? PAYING
  const moved = openRedelegations(draft, goal, context)
  const failure =
    refusesTake(draft, origin, amount, parameters) ??
    refusesOn(draft, origin, context) ??
    refusesPut(draft, goal, { amount, kind }, parameters) ??
    refusesMore(moved)
  if (failure) return failure
  takeStake(draft, origin, amount)
  putStake(draft, goal, amount, kind)
  const entry = { from, amount, begunAtHeight: height, lastEpoch: epoch + 1 }
  draft.set(redelegationsKey(to, sender), [...moved, entry])
  return null
}

function refusesOn(draft: Draft, origin: Parties, context: BlockContext): TransactionFailure | null {
  const open = openRedelegations(draft, origin, context)
  if (open.length === 0) return null
  const times = open.map((each) => releasesAtMs(draft, each, context.parameters))
  const last = times.includes(null) ? '' : String(Math.max(...(times as number[])))
  return { code: 'redelegation-locked', data: { releasesAtMs: last } }
}

function refusesMore(moved: readonly Redelegation[]): TransactionFailure | null {
  if (moved.length < MAX_REDELEGATIONS) return null
  return { code: 'too-many-redelegations', data: { limit: String(MAX_REDELEGATIONS) } }
}

type Now = { readonly timestampMs: TimestampMs; readonly parameters: Pick<ChainParameters, 'unbondingMs'> }

/** Of those that came to the validator, what can still be lost for where it was before. */
function openRedelegations(
  view: StateView,
  { validator, delegator }: Parties,
  now: Now,
): readonly Redelegation[] {
  return (view.get(redelegationsKey(validator, delegator)) ?? []).filter((each) => isOpen(view, each, now))
}

/** At the end of an epoch: those that are over are forgotten. */
export function forgetRedelegations(draft: Draft, now: Now): void {
  for (const key of draft.keysOf('redelegations') as StateKey<readonly Redelegation[]>[]) {
    const all = draft.get(key)!
    const open = all.filter((each) => isOpen(draft, each, now))
    if (open.length === all.length) continue
    if (open.length > 0) draft.set(key, open)
    else draft.delete(key)
  }
}

function isOpen(view: StateView, entry: Redelegation, { timestampMs, parameters }: Now): boolean {
  const releasesMs = releasesAtMs(view, entry, parameters)
  return releasesMs === null || releasesMs > timestampMs
}
