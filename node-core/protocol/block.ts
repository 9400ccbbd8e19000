/** Blocks as data. The round and the seals are not in the header, so a re-proposed value keeps its id. */
import type { Certificate } from './certificate.ts'
import type { Address, Amount, ChainId, Gas, Hash, Height, TimestampMs } from './ids.ts'
import type { Transaction } from './transaction.ts'

export interface Header {
  readonly version: number
  readonly chainId: ChainId
  readonly height: Height
  readonly parentId: Hash
  readonly timestampMs: TimestampMs
  readonly proposer: Address
  readonly validatorsHash: Hash
  readonly nextValidatorsHash: Hash
  readonly transactionsRoot: Hash
  readonly receiptsRoot: Hash
  /** After this block. */
  readonly stateRoot: Hash
  readonly evidenceRoot: Hash
  readonly lastCertificateHash: Hash
  readonly gasUsed: Gas
  readonly gasLimit: Gas
  readonly baseFeePerGas: Amount
  /** Proof of the proposer's random function over the parent's randomness, 80 bytes; the output's hash is `randomness`. */
  readonly randomnessReveal: Uint8Array
  readonly randomness: Hash
}

/** What a node must have to execute a block. The parent's certificate is null at height 1 alone. */
export interface Body {
  readonly transactions: readonly Transaction[]
  readonly evidence: readonly Uint8Array[]
  readonly parentCertificate: Certificate | null
}

export interface Block {
  readonly header: Header
  readonly body: Body
}
