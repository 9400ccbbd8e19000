import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, concatBytes, equalBytes, fromHex, toHex } from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 40 })

describe('bytes', () => {
  it('come back from hex, in either case', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const hex = toHex(value)
        expect(hex).toBe(`0x${Buffer.from(value).toString('hex')}`)
        expect(fromHex(hex, value.length)).toEqual(value)
        expect(fromHex(`0x${hex.slice(2).toUpperCase()}`)).toEqual(value)
        expect(fromHex(hex, value.length + 1)).toBeNull()
      }),
    )
  })

  it.each(['', '00', '0x0', '0xgg', '0X00', ' 0x00', '0x00\n'])('are not read from "%s"', (text) => {
    expect(fromHex(text)).toBeNull()
  })

  it('are ordered as Node orders them', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
        expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
      }),
    )
  })

  it('join in order', () => {
    fc.assert(
      fc.property(fc.array(bytes), (parts) => {
        expect(Buffer.compare(concatBytes(...parts), Buffer.concat(parts))).toBe(0)
      }),
    )
  })
})
