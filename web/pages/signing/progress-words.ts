/** What happens to a sent transaction, in words. Pure. */
import type { ApiError, TransactionView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { receiptWords } from '../../i18n/receipt-words.ts'

export type ProgressTone = 'waiting' | 'good' | 'bad'

export interface ProgressWords {
  readonly tone: ProgressTone
  readonly title: string
  readonly line: string
}

/** `transaction` is null until the node knows it by its hash. */
export function progressWords(transaction: TransactionView | null): ProgressWords {
  if (transaction === null)
    return {
      tone: 'waiting',
      title: 'Signed and sent',
      line: 'On its way to the pool. You can close this; it goes on by itself.',
    }
  const height = transaction.height === null ? '' : integer(transaction.height)
  switch (transaction.status) {
    case 'pending':
      return {
        tone: 'waiting',
        title: 'In the pool',
        line: `Waiting for a block; valid until height ${integer(transaction.validUntilHeight)}. You can close this; it goes on by itself.`,
      }
    case 'succeeded':
      return { tone: 'good', title: `Decided in block ${height}`, line: 'It is final; nothing can undo it.' }
    case 'failed':
      return {
        tone: 'bad',
        title: transaction.receipt === null ? 'Refused by the chain' : receiptWords(transaction.receipt),
        line: refusedWords(transaction, height),
      }
    case 'dropped':
      return {
        tone: 'bad',
        title: 'Dropped from the pool',
        line: 'No block took it in time. Nothing was charged; what you typed is kept.',
      }
  }
}

function refusedWords({ payload }: TransactionView, height: string): string {
  return payload.type === 'batch'
    ? `Block ${height} refused it whole: nothing of the batch was done, only the fee was taken.`
    : `Block ${height} refused it: only the fee was taken. What you typed is kept.`
}

/** Share of the disc: nothing yet, half while a block may carry it, full when decided. */
export function progressShare(transaction: TransactionView | null): number {
  if (transaction === null) return 0
  return transaction.status === 'pending' ? 0.5 : 1
}

/** After an error before the network had it: what was and was not done. */
export function notSentWords(error: ApiError): string {
  return error.code === 'not-connected' || error.code === 'timeout'
    ? 'It is not known whether it was signed. What you typed is kept; look at the history before you send again.'
    : 'Nothing was sent. What you typed is kept.'
}
