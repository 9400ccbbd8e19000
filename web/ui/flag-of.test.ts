import { describe, expect, test } from 'vitest'
import { FLAG_CHARGES, FLAG_PAIRS, FLAG_PATTERNS, flagOf } from './flag-of.ts'

const addresses = Array.from({ length: 20_000 }, (_, i) => `ait1q${i.toString(32).padStart(6, '0')}x7k2`)

function counts(values: readonly (string | number)[]): Map<string | number, number> {
  const seen = new Map<string | number, number>()
  for (const value of values) seen.set(value, (seen.get(value) ?? 0) + 1)
  return seen
}

describe('the flag of an address', () => {
  test('is the one people already know, release after release', () => {
    expect(flagOf('ait1h5ra0000w3ez')).toEqual(flagOf('ait1h5ra0000w3ez'))
    expect([flagOf(''), flagOf('ait1a'), flagOf('12D3KooWpQ7m')]).toMatchInlineSnapshot(`
      [
        {
          "charge": "none",
          "chargeColour": 0,
          "pair": 0,
          "pattern": "diagonal",
        },
        {
          "charge": "none",
          "chargeColour": 0,
          "pair": 12,
          "pattern": "pennant",
        },
        {
          "charge": "hoist",
          "chargeColour": 1,
          "pair": 9,
          "pattern": "halves",
        },
      ]
    `)
  })

  test('uses every pattern, pair and charge about equally', () => {
    const forms = addresses.map(flagOf)
    for (const [values, kinds] of [
      [forms.map((form) => form.pattern), FLAG_PATTERNS.length],
      [forms.map((form) => form.pair), FLAG_PAIRS.length],
      [forms.map((form) => form.charge), FLAG_CHARGES.length],
    ] as const) {
      const seen = counts(values)
      const even = addresses.length / kinds
      expect(seen.size).toBe(kinds)
      for (const count of seen.values()) expect(Math.abs(count - even)).toBeLessThan(even * 0.15)
    }
  })

  test('spreads near addresses over thousands of forms', () => {
    const forms = new Set(addresses.map((address) => JSON.stringify(flagOf(address))))
    expect(forms.size).toBeGreaterThan(4_500)
  })

  test('never paints a charge in a colour of its own ground', () => {
    for (const { field, device, charges } of FLAG_PAIRS) {
      expect(new Set([field, device, ...charges]).size).toBe(6)
    }
  })
})
