/** Amounts of base units as people read them. Everything is exact integer arithmetic on the decimal string. */

import { formatAit, UNITS_PER_AIT } from '../../node-core/protocol/amount.ts'
import { integer } from '../i18n/format.ts'

/**
 * list: two decimals, cut (a balance never reads higher than it is), but a sum under 0.01 keeps its digits;
 * exact: at least two, as many as there are; full: all nine, for a review before signing.
 */
export type AmountForm = 'list' | 'exact' | 'full'

/** "7,600.00" of base units; no unit. Text that is no integer is shown as it came. */
export function amountWords(baseUnits: string, form: AmountForm = 'list'): string {
  const value = readUnits(baseUnits)
  if (value === null) return baseUnits
  const size = value < 0n ? -value : value
  const small = size > 0n && size < UNITS_PER_AIT / 100n
  const [whole = '0', fraction = ''] = formatAit(size, form === 'list' && !small ? 2 : 9).split('.')
  const decimals = form === 'full' ? fraction : fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, '')
  return `${value < 0n ? '−' : ''}${integer(BigInt(whole))}.${decimals}`
}

/** Whole AIT with commas, cut: for sentences and stake columns ("96,400"). */
export function wholeAit(baseUnits: string): string {
  const value = readUnits(baseUnits)
  return value === null ? baseUnits : integer(value / UNITS_PER_AIT)
}

/** nAIT with commas: fees and prices of gas. */
export function nanoWords(baseUnits: string): string {
  const value = readUnits(baseUnits)
  return value === null ? baseUnits : integer(value)
}

/** null: not an integer of base units. */
export function readUnits(baseUnits: string): bigint | null {
  return /^-?\d{1,30}$/.test(baseUnits) ? BigInt(baseUnits) : null
}

/** "84 MB" from bytes, decimal steps. */
export function bytesWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
