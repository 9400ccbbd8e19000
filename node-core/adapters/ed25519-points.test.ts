import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../protocol/arbitraries.ts'
import { decodeVrfKey, proveVrf, verifyVrf, vrfPublicKey } from './ecvrf.ts'
import { Ed25519Batch } from './ed25519-batch.ts'
import { pointArithmetic } from './ed25519-points.ts'
import { diceOf, honest, ODD_ENCODINGS, TORSION } from './odd-signatures.test-kit.ts'

const { Point } = ed25519
const ORDER = Point.Fn.ORDER
const batch = await Ed25519Batch.create()
const points = pointArithmetic(batch.curve)

const oddBytes = fc.oneof(
  bytesOf(32),
  fc.constantFrom(...ODD_ENCODINGS),
  fc.nat(40).map((below) => {
    // y from p − 20 to p + 20, with and without the sign: what is not canonical begins at p.
    const y = Point.Fp.ORDER - 20n + BigInt(below)
    return Uint8Array.from({ length: 32 }, (_, i) => Number((y >> BigInt(8 * i)) & 255n))
  }),
)
const scalars = fc.oneof(fc.bigInt(0n, ORDER - 1n), fc.constantFrom(0n, 1n, 2n, ORDER - 1n))
/** Points of the prime order, of small order, and sums of both. */
const anyPoint = fc
  .tuple(scalars, fc.constantFrom(Point.ZERO, ...TORSION))
  .map(([scalar, small]) => Point.BASE.multiplyUnsafe(scalar).add(small))

function byLibrary(bytes: Uint8Array) {
  try {
    return Point.fromBytes(bytes, false)
  } catch {
    return null
  }
}

describe('points in WebAssembly', () => {
  it('are decoded as RFC 8032 says, odd bytes too', () => {
    fc.assert(
      fc.property(oddBytes, (bytes) => {
        expect(points.decode(bytes)?.toHex() ?? null).toBe(byLibrary(bytes)?.toHex() ?? null)
      }),
      { numRuns: 1_000 },
    )
  })

  it('add up to what the library says, whatever part of small order they have', () => {
    fc.assert(
      fc.property(anyPoint, scalars, anyPoint, scalars, (P, a, Q, b) => {
        const expected = P.multiplyUnsafe(a).add(Q.multiplyUnsafe(b))
        expect(points.sum(P, a, Q, b).equals(expected)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('share their memory with batches of signatures', () => {
    const dice = diceOf(11)
    const signed = Array.from({ length: 5 }, () => honest(dice))
    const P = Point.BASE.multiply(77n)
    expect(batch.verify(signed)).toEqual(Array(5).fill(true))
    expect(points.sum(P, 3n, Point.BASE, 4n).equals(Point.BASE.multiply(235n))).toBe(true)
    expect(batch.verify(signed)).toEqual(Array(5).fill(true))
  })
})

describe('a proof of randomness', () => {
  it('has the verdict and the output that the library gives, with any bit changed', () => {
    fc.assert(
      fc.property(bytesOf(32), bytesOf(40), fc.nat({ max: 1_279 }), (seed, message, bit) => {
        const key = decodeVrfKey(vrfPublicKey(seed))!
        const { proof, output } = proveVrf(seed, message)
        expect(verifyVrf(key, message, proof, points)).toEqual(output)
        proof[(bit >> 3) % 80]! ^= 1 << (bit & 7)
        expect(verifyVrf(key, message, proof, points)).toEqual(verifyVrf(key, message, proof))
      }),
      { numRuns: 100 },
    )
  })

  it('of a γ with a part of small order is judged as by the library', () => {
    const key = decodeVrfKey(vrfPublicKey(new Uint8Array(32).fill(9)))!
    const message = new Uint8Array(8)
    const { proof } = proveVrf(new Uint8Array(32).fill(9), message)
    for (const torsion of TORSION) {
      const gamma = Point.fromBytes(proof.subarray(0, 32))
      for (const each of [gamma.add(torsion), torsion]) {
        const changed = Uint8Array.of(...each.toBytes(), ...proof.subarray(32))
        expect(verifyVrf(key, message, changed, points)).toEqual(verifyVrf(key, message, changed))
      }
    }
  })
})
