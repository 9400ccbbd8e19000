/**
 * Signatures of scheme 1: what a passkey gives back when it signs (WebAuthn, an assertion), and what of it the chain checks.
 * It never signs a message of one's choice: it signs its own data and the hash of the browser's data, and the browser's data
 * names a challenge. The challenge is the hash of what any other key would sign.
 */
import { base64urlnopad } from '@scure/base'
import { assert } from '../lib/assert.ts'
import { concatBytes } from '../lib/bytes.ts'
import { type Decoded, decodeWith } from './codec.ts'
import { MAX_TRANSACTION_SIGNATURE_BYTES } from './constants.ts'
import { sha256 } from './hash.ts'
import { container } from './ssz-composites.ts'
import { byteList, bytes } from './ssz-scalars.ts'

/** r and s, 32 bytes each, big-endian. */
export const P256_SIGNATURE_BYTES = 64
/** Hash of the site's name, flags, counter. */
const LEAST_AUTHENTICATOR_BYTES = 37
/** With extensions, which authenticators seldom add. */
const MAX_AUTHENTICATOR_BYTES = 256
/** JSON of type, challenge, origin and what a browser adds: 120 to 300 bytes. */
const MAX_CLIENT_DATA_BYTES = 640
const FLAGS_AT = 32
/** Somebody was there and agreed. */
const USER_PRESENT = 0x01
const OFFSETS_BYTES = 8

export interface PasskeySignature {
  readonly authenticatorData: Uint8Array
  /** UTF-8 of a JSON object, as the browser made it. */
  readonly clientDataJson: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

const passkeySignatureType = container<PasskeySignature>({
  authenticatorData: byteList(MAX_AUTHENTICATOR_BYTES),
  clientDataJson: byteList(MAX_CLIENT_DATA_BYTES),
  signature: bytes(P256_SIGNATURE_BYTES),
})

/** Whether it can be encoded: what browsers and authenticators add has its limits here. */
export function fitsPasskeySignature({ authenticatorData, clientDataJson }: PasskeySignature): boolean {
  return authenticatorData.length <= MAX_AUTHENTICATOR_BYTES && clientDataJson.length <= MAX_CLIENT_DATA_BYTES
}

export function encodePasskeySignature(signature: PasskeySignature): Uint8Array {
  return passkeySignatureType.serialize(signature)
}

export function decodePasskeySignature(encoded: Uint8Array): Decoded<PasskeySignature> {
  return decodeWith(passkeySignatureType, encoded, MAX_TRANSACTION_SIGNATURE_BYTES)
}

/** 32 bytes that the passkey is asked to sign, of a transaction's signing bytes. */
export function passkeyChallenge(signingBytes: Uint8Array): Uint8Array {
  return sha256(signingBytes)
}

/** What the P-256 key must have signed, with SHA-256, for it to count as the transaction's signature; null: it cannot count. */
export function signedByPasskey(
  { authenticatorData, clientDataJson }: PasskeySignature,
  signingBytes: Uint8Array,
): Uint8Array | null {
  if (authenticatorData.length < LEAST_AUTHENTICATOR_BYTES) return null
  if ((authenticatorData[FLAGS_AT]! & USER_PRESENT) === 0) return null
  if (!asksFor(clientDataJson, passkeyChallenge(signingBytes))) return null
  return bytesSigned({ authenticatorData, clientDataJson })
}

/** What an authenticator puts under its signature, whatever it was asked. */
export function bytesSigned({
  authenticatorData,
  clientDataJson,
}: Omit<PasskeySignature, 'signature'>): Uint8Array {
  return concatBytes(authenticatorData, sha256(clientDataJson))
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Of the JSON two members matter, wherever they stand; of members that are there twice the last counts, in every engine.
 * The origin is not looked at: the browser lets no other site use the key, and the chain knows no site.
 */
function asksFor(clientDataJson: Uint8Array, challenge: Uint8Array): boolean {
  let data: unknown
  try {
    data = JSON.parse(decoder.decode(clientDataJson))
  } catch {
    return false
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false
  const own = (name: string): unknown =>
    Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : undefined
  return own('type') === 'webauthn.get' && own('challenge') === base64urlnopad.encode(challenge)
}

assert(
  OFFSETS_BYTES + MAX_AUTHENTICATOR_BYTES + MAX_CLIENT_DATA_BYTES + P256_SIGNATURE_BYTES <=
    MAX_TRANSACTION_SIGNATURE_BYTES,
  'the largest passkey signature fits',
)
