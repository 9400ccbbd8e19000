import type { Address } from '../protocol/ids.ts'
import type { SinglePayload } from '../protocol/transaction.ts'
import { accountOf, move } from '../state/ledger.ts'
import type { Draft } from '../state/store.ts'
import type { TransactionFailure } from './transaction-errors.ts'

type Transfer = Extract<SinglePayload, { type: 'transfer' }>

export function applyTransfer(
  draft: Draft,
  sender: Address,
  { to, amount }: Transfer,
): TransactionFailure | null {
  const failure = lacks(draft, sender, amount)
  if (failure) return failure
  if (amount > 0n) move(draft, sender, to, amount)
  return null
}

/** For every operation that takes from the sender's balance. */
export function lacks(draft: Draft, sender: Address, needed: bigint): TransactionFailure | null {
  const { balance } = accountOf(draft, sender)
  if (balance >= needed) return null
  return { code: 'insufficient-balance', data: { balance: String(balance), needed: String(needed) } }
}
