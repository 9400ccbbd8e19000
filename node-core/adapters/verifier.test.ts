import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
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

const withoutBatches = () => Promise.reject(new Error('no WebAssembly'))
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
    ['this platform without batches', createVerifier(crypto.subtle, withoutBatches)],
    ['a platform without Ed25519', createVerifier(lacking, withoutBatches)],
    ['a platform that rejects all', createVerifier(rejecting, withoutBatches)],
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

describe.each([
  ['on this platform', verifier],
  ['on a platform without WebAssembly', createVerifier(crypto.subtle, withoutBatches)],
])('the random function %s', (_, verifier) => {
  const key = createRandomnessKey(seed)

  it('proves its output to everyone, for its key and message alone', async () => {
    const { proof, output } = await key.prove(message)
    const other = createRandomnessKey(new Uint8Array(32).fill(8))
    expect([key.publicKey.length, proof.length, output.length]).toEqual([32, 80, 64])
    expect(await verifier.verifyVrf(key.publicKey, message, proof)).toEqual(output)
    expect(await verifier.verifyVrf(key.publicKey, message, proof)).toEqual(output)
    expect(await verifier.verifyVrf(key.publicKey, utf8('another'), proof)).toBeNull()
    expect(await verifier.verifyVrf(other.publicKey, message, proof)).toBeNull()
    expect(await verifier.verifyVrf(key.publicKey, message, (await other.prove(message)).proof)).toBeNull()
  })

  it('is null for wrong lengths, not a throw', async () => {
    const { proof } = await key.prove(message)
    expect(await verifier.verifyVrf(key.publicKey.subarray(1), message, proof)).toBeNull()
    expect(await verifier.verifyVrf(key.publicKey, message, proof.subarray(1))).toBeNull()
    expect(await verifier.verifyVrf(new Uint8Array(32), message, new Uint8Array(80))).toBeNull()
  })
})
