import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../lib/bytes.ts'
import { bytesOf } from '../protocol/arbitraries.ts'
import { runEd25519Vectors } from './ed25519-vectors.ts'
import { createRandomnessKey, createSigningKey, createVerifier } from './verifier.ts'

const verifier = createVerifier()
const seed = new Uint8Array(32).fill(7)
const message = utf8('a message')

/** Public vectors kept outside the checkout; without them this part is passed over, and says so. */
const VECTORS = path.resolve(import.meta.dirname, '../../../shared/vectors')
const present = existsSync(VECTORS)
if (!present) console.info(`passed over: no Ed25519 vectors at ${VECTORS}`)
const vectors = (name: string) => JSON.parse(readFileSync(path.join(VECTORS, name), 'utf8'))

/** A platform that has no Ed25519, and one that rejects everything: ZIP-215 decides alone. */
const lacking = { importKey: () => Promise.reject(new Error('no such algorithm')) } as unknown as SubtleCrypto
const rejecting = { importKey: async () => ({}), verify: async () => false } as unknown as SubtleCrypto

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = bytes.slice()
  changed[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7)
  return changed
}

describe('Ed25519', () => {
  it.runIf(present).each([
    ['this platform', createVerifier()],
    ['a platform without Ed25519', createVerifier(lacking)],
    ['a platform that rejects all', createVerifier(rejecting)],
  ])('gives the ZIP-215 verdict to every public vector on %s', async (_, each) => {
    const report = await runEd25519Vectors(
      each,
      vectors('wycheproof-ed25519.json'),
      vectors('ed25519-speccheck.json'),
    )
    expect(report).toEqual({ mismatches: [], total: 163 })
  })

  it('accepts what its keys sign, and nothing that differs in a bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        bytesOf(32),
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(511),
        async (keySeed, signed, bit) => {
          const key = await createSigningKey(keySeed)
          const signature = await key.sign(signed)
          expect(key.publicKey).toEqual(ed25519.getPublicKey(keySeed))
          expect(await verifier.verifyEd25519(key.publicKey, signed, signature)).toBe(true)
          expect(await verifier.verifyEd25519(key.publicKey, signed, flipped(signature, bit))).toBe(false)
          expect(await verifier.verifyEd25519(flipped(key.publicKey, bit), signed, signature)).toBe(false)
          expect(await verifier.verifyEd25519(key.publicKey, Uint8Array.of(...signed, 0), signature)).toBe(
            false,
          )
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is false for wrong lengths, not a throw', async () => {
    const key = await createSigningKey(seed)
    const signature = await key.sign(message)
    expect(await verifier.verifyEd25519(key.publicKey.subarray(1), message, signature)).toBe(false)
    expect(await verifier.verifyEd25519(key.publicKey, message, signature.subarray(1))).toBe(false)
    expect(await verifier.verifyEd25519(new Uint8Array(0), new Uint8Array(0), new Uint8Array(0))).toBe(false)
  })

  it('refuses a seed that is not 32 bytes', async () => {
    await expect(createSigningKey(new Uint8Array(31))).rejects.toThrow(/32 bytes/)
    expect(() => createRandomnessKey(new Uint8Array(33))).toThrow(/32 bytes/)
  })
})

describe('BLS', () => {
  const key = createRandomnessKey(seed)
  const infinity = (length: number) => Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xc0 : 0))

  it('accepts what its keys sign, and nothing else', async () => {
    const signature = await key.sign(message)
    const other = createRandomnessKey(new Uint8Array(32).fill(8))
    expect([key.publicKey.length, signature.length]).toEqual([48, 96])
    expect(await verifier.verifyBls(key.publicKey, message, signature)).toBe(true)
    expect(await verifier.verifyBls(key.publicKey, message, signature)).toBe(true)
    expect(await verifier.verifyBls(key.publicKey, utf8('another'), signature)).toBe(false)
    expect(await verifier.verifyBls(other.publicKey, message, signature)).toBe(false)
    expect(await verifier.verifyBls(key.publicKey, message, await other.sign(message))).toBe(false)
    for (const bit of [0, 5, 6, 7, 300, 767]) {
      expect(await verifier.verifyBls(key.publicKey, message, flipped(signature, bit)), `bit ${bit}`).toBe(
        false,
      )
    }
  })

  it('signs a message in one way', async () => {
    expect(await key.sign(message)).toEqual(await createRandomnessKey(seed).sign(message))
    expect(Buffer.from(key.publicKey).toString('hex')).toMatchInlineSnapshot(
      `"92adf246b3a20e0511132befa12e906e4693a7b58685e08427977de36f6a7584db8a98f276036867301462dd4e91d7aa"`,
    )
  })

  it('takes no infinity, which would sign everything', async () => {
    expect(bls12_381.G1.Point.fromBytes(infinity(48)).is0()).toBe(true)
    expect(await verifier.verifyBls(infinity(48), message, infinity(96))).toBe(false)
    expect(await verifier.verifyBls(key.publicKey, message, infinity(96))).toBe(false)
  })

  it('takes no point outside the prime-order subgroup', async () => {
    const onCurve = Uint8Array.from({ length: 48 }, (_, i) => (i === 0 ? 0x80 : 0))
    expect(await verifier.verifyBls(onCurve, message, await key.sign(message))).toBe(false)
    for (let x = 0; x < 16; x++) {
      const signature = Uint8Array.from({ length: 96 }, (_, i) => (i === 0 ? 0x80 : i === 95 ? x : 0))
      expect(await verifier.verifyBls(key.publicKey, message, signature)).toBe(false)
    }
  })

  it('is false for wrong lengths, not a throw', async () => {
    const signature = await key.sign(message)
    expect(await verifier.verifyBls(key.publicKey.subarray(1), message, signature)).toBe(false)
    expect(await verifier.verifyBls(key.publicKey, message, signature.subarray(1))).toBe(false)
    expect(await verifier.verifyBls(new Uint8Array(48), message, new Uint8Array(96))).toBe(false)
  })
})
