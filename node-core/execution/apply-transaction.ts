/** One admissible transaction: fee, nonce, then its operation on a draft of its own. */
import { feeShares } from '../economy/fees.ts'
import { gasOf } from '../economy/gas.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { UnsignedTransaction } from '../protocol/transaction.ts'
import { move, payFee } from '../state/ledger.ts'
import type { Draft } from '../state/store.ts'
import { applyBatch, applySingle } from './batch.ts'
import type { BlockContext } from './block-context.ts'
import { applyDrip } from './faucet.ts'
import type { TransactionFailure } from './transaction-errors.ts'
import { applyTransfer } from './transfer.ts'

/** What the fee and the nonce change stays, whatever becomes of the operation. */
export function applyTransaction(
  draft: Draft,
  transaction: UnsignedTransaction,
  context: BlockContext,
): Receipt {
  const { sender, payload } = transaction
  const { baseFeePerGas, parameters } = context
  const gasUsed = gasOf(payload, parameters)
  const shares = feeShares(transaction, gasUsed, { baseFeePerGas, burnedFee: parameters.burnedFee })
  if (payload.type === 'faucet.drip') applyDrip(draft, sender, context)
  payFee(draft, sender, shares)
  if (shares.tip > 0n) move(draft, sender, context.proposer, shares.tip)

  return { ...outcomeOf(applyPayload(draft, transaction, context)), gasUsed, feePaid: shares.paid }
}

/** A failure leaves the draft as it was. A transfer alone is judged before it changes anything, so it needs no fork. */
function applyPayload(
  draft: Draft,
  { sender, payload }: UnsignedTransaction,
  context: BlockContext,
): TransactionFailure | null {
  if (payload.type === 'transfer') return applyTransfer(draft, sender, payload)
  const fork = draft.fork()
  const failure =
    payload.type === 'batch'
      ? applyBatch(fork, sender, payload, context)
      : applySingle(fork, sender, payload, context)
  if (!failure) fork.merge()
  return failure
}

function outcomeOf(failure: TransactionFailure | null): Pick<Receipt, 'code' | 'data'> {
  if (!failure) return { code: 'ok', data: {} }
  const { code, data, payload } = failure
  return { code, data: payload === undefined ? { ...data } : { ...data, payload: String(payload) } }
}
