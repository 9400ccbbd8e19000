/** The validators of one epoch, as every header of that epoch names them by hash. */
import type { Address, Epoch, Height } from './ids.ts'

export interface Validator {
  readonly address: Address
  /** Ed25519, 32 bytes. */
  readonly validatorKey: Uint8Array
  /** Of the random function, 32 bytes. */
  readonly randomnessKey: Uint8Array
  /** Voting power: base units of stake, after the cap. */
  readonly power: bigint
  /** Weight for choosing proposers, ≥ 1, fixed with the set. */
  readonly weight: bigint
  /** Proposer priority at the first height of the epoch. */
  readonly priority: bigint
}

export interface ValidatorSet {
  readonly epoch: Epoch
  readonly firstHeight: Height
  readonly lastHeight: Height
  /** Sorted by address bytes; member i is bit i of a certificate's bitmap. */
  readonly members: readonly Validator[]
  readonly totalPower: bigint
}
