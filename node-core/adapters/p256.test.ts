import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromHex, toHex, utf8 } from '../lib/bytes.ts'
import { sha256 } from '../protocol/hash.ts'
import { compactSignature, compressedKey, keysThatSigned, p256Verifier } from './p256.ts'
import { SoftwarePasskey } from './software-passkey.test-kit.ts'

const { Point } = p256
const ORDER = Point.Fn.ORDER
const FIELD = Point.Fp.ORDER
const message = utf8('sample')

const bytes32 = (value: bigint) => fromHex(`0x${value.toString(16).padStart(64, '0')}`, 32)!
const signature = (r: bigint, s: bigint) => concatBytes(bytes32(r), bytes32(s))
const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

/** A platform without the curve, and one that rejects everything. */
const lacking = { importKey: () => Promise.reject(new Error('no such curve')) } as unknown as SubtleCrypto
const rejecting = { importKey: async () => ({}), verify: async () => false } as unknown as SubtleCrypto

/** A point whose x is above the order: r is then x − n, which a careless comparison of x with r would reject. */
function largeX(): { readonly key: Uint8Array; readonly signature: Uint8Array } {
  for (let x = ORDER; x < FIELD; x++) {
    try {
      const point = Point.fromBytes(concatBytes(Uint8Array.of(2), bytes32(x)))
      const [r, s] = [x - ORDER, 12_345n]
      if (r === 0n) continue
      const hash = number(sha256(message)) % ORDER
      const inverse = Point.Fn.inv(r)
      const scaled = point.multiply(s).subtract(Point.BASE.multiply(hash))
      return { key: scaled.multiply(inverse).toBytes(true), signature: signature(r, s) }
    } catch {
      // No point has this x.
    }
  }
  throw new Error('some x above the order is on the curve')
}

describe.each([
  ['this platform', p256Verifier(crypto.subtle)],
  ['a platform without the curve', p256Verifier(lacking)],
  ['a platform that rejects all', p256Verifier(rejecting)],
])('P-256 on %s', (_, verify) => {
  /** RFC 6979, A.2.5: SHA-256 of "sample". */
  const key = fromHex('0x0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6', 33)!
  const r = 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n
  const s = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n

  it('accepts a published signature, with its s in either half', async () => {
    expect(await verify(key, message, signature(r, s))).toBe(true)
    expect(await verify(key, message, signature(r, ORDER - s))).toBe(true)
    expect(await verify(key, utf8('sampler'), signature(r, s))).toBe(false)
  })

  it('accepts an r that came from an x above the order', async () => {
    const { key: other, signature: signed } = largeX()
    expect(await verify(other, message, signed)).toBe(true)
  })

  it.each([
    ['r of zero', 0n, s],
    ['s of zero', r, 0n],
    ['both of zero', 0n, 0n],
    ['r of the order', ORDER, s],
    ['s of the order', r, ORDER],
    ['the largest r', 2n ** 256n - 1n, s],
    ['the largest s', r, 2n ** 256n - 1n],
  ])('rejects %s', async (_title, badR, badS) => {
    expect(await verify(key, message, signature(badR, badS))).toBe(false)
  })

  it('rejects r and s that stand for right ones above the order', async () => {
    const { key: other, signature: signed } = largeX()
    const small = number(signed.subarray(0, 32))
    expect(await verify(other, message, signature(small + ORDER, 12_345n))).toBe(false)
    expect(await verify(other, message, signature(small, 12_345n + ORDER))).toBe(false)
  })

  it.each([
    ['no bytes', new Uint8Array(0)],
    ['32 bytes', key.subarray(1)],
    ['the whole point', Point.fromBytes(key).toBytes(false)],
    ['an unknown first byte', Uint8Array.of(4, ...key.subarray(1))],
    ['infinity', new Uint8Array(33)],
    ['an x that is none', Uint8Array.of(2, ...bytes32(FIELD))],
    ['no point', Uint8Array.of(3, ...bytes32(FIELD - 1n))],
    ['the other point of this x', Uint8Array.of(2, ...key.subarray(1))],
  ])('is false for a key of %s', async (_title, bad) => {
    expect(await verify(bad, message, signature(r, s))).toBe(false)
  })

  it('is false for a signature of another length', async () => {
    expect(await verify(key, message, signature(r, s).subarray(1))).toBe(false)
    expect(await verify(key, message, concatBytes(signature(r, s), Uint8Array.of(0)))).toBe(false)
  })

  it('accepts what its keys sign, and nothing that differs in a bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(255),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(511),
        async (seed, signed, bit) => {
          const passkey = new SoftwarePasskey(seed)
          const good = passkey.sign(signed)
          const bad = good.slice()
          bad[bit >> 3]! ^= 1 << (bit & 7)
          expect(await verify(passkey.publicKey, signed, good)).toBe(true)
          expect(await verify(passkey.publicKey, signed, bad)).toBe(false)
          expect(await verify(passkey.publicKey, concatBytes(signed, Uint8Array.of(0)), good)).toBe(false)
        },
      ),
      { numRuns: 8 },
    )
  })
})

it('a key is among those that can have made its signature, and two signatures tell which', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.uint8Array(), fc.uint8Array(), (seed, one, other) => {
      const passkey = new SoftwarePasskey(seed)
      const candidates = [one, other].map((signed) => keysThatSigned(signed, passkey.sign(signed)).map(toHex))
      for (const keys of candidates) expect(keys).toContain(toHex(passkey.publicKey))
      fc.pre(toHex(one) !== toHex(other))
      expect(candidates[0]!.filter((key) => candidates[1]!.includes(key))).toEqual([toHex(passkey.publicKey)])
    }),
    { numRuns: 10 },
  )
  expect(keysThatSigned(message, new Uint8Array(64))).toEqual([])
})

describe('what a browser hands out', () => {
  it('is read: the key from its frame, r and s from DER', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
    const key = compressedKey(spki)!
    const signed = new Uint8Array(
      await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, new Uint8Array(message)),
    )
    const der = p256.Signature.fromBytes(signed, 'compact').toBytes('der')
    expect(compactSignature(der)).toEqual(signed)
    expect(await p256Verifier(crypto.subtle)(key, message, signed)).toBe(true)
  })

  it('is nothing when it is of another kind', async () => {
    const other = { name: 'ECDSA', namedCurve: 'P-384' }
    const pair = await crypto.subtle.generateKey(other, true, ['sign', 'verify'])
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
    expect(compressedKey(spki)).toBeNull()
    expect(compressedKey(new Uint8Array(91))).toBeNull()
    expect(compactSignature(new Uint8Array(64))).toBeNull()
    expect(compactSignature(new Uint8Array(0))).toBeNull()
  })
})
