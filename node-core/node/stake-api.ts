/** Stake, its positions and rewards as NodeApi shows them. */
import type { AddressString, AmountString } from './node-api.ts'

/**
 * active: backs a validator; unstaking: on its way back; withdrawn: a balance again; slashed: nothing is left of it.
 */
export type PositionState = 'active' | 'unstaking' | 'withdrawn' | 'slashed'

export interface StakePositionView {
  readonly kind: 'delegation' | 'unbonding' | 'redelegation'
  /** Of an unbonding: its number, which a withdrawal names; null otherwise. */
  readonly position: number | null
  readonly state: PositionState
  /** Where it is, or was. */
  readonly validator: AddressString
  readonly validatorName: string
  /** Of a redelegation: where it came from. */
  readonly from: AddressString | null
  /** What it is worth now, without rewards that wait. */
  readonly amount: AmountString
  /** Put in less taken out; of an unbonding or redelegation: what it was at the start. */
  readonly principal: AmountString
  /** Lost to slashes, as far as the state remembers. */
  readonly lost: AmountString
  /** Of a delegation: rewards join it at each epoch's end. */
  readonly compounding: boolean
  /** Of a delegation: rewards that can be claimed. */
  readonly rewards: AmountString
  /**
   * Of an unbonding: when it can be withdrawn; of a redelegation: when it can be moved on. null while its last epoch with
   * power has not ended, and of other kinds; 0: so long ago that the state has forgotten it.
   */
  readonly releasedAtMs: number | null
  /** As blocks at the pace of the chain, null where `releasedAtMs` is. */
  readonly blocksLeft: number | null
}

export interface StakePositionsView {
  readonly address: AddressString
  readonly height: number
  readonly positions: readonly StakePositionView[]
  readonly totals: {
    readonly active: AmountString
    readonly unstaking: AmountString
    /** Of `unstaking`: what a withdrawal would bring now. */
    readonly withdrawable: AmountString
    readonly rewards: AmountString
  }
}

export interface StakeRewardsView {
  readonly address: AddressString
  readonly height: number
  /** By validator, with its own commission where the address is a validator. */
  readonly claimable: readonly {
    readonly validator: AddressString
    readonly validatorName: string
    readonly amount: AmountString
    readonly commission: AmountString
  }[]
  /**
   * Ends of epochs that this node has executed without a gap, oldest first, at most 200: what the address had earned by then
   * in all, counted from what it could claim at the first of them; none for those far down by stake.
   */
  readonly history: readonly {
    readonly epoch: number
    readonly atMs: number
    readonly earned: AmountString
    readonly stake: AmountString
  }[]
  /** Millionths a year, by what the last epochs paid on the stake of this address; null: nothing to tell it from. */
  readonly annualRate: number | null
}

/** One slash, told by a block that this node has. */
export interface SlashView {
  readonly height: number
  readonly atMs: number
  readonly offence: 'double-sign' | 'amnesia' | 'invalid-block' | 'unavailable' | 'slow'
  /** Millionths of the stake at the offence. */
  readonly fraction: number
  readonly amount: AmountString
  /** Who sent the evidence; null: the chain saw it itself. */
  readonly reporter: AddressString | null
  /** Canonical bytes of the proof, 0x-hex; null: the certificates themselves. */
  readonly proof: string | null
}
