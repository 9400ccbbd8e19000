/** Codes of transactions as sentences. They are many, and no page that is seen first has use for them. */
import type { ApiError, ReceiptView } from '../../node-core/node/node-api.ts'
import { RECEIPT_SENTENCES } from './en-receipts.ts'
import { errorWords, say } from './words.ts'

/** Of a batch, the operation that was refused comes first. */
export function receiptWords({ code, data }: Pick<ReceiptView, 'code' | 'data'>): string {
  const sentence = RECEIPT_SENTENCES[code]
  const words =
    sentence === undefined
      ? `Refused, for a reason this page has no words for (${code})`
      : say(sentence, data)
  return data.payload === undefined ? words : `Part ${Number(data.payload) + 1} of the batch: ${words}`
}

/** Of what was to be signed or sent: the chain's reason, or that of the call. */
export function refusalWords(error: ApiError): string {
  return Object.hasOwn(RECEIPT_SENTENCES, error.code) ? receiptWords(error) : errorWords(error)
}
