/** How evenly something is shared, and how steady it is. For people. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Millionths } from '../protocol/ids.ts'

const MILLION = BigInt(ONE_MILLION)

/** As many equal ones would be as diverse: 1 / Σ share², in millionths of one. Rounds down. 0: there is nothing to share. */
export function effectiveCount(parts: readonly bigint[]): Millionths {
  const total = sum(parts)
  return total === 0n ? 0 : Number((MILLION * total * total) / sum(parts.map((part) => part * part)))
}

/** Mean distance from the mean, as a share of the mean: 0 all are the same. Rounds down. null: there is nothing, or all is 0. */
export function spreadOf(values: readonly bigint[]): Millionths | null {
  const [count, total] = [BigInt(values.length), sum(values)]
  if (total === 0n) return null
  const away = sum(values.map((value) => distance(count * value, total)))
  return Number((MILLION * away) / (count * total))
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((all, value) => all + value, 0n)
}
