/**
 * Signatures in Node and in browsers: both have WebCrypto. Ed25519 has one verdict everywhere, that of ZIP-215: what the platform
 * accepts is accepted, and what it rejects or cannot do is decided by ZIP-215. Platforms differ on odd encodings, but none accepts
 * what ZIP-215 rejects, so every node comes to the same answer. Several at once are verified in batches that follow ZIP-215
 * themselves (ed25519-batch.ts), one alone too; what a batch does not accept goes that same way. The verifiable random function is
 * in ecvrf.ts, its proofs' points in ed25519-points.ts, what passkeys sign in p256.ts.
 *
 * PERF (CPU time a signature, two cores of an Intel Xeon that did other things too): by the platform 145 to 195 µs in Node 24 and 66
 * to 97 in Chromium; in a batch of its own 100, of 3 50 to 65 in Node, of 16 40, of 32 37; in Chromium of 4 57 to 67, of 16 43 to 49,
 * of 32 33 to 40; a key that was not met before 10 to 20 more. A rejected signature costs 3 ms, in Chromium 1.5, since ZIP-215 has
 * its say. A random function's proof: 0.5 ms to verify (3 where there is no WebAssembly SIMD), 5 ms to make.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { assert } from '../lib/assert.ts'
import { concatBytes, toHex } from '../lib/bytes.ts'
import { RecentlyUsed } from '../lib/recently-used.ts'
import type { RandomnessKey, SigningKey, Verifier } from '../ports/crypto.ts'
import { ED25519_SIGNATURE_BYTES, VALIDATOR_KEY_BYTES } from '../protocol/constants.ts'
import { decodeVrfKey, proveVrf, verifyVrf, vrfPublicKey } from './ecvrf.ts'
import type { Ed25519Batch } from './ed25519-batch.ts'
import { SignatureCollector } from './signature-collector.ts'

const ED25519 = 'Ed25519'
/** Imported Ed25519 keys kept: more than the validators and the busiest senders of a moment. */
const CACHED_KEYS = 4_096
/** Decoded randomness keys kept: several validator sets. */
const CACHED_RANDOMNESS_KEYS = 2_048
const SEED_BYTES = 32
/** PKCS #8 (RFC 8410) in front of a seed. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 34, 4, 32)

type RandomnessPoint = NonNullable<ReturnType<typeof decodeVrfKey>>

/** The platform's `subtle`, and batches once they are wanted; others are for tests. */
export function createVerifier(
  subtle: SubtleCrypto = crypto.subtle,
  makeBatch: () => Promise<Ed25519Batch> = createBatch,
): Verifier {
  const platformKeys = new RecentlyUsed<string, CryptoKey>(CACHED_KEYS)
  const randomnessKeys = new RecentlyUsed<string, RandomnessPoint>(CACHED_RANDOMNESS_KEYS)
  let passkeys: Verifier['verifyP256'] | null = null
  let batch: Promise<Ed25519Batch | null> | null = null
  const batchOrNone = () => {
    batch ??= makeBatch().catch(() => null)
    return batch
  }
  const fastPoints = async () => {
    const made = await batchOrNone()
    return made && (await import('./ed25519-points.ts')).pointArithmetic(made.curve)
  }
  const collector = new SignatureCollector(batchOrNone, async ({ publicKey, message, signature }) => {
    if (await platformAccepts(subtle, platformKeys, publicKey, message, signature)) return true
    return ed25519.verify(signature, message, publicKey, { zip215: true })
  })
  return {
    async verifyEd25519(publicKey, message, signature) {
      if (publicKey.length !== VALIDATOR_KEY_BYTES || signature.length !== ED25519_SIGNATURE_BYTES)
        return false
      return collector.verify({ publicKey, message, signature })
    },
    async verifyP256(...signed) {
      passkeys ??= (await import('./p256.ts')).p256Verifier(subtle)
      return passkeys(...signed)
    },
    async verifyVrf(publicKey, message, proof) {
      const name = toHex(publicKey)
      const key = randomnessKeys.get(name) ?? decodeVrfKey(publicKey)
      if (!key) return null
      randomnessKeys.set(name, key)
      const points = await fastPoints()
      return (points && verifyVrf(key, message, proof, points)) ?? verifyVrf(key, message, proof)
    },
  }
}

async function createBatch(): Promise<Ed25519Batch> {
  return (await import('./ed25519-batch.ts')).Ed25519Batch.create()
}

/** What a verifier loads when it is first wanted, loaded before: a tab whose relay is gone could not any more. */
export async function preloadVerifier(): Promise<void> {
  await Promise.all([import('./p256.ts'), import('./ed25519-batch.ts'), import('./ed25519-points.ts')])
}

async function platformAccepts(
  subtle: SubtleCrypto,
  keys: RecentlyUsed<string, CryptoKey>,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const name = toHex(publicKey)
    let key = keys.get(name)
    if (!key) {
      key = await subtle.importKey('raw', buffer(publicKey), ED25519, false, ['verify'])
      keys.set(name, key)
    }
    return await subtle.verify(ED25519, key, buffer(signature), buffer(message))
  } catch {
    return false
  }
}

/**
 * An Ed25519 key from its 32-byte seed. The platform holds it so that it cannot be read back; the caller wipes the seed.
 * Rejects where the platform has no Ed25519.
 */
export async function createSigningKey(seed: Uint8Array): Promise<SigningKey> {
  assert(seed.length === SEED_BYTES, 'a seed is 32 bytes')
  const encoded = concatBytes(PKCS8_PREFIX, seed)
  const key = await crypto.subtle.importKey('pkcs8', buffer(encoded), ED25519, false, ['sign'])
  encoded.fill(0)
  return signingKeyOf(key, ed25519.getPublicKey(seed))
}

/** A key that the platform already holds, with its public half. */
export function signingKeyOf(key: CryptoKey, publicKey: Uint8Array): SigningKey {
  assert(publicKey.length === VALIDATOR_KEY_BYTES, 'a public key is 32 bytes')
  return {
    publicKey,
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign(ED25519, key, buffer(message)))
    },
  }
}

/** The key of the random function from a 32-byte seed, which stays in this process' memory. */
export function createRandomnessKey(seed: Uint8Array): RandomnessKey {
  assert(seed.length === SEED_BYTES, 'a seed is 32 bytes')
  const kept = seed.slice()
  return {
    publicKey: vrfPublicKey(kept),
    async prove(message) {
      return proveVrf(kept, message)
    },
  }
}

/** WebCrypto does not take shared memory, which nothing here is. */
function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
