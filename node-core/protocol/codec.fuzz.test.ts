/** Every wire format against bent real messages. A decoder answers with a code or with a value that has these very bytes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzRuns, hostileBytes } from '../lib/mutations.test-kit.ts'
import { FORMATS, type Format } from './formats.test-kit.ts'

const RUNS = fuzzRuns(400)
const CODES = ['malformed', 'too-large', 'non-canonical', 'unknown-type']

function answers({ decode, encode }: Format<unknown>, bytes: Uint8Array): void {
  const decoded = decode(bytes)
  if (decoded.ok) expect(encode(decoded.value)).toEqual(bytes)
  else expect(CODES).toContain(decoded.code)
}

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  const { values, encode, maxBytes } = format

  it('answers to bent messages: a code, or a value with these very bytes', () => {
    fc.assert(
      fc.property(hostileBytes(values.map(encode)), (bytes) => answers(format, bytes)),
      { numRuns: RUNS },
    )
  })

  it('reads no more than there is, whatever the lengths say', () => {
    const [real] = fc.sample(values.map(encode), { numRuns: 1, seed: 11 })
    const fills = [0x00, 0x04, 0x7f, 0x80, 0xff].map((byte) => new Uint8Array(maxBytes).fill(byte))
    const padded = new Uint8Array(maxBytes)
    padded.set(real!.subarray(0, maxBytes))
    for (const bytes of [...fills, padded, ...lengthLies(real!)]) answers(format, bytes)
  })
})

/** The message with every aligned place that may hold a length or an offset made as large as it goes. */
function lengthLies(real: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.min(64, real.length >> 2) }, (_, i) => {
    const lie = real.slice()
    new DataView(lie.buffer).setUint32(4 * i, 0xffff_ffff, true)
    return lie
  })
}
