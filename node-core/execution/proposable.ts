/** What an account does with its money, its stake and itself as a validator: by its own transaction, or by its members. */
import type { Address } from '../protocol/ids.ts'
import type { ProposablePayload } from '../protocol/transaction.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import { applyStakeOperation } from './stake.ts'
import type { TransactionFailure } from './transaction-errors.ts'
import { applyTransfer } from './transfer.ts'
import { applyValidatorOperation } from './validator.ts'

/** The caller drops the draft on a failure. */
export function applyProposable(
  draft: Draft,
  account: Address,
  payload: ProposablePayload,
  context: BlockContext,
): TransactionFailure | null {
  switch (payload.type) {
    case 'transfer':
      return applyTransfer(draft, account, payload)
    case 'stake.delegate':
    case 'stake.undelegate':
    case 'stake.redelegate':
    case 'stake.withdraw':
    case 'stake.claimRewards':
    case 'stake.compound':
      return applyStakeOperation(draft, account, payload, context)
    default:
      return applyValidatorOperation(draft, account, payload, context)
  }
}
