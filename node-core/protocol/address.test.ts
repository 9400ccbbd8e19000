import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressBytes, addressOf, formatAddress, parseAddress } from './address.ts'
import { addresses } from './arbitraries.ts'
import type { Address } from './ids.ts'

const ALPHABET = [...'qpzry9x8gf2tvdw0s3jn54khce6mua7l']

describe('addresses', () => {
  it('are the first 20 bytes of the hash of scheme and key', () => {
    const key = new Uint8Array(32).fill(7)
    const expected = createHash('sha256').update(Uint8Array.of(0)).update(key).digest('hex').slice(0, 40)
    expect(addressOf(0, key)).toBe(`0x${expected}`)
    expect(addressOf(1, key)).not.toBe(addressOf(0, key))
  })

  it('read back as they were written', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        const text = formatAddress(address)
        expect(text).toMatch(/^ait1[a-z0-9]{38}$/)
        expect(parseAddress(text)).toBe(address)
        expect(parseAddress(text.toUpperCase())).toBe(address)
        expect(addressBytes(address)).toHaveLength(20)
      }),
    )
  })

  it('show a fixed text', () => {
    expect(formatAddress(`0x${'00'.repeat(20)}` as Address)).toMatchInlineSnapshot(
      `"ait1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqlf6ecx"`,
    )
    expect(formatAddress('0x000102030405060708090a0b0c0d0e0f10111213' as Address)).toMatchInlineSnapshot(
      `"ait1qqqsyqcyq5rqwzqfpg9scrgwpugpzysn0utuwz"`,
    )
  })

  it('notice up to four wrong characters', () => {
    const edits = fc.uniqueArray(fc.tuple(fc.integer({ min: 4, max: 41 }), fc.integer({ min: 1, max: 31 })), {
      minLength: 1,
      maxLength: 4,
      selector: ([at]) => at,
    })
    fc.assert(
      fc.property(addresses, edits, (address, changes) => {
        const characters = [...formatAddress(address)]
        for (const [at, by] of changes)
          characters[at] = ALPHABET[(ALPHABET.indexOf(characters[at]!) + by) % 32]!
        expect(parseAddress(characters.join(''))).toBeNull()
      }),
    )
  })

  it('are nothing else', () => {
    const good = formatAddress('0x000102030405060708090a0b0c0d0e0f10111213' as Address)
    const mixed = good.slice(0, 20) + good.slice(20).toUpperCase()
    const others = [
      '',
      'ait1',
      mixed,
      `${good} `,
      ` ${good}`,
      good.replace('ait', 'bit'),
      good.slice(0, -1),
      `${good}q`,
    ]
    for (const text of others) expect(parseAddress(text), text).toBeNull()
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseAddress(text)).toBeNull()
      }),
    )
  })
})
