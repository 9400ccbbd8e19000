/** Values of the command line: read, or refused by option, value and what would be right. */
import { parseAit } from '../node-core/protocol/amount.ts'
import { type CommandFailure, usageFailure } from './failure.ts'

/** `name`: an option with its dashes, or an argument in capitals as the help shows it. */
export function wrongValue(name: string, value: string, right: string): CommandFailure {
  return usageFailure(`${name} is "${value}"; right would be ${right}`)
}

export function readWhole(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw wrongValue(name, text, `a whole number from ${least} to ${most}`)
}

/** Base units of an amount in AIT. */
export function readAit(name: string, text: string): bigint {
  const amount = parseAit(text)
  if (amount === null) throw wrongValue(name, text, 'AIT with at most 9 decimals, as in 1.5')
  return amount
}

/** Millionths. */
export function readPercentage(name: string, text: string): number {
  if (/^\d{1,2}(?:\.\d{1,4})?$/.test(text)) return Math.round(Number(text) * 10_000)
  throw wrongValue(name, text, 'a percentage below 100 with at most 4 decimals')
}

/** Of a server that speaks HTTP. */
export function readUrl(name: string, text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw wrongValue(name, text, 'a URL, http://127.0.0.1:4183')
}
