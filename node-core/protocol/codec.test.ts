import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as arbitrary from './arbitraries.ts'
import { decodeWith } from './codec.ts'
import * as block from './codec-block.ts'
import { decodeCertificate, encodeCertificate } from './codec-certificate.ts'
import { decodeConsensusMessage, decodePrepares, encodeConsensusMessage } from './codec-messages.ts'
import { decodeTransaction, encodeTransaction } from './codec-transaction.ts'
import { decodeValidatorSet, encodeValidatorSet } from './codec-validator-set.ts'
import * as limit from './constants.ts'
import { FORMATS } from './formats.test-kit.ts'
import { mapped } from './ssz-composites.ts'
import { uint8 } from './ssz-scalars.ts'

describe.each(Object.entries(FORMATS))('%s', (_, { values, encode, decode, maxBytes }) => {
  it('comes back from its bytes', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual({ ok: true, value })
      }),
    )
  })

  it('has one encoding: a changed byte makes another value or none', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 255 }), (value, mask) => {
        const bytes = encode(value)
        for (let i = 0; i < bytes.length; i++) {
          const changed = bytes.slice()
          changed[i]! ^= mask
          const decoded = decode(changed)
          if (decoded.ok && Buffer.compare(encode(decoded.value), changed) !== 0) {
            throw new Error(`byte ${i} of ${bytes.length} has no meaning`)
          }
        }
      }),
      { numRuns: 12 },
    )
  })

  it('is not read when bytes are missing', () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, seed) => {
        const bytes = encode(value)
        const shorter = bytes.subarray(0, seed % Math.max(bytes.length, 1))
        const decoded = decode(shorter)
        if (decoded.ok) expect(encode(decoded.value)).toEqual(shorter)
      }),
    )
  })

  it('answers to any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const decoded = decode(bytes)
        if (decoded.ok) expect(encode(decoded.value)).toEqual(bytes)
        else expect(decoded.detail).not.toBe('')
      }),
      { numRuns: 300 },
    )
  })

  it('is not read above its size', () => {
    expect(decode(new Uint8Array(maxBytes + 1))).toMatchObject({ ok: false, code: 'too-large' })
  })

  it('shares no memory with its bytes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = Buffer.from(encode(value))
        const decoded = decode(bytes)
        bytes.fill(0xa5)
        expect(decoded).toEqual({ ok: true, value })
      }),
      { numRuns: 20 },
    )
  })
})

