/** One admissible transaction: fee, nonce, then its operation on a draft of its own. */
import { feeShares } from '../economy/fees.ts'
import { gasOf } from '../economy/gas.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { Payload, UnsignedTransaction } from '../protocol/transaction.ts'
import { unbondingKey } from '../state/keys.ts'
import { move, payFee } from '../state/ledger.ts'
import type { Draft, StateView } from '../state/store.ts'
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

  const figures = figuresOf(draft, payload)
  const failure = applyPayload(draft, transaction, context)
  const outcome = failure ? outcomeOf(failure) : { code: 'ok', data: figures }
  return { ...outcome, gasUsed, feePaid: shares.paid }
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

/** What came back, and from whom: the state forgets a position with its withdrawal, and a slash may have changed it. */
function figuresOf(view: StateView, payload: Payload): Receipt['data'] {
  const entry = payload.type === 'stake.withdraw' ? view.get(unbondingKey(payload.position)) : null
  if (!entry) return {}
  const { validator, amount, initialAmount } = entry
  return { validator, amount: String(amount), initialAmount: String(initialAmount) }
}

function outcomeOf(failure: TransactionFailure): Pick<Receipt, 'code' | 'data'> {
  const { code, data, payload } = failure
  return { code, data: payload === undefined ? { ...data } : { ...data, payload: String(payload) } }
}
