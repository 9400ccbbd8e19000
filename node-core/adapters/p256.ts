/**
 * ECDSA on P-256 with SHA-256, as passkeys sign. One verdict everywhere: r and s are from 1 to n − 1, s may be in the upper
 * half (a second signature of the same transaction changes no id), the key is a point of the curve, and the equation holds.
 * The standard leaves nothing else open, so the platform and @noble/curves agree; what the platform rejects or cannot do is
 * still decided by the latter, as for Ed25519. Platforms differ on compressed keys: they get the whole point.
 *
 * PERF (CPU time, Node 24, a busy machine of two cores): 0.26 ms a verification; a rejected signature costs 6 ms.
 */
import { p256 } from '@noble/curves/nist.js'
import { toHex } from '../lib/bytes.ts'
import { RecentlyUsed } from '../lib/recently-used.ts'
import type { Verifier } from '../ports/crypto.ts'
import { PASSKEY_KEY_BYTES } from '../protocol/constants.ts'
import { sha256 } from '../protocol/hash.ts'
import { P256_SIGNATURE_BYTES } from '../protocol/passkey-signature.ts'

const IMPORT = { name: 'ECDSA', namedCurve: 'P-256' }
const VERIFY = { name: 'ECDSA', hash: 'SHA-256' }
/** Which of the points with the x that r stands for was meant. */
const RECOVERIES = [0, 1, 2, 3]
/** Keys kept: more than the busiest senders of a moment. */
const CACHED_KEYS = 1_024
/** SubjectPublicKeyInfo (RFC 5480) in front of an uncompressed point of this curve. */
const SPKI_PREFIX = Uint8Array.of(
  ...[0x30, 89, 0x30, 19, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1],
  ...[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7, 3, 66, 0],
)

/** `subtle` is the platform's; another one is for tests. */
export function p256Verifier(subtle: SubtleCrypto): Verifier['verifyP256'] {
  const keys = new RecentlyUsed<string, CryptoKey>(CACHED_KEYS)
  return async (publicKey, message, signature) => {
    if (publicKey.length !== PASSKEY_KEY_BYTES || signature.length !== P256_SIGNATURE_BYTES) return false
    const name = toHex(publicKey)
    try {
      const key = keys.get(name) ?? (await importKey(subtle, publicKey))
      keys.set(name, key)
      if (await subtle.verify(VERIFY, key, buffer(signature), buffer(message))) return true
    } catch {
      // A key that is no point, or a platform without this curve: the verdict below.
    }
    return verdict(publicKey, message, signature)
  }
}

function verdict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, publicKey, { lowS: false, prehash: true, format: 'compact' })
  } catch {
    return false
  }
}

function importKey(subtle: SubtleCrypto, publicKey: Uint8Array): Promise<CryptoKey> {
  const point = p256.Point.fromBytes(publicKey).toBytes(false)
  return subtle.importKey('raw', buffer(point), IMPORT, false, ['verify'])
}

/** 33 bytes of the key that a browser hands out as SubjectPublicKeyInfo; null: it is not of this curve. */
export function compressedKey(spki: Uint8Array): Uint8Array | null {
  const prefix = spki.subarray(0, SPKI_PREFIX.length)
  if (toHex(prefix) !== toHex(SPKI_PREFIX)) return null
  try {
    return p256.Point.fromBytes(spki.subarray(SPKI_PREFIX.length)).toBytes(true)
  } catch {
    return null
  }
}

/** r ‖ s of a signature as authenticators give it, in DER; null: it is none. */
export function compactSignature(der: Uint8Array): Uint8Array | null {
  try {
    return p256.Signature.fromBytes(der, 'der').toBytes('compact')
  } catch {
    return null
  }
}

/** Every key of which this would be a signature, compressed: two as a rule, of which the signer's is one. */
export function keysThatSigned(message: Uint8Array, signature: Uint8Array): Uint8Array[] {
  return RECOVERIES.flatMap((recovery) => {
    try {
      const signed = p256.Signature.fromBytes(signature, 'compact').addRecoveryBit(recovery)
      return [signed.recoverPublicKey(sha256(message)).toBytes(true)]
    } catch {
      return []
    }
  })
}

/** WebCrypto does not take shared memory, which nothing here is. */
function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
