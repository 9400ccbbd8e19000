/**
 * A verifiable random function: ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381 on the curve of @noble/curves. One key and one
 * message have one output, which the holder can prove and cannot choose. The proof itself is not unique: only the
 * output may be used as randomness.
 */
import { mulAddUnsafe, normalizeZ } from '@noble/curves/abstract/curve.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { assert } from '../lib/assert.ts'
import { concatBytes, littleEndian } from '../lib/bytes.ts'
import { RANDOMNESS_KEY_BYTES, VRF_PROOF_BYTES } from '../protocol/constants.ts'

const { Point } = ed25519
export type CurvePoint = InstanceType<typeof Point>

const ORDER = Point.Fn.ORDER
const SUITE = 0x03
const ENCODE_TO_CURVE = 0x01
const CHALLENGE = 0x02
const PROOF_TO_HASH = 0x03
const END = 0x00
const POINT_BYTES = 32
const CHALLENGE_BYTES = 16
/** Each try fails with a chance of one half: more are never needed. */
const MAXIMUM_TRIES = 256

/** What of a verification may be done elsewhere, with the same results. */
export interface PointArithmetic {
  /** RFC 8032 decoding; null for bytes that are no point or not its canonical form. */
  decode(bytes: Uint8Array): CurvePoint | null
  /** a P + b Q. The scalars are below the order. */
  sum(P: CurvePoint, a: bigint, Q: CurvePoint, b: bigint): CurvePoint
}

const libraryArithmetic: PointArithmetic = {
  decode(bytes) {
    try {
      return Point.fromBytes(bytes, false)
    } catch {
      return null
    }
  },
  // PERF: both multiples at once share their doublings, a quarter of the whole verification.
  sum: (P, a, Q, b) => mulAddUnsafe(Point, [P, Q], [a, b]),
}

interface VrfProof {
  /** 80 bytes. */
  readonly proof: Uint8Array
  /** 64 bytes. */
  readonly output: Uint8Array
}

/** The public half of a 32-byte seed, as for Ed25519. */
export function vrfPublicKey(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed)
}

export function proveVrf(seed: Uint8Array, message: Uint8Array): VrfProof {
  const { scalar, prefix, pointBytes } = ed25519.utils.getExtendedPublicKey(seed)
  const base = encodeToCurve(libraryArithmetic, pointBytes, message)
  const baseBytes = base.toBytes()
  const gamma = base.multiply(scalar)
  const nonce = Point.Fn.create(littleEndian(sha512(concatBytes(prefix, baseBytes))))
  assert(nonce !== 0n, 'a nonce of zero has a chance of 2^-252')
  const challenge = challengeOf(pointBytes, base, gamma, Point.BASE.multiply(nonce), base.multiply(nonce))
  const response = Point.Fn.create(nonce + littleEndian(challenge) * scalar)
  const proof = concatBytes(gamma.toBytes(), challenge, Point.Fn.toBytes(response))
  return { proof, output: outputOf(gamma) }
}

/** A decoded public key that may verify: canonical and not of small order. null: it is no such key. */
export function decodeVrfKey(publicKey: Uint8Array): CurvePoint | null {
  if (publicKey.length !== RANDOMNESS_KEY_BYTES) return null
  const point = libraryArithmetic.decode(publicKey)
  return point && !point.isSmallOrder() ? point : null
}

/** The 64-byte output that the proof shows, or null. Total: no bytes make it throw. */
export function verifyVrf(
  key: CurvePoint,
  message: Uint8Array,
  proof: Uint8Array,
  { decode, sum }: PointArithmetic = libraryArithmetic,
): Uint8Array | null {
  if (proof.length !== VRF_PROOF_BYTES) return null
  const gamma = decode(proof.subarray(0, POINT_BYTES))
  const challengeBytes = proof.subarray(POINT_BYTES, POINT_BYTES + CHALLENGE_BYTES)
  const response = littleEndian(proof.subarray(POINT_BYTES + CHALLENGE_BYTES))
  if (!gamma || response >= ORDER) return null
  const challenge = littleEndian(challengeBytes)
  const keyBytes = key.toBytes()
  const base = encodeToCurve({ decode }, keyBytes, message)
  const u = sum(Point.BASE, response, key.negate(), challenge)
  const v = sum(base, response, gamma.negate(), challenge)
  const expected = challengeOf(keyBytes, base, gamma, u, v)
  return littleEndian(expected) === challenge ? outputOf(gamma) : null
}

/** Try and increment: the first hash that is a point, times the cofactor. */
function encodeToCurve(
  { decode }: Pick<PointArithmetic, 'decode'>,
  keyBytes: Uint8Array,
  message: Uint8Array,
): CurvePoint {
  for (let counter = 0; counter < MAXIMUM_TRIES; counter++) {
    const digest = sha512(
      concatBytes(Uint8Array.of(SUITE, ENCODE_TO_CURVE), keyBytes, message, Uint8Array.of(counter, END)),
    )
    const point = decode(digest.subarray(0, POINT_BYTES))
    if (point && !point.isSmallOrder()) return point.clearCofactor()
  }
  throw new Error('no point in 256 tries, whose chance is 2^-256')
}

function challengeOf(keyBytes: Uint8Array, ...points: CurvePoint[]): Uint8Array {
  const digest = sha512(
    concatBytes(
      Uint8Array.of(SUITE, CHALLENGE),
      keyBytes,
      ...normalizeZ(Point, points).map((point) => point.toBytes()),
      Uint8Array.of(END),
    ),
  )
  return digest.slice(0, CHALLENGE_BYTES)
}

function outputOf(gamma: CurvePoint): Uint8Array {
  return sha512(
    concatBytes(Uint8Array.of(SUITE, PROOF_TO_HASH), gamma.clearCofactor().toBytes(), Uint8Array.of(END)),
  )
}
