/**
 * Keys for whole nodes in a run: a signature is a hash of key and message, which costs microseconds and answers at once.
 * Whoever knows the public key could forge it, so only byzantine replicas of this folder must, and only with their own.
 */
import { concatBytes, equalBytes, utf8 } from '../../lib/bytes.ts'
import type { RandomnessKey, SigningKey, Verifier } from '../../ports/crypto.ts'
import { addressOf } from '../../protocol/address.ts'
import { sha256 } from '../../protocol/hash.ts'
import type { Address } from '../../protocol/ids.ts'

const SIGNATURE_BYTES = 64
const PROOF_BYTES = 80
const OUTPUT_BYTES = 64

function stretched(bytes: number, purpose: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const first = sha256(concatBytes(utf8(purpose), ...parts))
  const all = new Uint8Array(bytes)
  for (let offset = 0, block = first; offset < bytes; offset += block.length, block = sha256(block))
    all.set(block.subarray(0, bytes - offset), offset)
  return all
}

export function stubSignature(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  return stretched(SIGNATURE_BYTES, 'signature', publicKey, message)
}

export const stubProof = (key: Uint8Array, message: Uint8Array) =>
  stretched(PROOF_BYTES, 'proof', key, message)
const outputOf = (key: Uint8Array, message: Uint8Array) => stretched(OUTPUT_BYTES, 'output', key, message)

export const stubVerifier: Verifier = {
  async verifyEd25519(publicKey, message, signature) {
    return equalBytes(stubSignature(publicKey, message), signature)
  },
  /** No account of a run has a passkey. */
  verifyP256: async () => false,
  async verifyVrf(publicKey, message, proof) {
    return equalBytes(stubProof(publicKey, message), proof) ? outputOf(publicKey, message) : null
  },
}

function signingKey(seed: string): SigningKey {
  const publicKey = sha256(utf8(seed))
  return { publicKey, sign: async (message) => stubSignature(publicKey, message) }
}

function randomnessKey(seed: string): RandomnessKey {
  const publicKey = sha256(utf8(seed))
  return {
    publicKey,
    prove: async (message) => ({
      proof: stubProof(publicKey, message),
      output: outputOf(publicKey, message),
    }),
  }
}

export interface SimIdentity {
  readonly name: string
  readonly address: Address
  readonly accountKey: SigningKey
  readonly validatorKey: SigningKey
  readonly randomnessKey: RandomnessKey
}

export function simIdentity(name: string): SimIdentity {
  const accountKey = signingKey(`account ${name}`)
  return {
    name,
    address: addressOf(0, accountKey.publicKey),
    accountKey,
    validatorKey: signingKey(`validator ${name}`),
    randomnessKey: randomnessKey(`randomness ${name}`),
  }
}
