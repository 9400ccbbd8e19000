/** Integer arithmetic on amounts. Every function names its rounding; operands are not negative. */
import { assert } from './assert.ts'

/** One whole as millionths. */
const MILLION = 1_000_000n

/** ⌊a·b / divisor⌋. The product is exact: bigint. */
export function mulDivDown(a: bigint, b: bigint, divisor: bigint): bigint {
  assert(a >= 0n && b >= 0n && divisor > 0n, 'operands are not negative, the divisor is positive')
  return (a * b) / divisor
}

/** ⌈a·b / divisor⌉. */
export function mulDivUp(a: bigint, b: bigint, divisor: bigint): bigint {
  assert(a >= 0n && b >= 0n && divisor > 0n, 'operands are not negative, the divisor is positive')
  return (a * b + divisor - 1n) / divisor
}

/** ⌊amount·fraction⌋, the fraction in millionths. */
export function shareDown(amount: bigint, millionths: number): bigint {
  return mulDivDown(amount, BigInt(millionths), MILLION)
}

/** ⌈amount·fraction⌉, the fraction in millionths. */
export function shareUp(amount: bigint, millionths: number): bigint {
  return mulDivUp(amount, BigInt(millionths), MILLION)
}

/** ⌊part / whole⌋ in millionths; 0 of nothing. At most one whole, since a part is not above its whole. */
export function millionthsDown(part: bigint, whole: bigint): number {
  assert(part >= 0n && part <= whole, 'a part is between nothing and the whole')
  return whole === 0n ? 0 : Number((part * MILLION) / whole)
}
