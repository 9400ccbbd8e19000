import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millionthsDown, mulDivDown, mulDivUp, shareDown, shareUp } from './fixed-point.ts'

const amounts = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const millionths = fc.integer({ min: 0, max: 1_000_000 })

describe('fixed point', () => {
  it('rounds to the side it names, by less than one', () => {
    fc.assert(
      fc.property(amounts, amounts, amounts, (a, b, c) => {
        const divisor = c + 1n
        const [down, up] = [mulDivDown(a, b, divisor), mulDivUp(a, b, divisor)]
        expect(down * divisor <= a * b && a * b < (down + 1n) * divisor).toBe(true)
        expect(up - down).toBe((a * b) % divisor === 0n ? 0n : 1n)
      }),
    )
  })

  it('cuts an amount into shares that make it whole', () => {
    fc.assert(
      fc.property(amounts, millionths, (amount, fraction) => {
        expect(shareDown(amount, fraction) + shareUp(amount, 1_000_000 - fraction)).toBe(amount)
      }),
    )
    expect(shareDown(10n, 333_333)).toBe(3n)
    expect(shareUp(10n, 333_333)).toBe(4n)
  })

  it('says what share a part is', () => {
    expect(millionthsDown(1n, 3n)).toBe(333_333)
    expect(millionthsDown(0n, 0n)).toBe(0)
    expect(millionthsDown(5n, 5n)).toBe(1_000_000)
    expect(() => millionthsDown(6n, 5n)).toThrow(/between/)
  })
})
