/** Codes as sentences. An unknown code shows itself after a general sentence. */
import type { ApiError, ReceiptView, RoundFailure, Stall } from '../../node-core/node/node-api.ts'
import {
  type Data,
  ERROR_SENTENCES,
  FAILURE_SENTENCES,
  OFFENCE_SENTENCES,
  ROUND_KINDS,
  ROUND_SENTENCES,
  type Sentence,
  STALL_SENTENCES,
} from './en.ts'
import { RECEIPT_SENTENCES } from './en-receipts.ts'

function say(sentence: Sentence, data: Data): string {
  return typeof sentence === 'string' ? sentence : sentence(data)
}

/** Without a full stop at the end, so that it can stand as a title or in a line. */
export function errorWords(error: ApiError): string {
  const sentence = ERROR_SENTENCES[error.code] ?? RECEIPT_SENTENCES[error.code] ?? STALL_SENTENCES[error.code]
  return sentence === undefined
    ? `It did not work, for a reason this page has no words for (${error.code})`
    : say(sentence, error.data)
}

/** What was not done. */
export function errorDetail(error: ApiError, what: string): string {
  const message = error.data.message
  const said = typeof message === 'string' && message !== '' ? ` The node said: ${message}` : ''
  return `Nothing was changed; ${what} could not be had.${said}`
}

export function receiptWords(receipt: Pick<ReceiptView, 'code' | 'data'>): string {
  const sentence = RECEIPT_SENTENCES[receipt.code]
  return sentence === undefined
    ? `Refused, for a reason this page has no words for (${receipt.code})`
    : say(sentence, receipt.data)
}

/** What it was, without figures and without what to do: for tables. */
export function receiptShort(receipt: Pick<ReceiptView, 'code' | 'data'>): string {
  return receiptWords(receipt).split(/[;:]/, 1)[0]!
}

export function stallWords(stall: Stall): string {
  const sentence = STALL_SENTENCES[stall.code]
  return sentence === undefined ? `Not moving (${stall.code})` : say(sentence, stall as unknown as Data)
}

export function roundReasonWords(reason: string | null): string {
  if (reason === null) return 'not said'
  const sentence = ROUND_SENTENCES[reason]
  return sentence === undefined ? reason.replaceAll('-', ' ') : say(sentence, {})
}

/** "No proposal within the round’s time"; "Invalid block: wrong state root". */
export function failureWords({ cause, code }: RoundFailure): string {
  if (cause === 'invalid' && code !== null) return `Invalid block: ${code.replaceAll('-', ' ')}`
  if (cause === 'dropped' && code !== null) return roundReasonWords(code)
  return FAILURE_SENTENCES[cause] ?? cause.replaceAll('-', ' ')
}

export function offenceWords(offence: string): string {
  const sentence = OFFENCE_SENTENCES[offence]
  return sentence === undefined ? offence.replaceAll('-', ' ') : say(sentence, {})
}

export function roundKindWords(kind: string): string {
  return ROUND_KINDS[kind] ?? kind.replaceAll('-', ' ')
}
