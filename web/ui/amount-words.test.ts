import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountWords, bytesWords, nanoWords, wholeAit } from './amount-words.ts'

test.each([
  ['7600000000000', '7,600.00', '7,600.00', '7,600.000000000'],
  ['999999979000', '999.99', '999.999979', '999.999979000'],
  ['21000', '0.000021', '0.000021', '0.000021000'],
  ['0', '0.00', '0.00', '0.000000000'],
  ['-1500000000', '−1.50', '−1.50', '−1.500000000'],
  ['18446744073709551615', '18,446,744,073.70', '18,446,744,073.709551615', '18,446,744,073.709551615'],
])('%s base units', (units, list, exact, full) => {
  expect(amountWords(units)).toBe(list)
  expect(amountWords(units, 'exact')).toBe(exact)
  expect(amountWords(units, 'full')).toBe(full)
})

test('all nine decimals lose nothing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (units) => {
      const text = amountWords(units.toString(), 'full')
      expect(BigInt(text.replace(/[,.]/g, ''))).toBe(units)
      expect(BigInt(`${amountWords(units.toString()).replace(/,/g, '').split('.')[0]}`)).toBe(
        units / 10n ** 9n,
      )
    }),
  )
})

test('text that is no amount is shown as it came, never as a number', () => {
  expect(amountWords('1e9')).toBe('1e9')
  expect(nanoWords('')).toBe('')
})

test('other units', () => {
  expect(wholeAit('96400999999999')).toBe('96,400')
  expect(nanoWords('22680')).toBe('22,680')
  expect([bytesWords(0), bytesWords(1_500), bytesWords(84_000_000), bytesWords(2.1e9)]).toEqual([
    '0 B',
    '1.5 kB',
    '84.0 MB',
    '2.1 GB',
  ])
})
