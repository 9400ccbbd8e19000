/** Codes of rounds and of offences as sentences. An unknown code shows itself. */
import type { RoundFailure, RoundsView } from '../../node-core/node/node-api.ts'
import { bytesWords } from '../ui/amount-words.ts'
import {
  FAILURE_SENTENCES,
  OFFENCE_SENTENCES,
  RAW_SENTENCES,
  ROUND_KINDS,
  ROUND_SENTENCES,
} from './en-rounds.ts'
import { say } from './words.ts'

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

/** "Raw messages reach back to height 48,097: a tab keeps 8.4 MB of them, and the oldest go first." */
export function rawReachWords({ oldestHeight, budgetBytes }: RoundsView['rawMessages']): string {
  return oldestHeight === null
    ? say(RAW_SENTENCES.none, {})
    : say(RAW_SENTENCES.reach, { height: oldestHeight, budget: bytesWords(budgetBytes) })
}
