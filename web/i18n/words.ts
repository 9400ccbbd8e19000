/** Codes of calls and of stalls as sentences. An unknown code shows itself after a general sentence. */
import type { ApiError, Stall } from '../../node-core/node/node-api.ts'
import { type Data, ERROR_SENTENCES, type Sentence, STALL_SENTENCES } from './en.ts'

export function say(sentence: Sentence, data: Data): string {
  return typeof sentence === 'string' ? sentence : sentence(data)
}

/** Without a full stop at the end, so that it can stand as a title or in a line. */
export function errorWords(error: ApiError): string {
  const sentence = ERROR_SENTENCES[error.code] ?? STALL_SENTENCES[error.code]
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

export function stallWords(stall: Stall): string {
  const sentence = STALL_SENTENCES[stall.code]
  return sentence === undefined ? `Not moving (${stall.code})` : say(sentence, stall as unknown as Data)
}
