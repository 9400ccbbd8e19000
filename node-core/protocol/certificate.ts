/** Certificates: proofs that a quorum of a validator set signed one thing. */
import type { Hash, Height, Round } from './ids.ts'

/** A quorum of COMMITs for one block in one round. Scheme 0: bitmap over the set's members and a list of Ed25519 signatures. */
export interface Certificate {
  readonly scheme: number
  readonly height: Height
  readonly round: Round
  readonly blockId: Hash
  readonly validatorsHash: Hash
  /** Bit i (LSB first) = member i of the set signed. */
  readonly bitmap: Uint8Array
  /** One 64-byte signature for each set bit, in member order. */
  readonly signatures: readonly Uint8Array[]
}
