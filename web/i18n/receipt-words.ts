/** Codes of transactions as sentences. They are many, and no page that is seen first has use for them. */
import type { ApiError, ReceiptView } from '../../node-core/node/node-api.ts'
import { RECEIPT_SENTENCES } from './en-receipts.ts'
import { errorWords, say } from './words.ts'

export function receiptWords(receipt: Pick<ReceiptView, 'code' | 'data'>): string {
  const sentence = RECEIPT_SENTENCES[receipt.code]
  return sentence === undefined
    ? `Refused, for a reason this page has no words for (${receipt.code})`
    : say(sentence, receipt.data)
}

/** Of what was to be signed or sent: the chain's reason, or that of the call. */
export function refusalWords(error: ApiError): string {
  return Object.hasOwn(RECEIPT_SENTENCES, error.code) ? receiptWords(error) : errorWords(error)
}
