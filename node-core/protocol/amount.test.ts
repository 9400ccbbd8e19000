import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAit, MAX_AMOUNT, parseAit, UNITS_PER_AIT } from './amount.ts'
import { amounts } from './arbitraries.ts'

describe('amounts', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(parseAit(formatAit(amount))).toBe(amount)
      }),
    )
  })

  it.each([
    ['0', 0n],
    ['1', UNITS_PER_AIT],
    ['1.5', 1_500_000_000n],
    ['0.000000001', 1n],
    ['1.50', 1_500_000_000n],
    ['18446744073.709551615', MAX_AMOUNT],
  ])('reads %s', (text, amount) => {
    expect(parseAit(text)).toBe(amount)
  })

  it.each([
    '',
    ' 1',
    '1 ',
    '01',
    '.5',
    '1.',
    '-1',
    '+1',
    '1e3',
    '1,5',
    '1_000',
    '0x1',
    '١',
    '1.0000000000',
    '18446744073.709551616',
    '99999999999999999999',
    'NaN',
  ])('does not read "%s"', (text) => {
    expect(parseAit(text)).toBeNull()
  })

  it('cuts digits, never rounds up', () => {
    expect(formatAit(1_999_999_999n, 2)).toBe('1.99')
    expect(formatAit(1_999_999_999n, 0)).toBe('1')
    expect(formatAit(1n, 2)).toBe('0.00')
    expect(formatAit(1_500_000_000n, 4)).toBe('1.5000')
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 9 }), (amount, decimals) => {
        const shown = parseAit(formatAit(amount, decimals))!
        expect(shown <= amount && amount - shown < 10n ** BigInt(9 - decimals)).toBe(true)
      }),
    )
  })

  it('shows differences with their sign, and nothing as nothing', () => {
    expect(formatAit(-1_500_000_000n)).toBe('-1.5')
    expect(formatAit(-1n)).toBe('-0.000000001')
    expect(formatAit(-1n, 2)).toBe('0.00')
  })
})
