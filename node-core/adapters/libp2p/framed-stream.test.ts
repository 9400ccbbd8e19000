import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameReader } from './framed-stream.ts'

function frameOf(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + body.length)
  new DataView(frame.buffer).setUint32(0, body.length)
  frame.set(body, 4)
  return frame
}

describe('frame reader', () => {
  it('puts a frame together however it was cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), cuts, (body, sizes) => {
        const reader = new FrameReader(60)
        const frame = frameOf(body)
        let offset = 0
        let outcome: Uint8Array | string = 'more'
        for (let i = 0; offset < frame.length; i++) {
          expect(outcome).toBe('more')
          const size = sizes[i % sizes.length]!
          outcome = reader.push(frame.subarray(offset, offset + size))
          offset += size
        }
        expect(outcome).toEqual(body)
      }),
    )
  })

  it('refuses a length over the limit before the bytes come', () => {
    expect(new FrameReader(10).push(frameOf(new Uint8Array(11)).subarray(0, 4))).toBe('too-large')
    expect(new FrameReader(10).push(frameOf(new Uint8Array(10)).subarray(0, 4))).toBe('more')
    expect(new FrameReader(10).push(Uint8Array.of(255, 255, 255, 255))).toBe('too-large')
  })

  it('drops what follows the frame', () => {
    expect(new FrameReader(10).push(Uint8Array.of(0, 0, 0, 1, 7, 8, 9))).toEqual(Uint8Array.of(7))
  })
})
