/** A transaction as data: what a person or an agent signs. Canonical bytes are in codec.ts, ids in hash.ts. */
import type { Address, Amount, ChainId, Gas, Hash, Height, Millionths } from './ids.ts'

export type Payload = SinglePayload | BatchPayload | EvidenceSubmit

/** What may be in a batch, but for the faucet's drip. */
export type SinglePayload = ProposablePayload | { readonly type: 'faucet.drip' } | MultisigPayload

/** What a multisig account may be asked to do: everything but what concerns keys and accounts themselves. */
export type ProposablePayload =
  | { readonly type: 'transfer'; readonly to: Address; readonly amount: Amount }
  | ValidatorPayload
  | StakePayload

/** A drip is not allowed inside. */
export type BatchPayload = Batch<SinglePayload>

/** Applied all or none, under one signature and one nonce. */
export interface Batch<Single> {
  readonly type: 'batch'
  readonly payloads: readonly Single[]
}

/** Alone in its transaction, for its size. The sender is paid a share of what is slashed. */
export interface EvidenceSubmit {
  readonly type: 'evidence.submit'
  /** Canonical bytes of an EvidenceProof: evidence-proof.ts. */
  readonly proof: Uint8Array
}

export type ValidatorPayload =
  | ValidatorRegister
  | ValidatorRotateKey
  | { readonly type: 'validator.ready' }
  | { readonly type: 'validator.update'; readonly name: string; readonly commission: Millionths }
  | { readonly type: 'validator.pause' }
  | { readonly type: 'validator.resume' }
  /** After the time in jail. */
  | { readonly type: 'validator.unjail' }
  | { readonly type: 'validator.exit' }
  /** A member's vote where admission is by authority. */
  | { readonly type: 'validator.admit'; readonly validator: Address }
  | { readonly type: 'validator.expel'; readonly validator: Address }

export type StakePayload =
  | { readonly type: 'stake.delegate'; readonly validator: Address; readonly amount: Amount }
  /** An amount that leaves less than the least delegation is refused; all of it ends the delegation. */
  | { readonly type: 'stake.undelegate'; readonly validator: Address; readonly amount: Amount }
  | {
      readonly type: 'stake.redelegate'
      readonly from: Address
      readonly to: Address
      readonly amount: Amount
    }
  /** `position`: the number of an unbonding that is over. */
  | { readonly type: 'stake.withdraw'; readonly position: number }
  | { readonly type: 'stake.claimRewards'; readonly validator: Address }
  /** Whether rewards join the delegation at each epoch's end, or wait to be claimed. */
  | { readonly type: 'stake.compound'; readonly validator: Address; readonly enabled: boolean }

export type MultisigPayload =
  | {
      readonly type: 'multisig.create'
      /** Approvals that an execution takes. */
      readonly threshold: number
      /** Distinct, sorted by bytes. */
      readonly members: readonly Address[]
    }
  /** By a member; its own approval is in it. Pays the gas of what is proposed ahead. */
  | {
      readonly type: 'multisig.propose'
      readonly account: Address
      readonly payload: ProposablePayload
      /** The last height at which it may be executed. */
      readonly expiresAtHeight: Height
    }
  | { readonly type: 'multisig.approve'; readonly account: Address; readonly proposal: number }
  | { readonly type: 'multisig.revoke'; readonly account: Address; readonly proposal: number }
  | { readonly type: 'multisig.execute'; readonly account: Address; readonly proposal: number }

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

/** New consensus keys, proved as in a registration. Evidence against the old ones still counts. */
export type ValidatorRotateKey = { readonly type: 'validator.rotateKey' } & Pick<
  ValidatorRegister,
  'validatorKey' | 'randomnessKey' | 'validatorKeyProof' | 'randomnessKeyProof'
>

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

/**
 * The sender's address is the hash of scheme and key.
 * Scheme 0, Ed25519: publicKey 32 bytes, bytes 64. Scheme 1, P-256 as WebAuthn signs it: publicKey 33 bytes (compressed),
 * bytes as passkey-signature.ts has them. Scheme 2 names multisig accounts, which sign nothing: their members do.
 */
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
