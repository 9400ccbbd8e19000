import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { effectiveCount, spreadOf } from './distribution.ts'

const parts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 18n }), { minLength: 1, maxLength: 30 })

describe('how many equal ones would be as diverse', () => {
  it.each([
    [[5n, 5n, 5n, 5n], 4_000_000],
    [[100n], 1_000_000],
    [[50n, 25n, 25n], 2_666_666],
    [[90n, 10n, 0n], 1_219_512],
    [[0n, 0n], 0],
    [[], 0],
  ])('%s: %i millionths', (of, count) => expect(effectiveCount(of)).toBe(count))

  it('is from one to their number, whatever the unit, and falls when two of them are one', () => {
    fc.assert(
      fc.property(parts, fc.bigInt({ min: 1n, max: 1_000n }), (of, times) => {
        const count = effectiveCount(of)
        expect(count).toBeGreaterThanOrEqual(1_000_000)
        expect(count).toBeLessThanOrEqual(1_000_000 * of.length)
        expect(effectiveCount(of.map((part) => part * times))).toBe(count)
        const [first, second, ...others] = of
        if (second !== undefined)
          expect(effectiveCount([first! + second, ...others])).toBeLessThanOrEqual(count)
      }),
    )
  })
})

describe('how far values stray from their mean', () => {
  it.each([
    [[10n, 10n, 10n], 0],
    [[10n, 20n, 30n], 333_333],
    [[0n, 100n], 1_000_000],
    [[8n], 0],
    [[], null],
    [[0n, 0n], null],
  ])('%s: %s millionths', (of, spread) => expect(spreadOf(of)).toBe(spread))

  it('does not depend on the unit or the order, and is less than twice the mean', () => {
    fc.assert(
      fc.property(parts, (of) => {
        const spread = spreadOf(of)!
        expect(spread).toBeGreaterThanOrEqual(0)
        expect(spread).toBeLessThan(2_000_000)
        expect(spreadOf(of.toReversed().map((value) => 7n * value))).toBe(spread)
      }),
    )
  })
})
