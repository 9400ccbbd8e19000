/** A transaction as data: what a person or an agent signs. Canonical bytes are in codec.ts, ids in hash.ts. */
import type { Address, Amount, ChainId, Gas, Hash, Height, Millionths } from './ids.ts'

export type Payload = SinglePayload | BatchPayload

export type SinglePayload =
  | { readonly type: 'transfer'; readonly to: Address; readonly amount: Amount }
  | { readonly type: 'faucet.drip' }
  | ValidatorRegister
  | { readonly type: 'validator.ready' }
  | { readonly type: 'validator.update'; readonly name: string; readonly commission: Millionths }
  | { readonly type: 'validator.pause' }
  | { readonly type: 'validator.resume' }
  | { readonly type: 'validator.exit' }

/** Applied all or none, under one signature and one nonce; a drip is not allowed inside. */
export interface BatchPayload {
  readonly type: 'batch'
  readonly payloads: readonly SinglePayload[]
}

export interface ValidatorRegister {
  readonly type: 'validator.register'
  /** Ed25519 public key that signs consensus messages, 32 bytes. */
  readonly validatorKey: Uint8Array
  /** Public key of the random function that makes block randomness, 32 bytes. */
  readonly randomnessKey: Uint8Array
  /** Ed25519 signature of the possession message by validatorKey, 64 bytes. */
  readonly validatorKeyProof: Uint8Array
  /** Proof of randomnessKey's function over the possession message, 80 bytes. */
  readonly randomnessKeyProof: Uint8Array
  readonly stake: Amount
  readonly commission: Millionths
  /** Shown to people; 1 to 32 UTF-8 bytes, no control characters. */
  readonly name: string
}

export type PayloadType = Payload['type']

/** Everything under the signature. */
export interface UnsignedTransaction {
  readonly chainId: ChainId
  readonly sender: Address
  readonly nonce: number
  readonly gasLimit: Gas
  readonly maxFeePerGas: Amount
  readonly maxPriorityFeePerGas: Amount
  /** The last height at which it may be included. */
  readonly validUntilHeight: Height
  readonly payload: Payload
}

/** Scheme 0 is Ed25519: publicKey 32 bytes, bytes 64. The sender's address is the hash of scheme and key. */
export interface Signature {
  readonly scheme: number
  readonly publicKey: Uint8Array
  readonly bytes: Uint8Array
}

export interface Transaction extends UnsignedTransaction {
  readonly signature: Signature
}

/** A transaction whose shape, id and signature were checked by this node; only these enter pool and execution. */
export interface VerifiedTransaction {
  readonly id: Hash
  readonly transaction: Transaction
  /** Canonical bytes with the signature, as received and as stored. */
  readonly bytes: Uint8Array
  readonly [verified]: true
}
declare const verified: unique symbol

/** The one door: call it only after the signature was accepted. */
export function markVerified(id: Hash, transaction: Transaction, bytes: Uint8Array): VerifiedTransaction {
  return { id, transaction, bytes } as unknown as VerifiedTransaction
}
