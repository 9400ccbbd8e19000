/** Amounts as people write them (AIT) and as the chain counts them (base units). */
import { assert } from '../lib/assert.ts'
import type { Amount } from './ids.ts'

const DECIMALS = 9
/** Base units in one AIT. */
export const UNITS_PER_AIT = 10n ** BigInt(DECIMALS)
/** The largest amount on the wire: an unsigned 64-bit integer. */
export const MAX_AMOUNT: Amount = 2n ** 64n - 1n

/**
 * AIT with a point and no grouping. Without `decimals` exact and without trailing zeros; with them (0 to 9) that many
 * digits, cut toward zero, so that nobody is shown more than there is. Differences may be negative.
 */
export function formatAit(amount: Amount, decimals?: number): string {
  assert(
    decimals === undefined || (Number.isInteger(decimals) && decimals >= 0 && decimals <= DECIMALS),
    'decimals are 0 to 9',
  )
  const magnitude = amount < 0n ? -amount : amount
  const whole = (magnitude / UNITS_PER_AIT).toString()
  const digits = (magnitude % UNITS_PER_AIT).toString().padStart(DECIMALS, '0')
  const fraction = decimals === undefined ? digits.replace(/0+$/, '') : digits.slice(0, decimals)
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return amount < 0n && /[1-9]/.test(text) ? `-${text}` : text
}

/** "1.5" to 1,500,000,000. null: not such a number, more than 9 decimals, or more than MAX_AMOUNT. */
export function parseAit(text: string): Amount | null {
  const match = /^(0|[1-9]\d{0,19})(?:\.(\d{1,9}))?$/.exec(text)
  if (!match) return null
  const amount = BigInt(match[1]!) * UNITS_PER_AIT + BigInt((match[2] ?? '').padEnd(DECIMALS, '0'))
  return amount <= MAX_AMOUNT ? amount : null
}