describe('what a format refuses', () => {
  const [transaction] = fc.sample(
    arbitrary.transactions.filter(({ payload }) => payload.type === 'validator.update'),
    { numRuns: 1, seed: 7 },
  )
  const named = (name: string) =>
    encodeTransaction({ ...transaction!, payload: { type: 'validator.update', commission: 1, name } })

  it('text that is not UTF-8', () => {
    const bytes = named('AB')
    const at = Buffer.from(bytes).indexOf('AB')
    bytes.set([0xc3, 0x28], at)
    expect(decodeTransaction(bytes)).toMatchObject({
      ok: false,
      code: 'malformed',
      detail: 'text that is not UTF-8',
    })
  })

  it('a second encoding of a value, should a type ever read one', () => {
    const sloppy = mapped<number, number>(
      uint8,
      (value) => value,
      (read) => read & 1,
    )
    expect(decodeWith(sloppy, Uint8Array.of(1), 1)).toEqual({ ok: true, value: 1 })
    expect(decodeWith(sloppy, Uint8Array.of(3), 1)).toMatchObject({ ok: false, code: 'non-canonical' })
  })

  it('no text, whatever it begins with', () => {
    const decoded = decodeTransaction(named('\ufeffA'))
    expect(decoded).toMatchObject({ ok: true, value: { payload: { name: '\ufeffA' } } })
  })

  it('a payload of a type it does not know', () => {
    const bytes = encodeTransaction({ ...transaction!, payload: { type: 'validator.ready' } })
    const signatureAt = new DataView(bytes.buffer).getUint32(4, true)
    expect(bytes[signatureAt - 1]).toBe(17)
    bytes[signatureAt - 1] = 250
    expect(decodeTransaction(bytes)).toMatchObject({ ok: false, code: 'unknown-type' })
  })

  it('a certificate of a scheme it does not know', () => {
    const [certificate] = fc.sample(arbitrary.certificates, { numRuns: 1, seed: 7 })
    const bytes = encodeCertificate(certificate!)
    bytes[0] = 1
    expect(decodeCertificate(bytes)).toMatchObject({ ok: false, code: 'unknown-type' })
  })

  it('a consensus message of a type it does not know', () => {
    expect(decodeConsensusMessage(Uint8Array.of(9, 1, 2))).toMatchObject({ ok: false, code: 'unknown-type' })
    expect(decodeConsensusMessage(new Uint8Array(0))).toMatchObject({ ok: false, code: 'malformed' })
  })

  it('an integer that a number cannot hold', () => {
    const [prepare] = fc.sample(arbitrary.prepares, { numRuns: 1, seed: 7 })
    const bytes = encodeConsensusMessage(prepare!)
    bytes.fill(0xff, 1, 9)
    expect(decodeConsensusMessage(bytes)).toEqual({
      ok: false,
      code: 'malformed',
      detail: 'an integer above 2^53 - 1',
    })
  })

  it('validators out of order, and one twice', () => {
    const [set] = fc.sample(
      arbitrary.validatorSets.filter(({ members }) => members.length === 2),
      { numRuns: 1, seed: 7 },
    )
    const bytes = encodeValidatorSet(set!)
    const head = bytes.length - 2 * 124
    const [first, second] = [bytes.slice(head, head + 124), bytes.slice(head + 124)]
    bytes.set(second, head)
    expect(decodeValidatorSet(bytes)).toMatchObject({ ok: false, code: 'non-canonical' })
    bytes.set(first, head)
    bytes.set(first, head + 124)
    expect(decodeValidatorSet(bytes)).toMatchObject({ ok: false, code: 'non-canonical' })
  })

  it('more elements than the limit, before it reads them', () => {
    const votes = new Uint8Array(128 * (limit.MAX_VALIDATORS + 1))
    expect(decodePrepares(votes)).toMatchObject({
      ok: false,
      code: 'malformed',
      detail: expect.stringContaining('over limit'),
    })
    expect(decodePrepares(votes.subarray(128)).ok).toBe(true)
  })
})

describe('a round change', () => {
  const [change] = fc.sample(arbitrary.roundChanges, { numRuns: 1, seed: 3 })

  it('with nothing prepared has one encoding, different from any with something', () => {
    const nothing = encodeConsensusMessage({ ...change!, prepared: null, preparedCertificate: [] })
    const zero = encodeConsensusMessage({
      ...change!,
      prepared: { round: 0, blockId: `0x${'00'.repeat(32)}` as never },
      preparedCertificate: [],
    })
    expect(zero.length - nothing.length).toBe(4 + 32)
    expect(decodeConsensusMessage(nothing)).toMatchObject({ ok: true, value: { prepared: null } })
    expect(decodeConsensusMessage(zero)).toMatchObject({ ok: true, value: { prepared: { round: 0 } } })
  })
})

describe('writing what a format cannot hold', () => {
  const [header] = fc.sample(arbitrary.headers, { numRuns: 1, seed: 7 })

  it.each([
    ['a negative height', { height: -1 }],
    ['a fraction', { gasUsed: 0.5 }],
    ['an amount above 64 bits', { baseFeePerGas: 2n ** 64n }],
    ['a negative amount', { baseFeePerGas: -1n }],
    ['a short reveal', { randomnessReveal: new Uint8Array(79) }],
    ['upper-case hex', { parentId: `0x${'AB'.repeat(32)}` }],
    ['a hash of 31 bytes', { parentId: `0x${'ab'.repeat(31)}` }],
    ['a name above its limit', { chainId: 'c'.repeat(33) }],
  ])('throws: %s', (_, change) => {
    expect(() => block.encodeHeader({ ...header!, ...change } as never)).toThrow(/assertion failed/)
  })

  it('throws: a list above its limit', () => {
    const [transaction] = fc.sample(arbitrary.transactions, { numRuns: 1, seed: 7 })
    const batch = (count: number) =>
      encodeTransaction({
        ...transaction!,
        payload: { type: 'batch', payloads: new Array(count).fill({ type: 'validator.ready' }) },
      })
    expect(decodeTransaction(batch(limit.MAX_BATCH_PAYLOADS)).ok).toBe(true)
    expect(() => batch(limit.MAX_BATCH_PAYLOADS + 1)).toThrow(/65 elements/)
  })
})
