import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzRuns, hostileBytes } from '../lib/mutations.test-kit.ts'
import { decodeEvidence, encodeEvidence, evidenceId, pairOf } from './codec-evidence.ts'
import { MAX_EVIDENCE_BYTES } from './constants.ts'
import type { Statement } from './evidence.ts'
import type { Address, Hash } from './ids.ts'

const hash = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as Hash
const hashes = fc.integer({ min: 0, max: 3 }).map(hash)
const place = {
  height: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  round: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  sender: fc.constant(`0x${'11'.repeat(20)}` as Address),
  signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
}
const statements: fc.Arbitrary<Statement> = fc.oneof(
  fc.record({
    ...place,
    type: fc.constantFrom('pre-prepare' as const, 'prepare' as const, 'commit' as const),
    blockId: hashes,
  }),
  fc.record({
    ...place,
    type: fc.constant('round-change' as const),
    prepared: fc.option(fc.record({ round: place.round, blockId: hashes })),
  }),
)
const content = (statement: Statement) => JSON.stringify({ ...statement, signature: null })
const pairs = fc.tuple(statements, statements).filter(([a, b]) => content(a) !== content(b))

describe('evidence', () => {
  it('comes back from its bytes, the same whoever found it and in whichever order', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const bytes = encodeEvidence(pairOf(a, b))
        expect(encodeEvidence(pairOf(b, a))).toEqual(bytes)
        expect(decodeEvidence(bytes)).toEqual({ ok: true, value: pairOf(a, b) })
        expect(bytes.length).toBeLessThan(MAX_EVIDENCE_BYTES)
      }),
    )
  })

  it('has an id of what was said: other signature bytes are the same evidence, other words are not', () => {
    fc.assert(
      fc.property(pairs, place.signature, ([a, b], signature) => {
        const id = evidenceId(pairOf(a, b))
        expect(evidenceId(pairOf({ ...a, signature }, b))).toBe(id)
        expect(evidenceId(pairOf({ ...a, height: a.height === 1 ? 2 : a.height - 1 }, b))).not.toBe(id)
      }),
    )
  })

  it('in another order, or of one statement twice, is not read', () => {
    fc.assert(
      fc.property(pairs, place.signature, ([a, b], signature) => {
        const { first, second } = pairOf(a, b)
        expect(decodeEvidence(encodeEvidence({ first: second, second: first }))).toMatchObject({
          code: 'non-canonical',
        })
        expect(decodeEvidence(encodeEvidence({ first: a, second: { ...a, signature } }))).toMatchObject({
          code: 'malformed',
        })
      }),
    )
  })

  it('of any bytes is one that has these very bytes, or refused with a code', () => {
    const real = pairs.map(([a, b]) => encodeEvidence(pairOf(a, b)))
    fc.assert(
      fc.property(hostileBytes(real), (bytes) => {
        const decoded = decodeEvidence(bytes)
        if (decoded.ok) expect(encodeEvidence(decoded.value)).toEqual(bytes)
        else expect(decoded.code).toMatch(/^(malformed|non-canonical|unknown-type)$/)
      }),
      { numRuns: fuzzRuns(1_000) },
    )
  })
})
