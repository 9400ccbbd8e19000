import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../lib/bytes.ts'
import { encodeFrame, scanFrames } from './journal-frames.ts'
import { JOURNAL_RECORD_BYTES } from './limits.ts'

const records = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 8 })
const fileOf = (list: readonly Uint8Array[]): Uint8Array => concatBytes(...list.map(encodeFrame))

describe('journal frames', () => {
  it('come back whole, whatever their bytes, their own magic among them', () => {
    fc.assert(
      fc.property(records, (list) => {
        const nested = [...list, encodeFrame(list[0]!)]
        const scan = scanFrames(fileOf(nested))
        expect(scan.records).toEqual(nested)
        expect(scan.damaged).toBe(false)
      }),
    )
  })

  it('cut anywhere: the whole ones before the cut, and no damage', () => {
    fc.assert(
      fc.property(records, fc.nat(), (list, at) => {
        const file = fileOf(list)
        const length = at % file.length
        const scan = scanFrames(file.subarray(0, length))
        const whole = list.filter((_, i) => fileOf(list.slice(0, i + 1)).length <= length)
        expect(scan.records).toEqual(whole)
        expect(scan.wholeBytes).toBe(whole.length > 0 ? fileOf(whole).length : 0)
        expect(scan.damaged).toBe(false)
      }),
    )
  })

  it('with one byte changed before the last: damage, never a shorter journal', () => {
    fc.assert(
      fc.property(
        records,
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (list, last, at, flip) => {
          const file = fileOf([...list, last])
          file[at % fileOf(list).length]! ^= flip
          expect(scanFrames(file).damaged).toBe(true)
        },
      ),
    )
  })

  it('have a limit', () => {
    expect(() => encodeFrame(new Uint8Array(JOURNAL_RECORD_BYTES + 1))).toThrowError(
      expect.objectContaining({ code: 'record-too-large' }),
    )
  })
})
