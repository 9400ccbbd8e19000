/**
 * What the detectors of attacks look at: the recent chain and what one node saw of it, as facts. Sums over a window are kept by
 * traffic-window.ts as blocks come, so that looking costs the same however many blocks there were.
 */
import type { Address, Amount, Gas, Height, Millionths, TimestampMs } from '../../protocol/ids.ts'
import type { PayloadType } from '../../protocol/transaction.ts'
import type { Entity } from '../concentration.ts'

/** A decided block. */
export interface BlockFacts {
  readonly height: Height
  readonly timeMs: TimestampMs
  readonly proposer: Address
  readonly baseFee: Amount
  readonly gasUsed: Gas
  /** In the block's order. */
  readonly transactions: readonly TransactionFacts[]
  /** Of the certificate of its parent, for each who was expected to sign or did. */
  readonly signers: readonly { readonly validator: Address; readonly signed: boolean }[]
}

export interface TransactionFacts {
  readonly sender: Address
  /** Whose money the sender began with, or the sender: accounts of one funder may be one party, or customers of an exchange. */
  readonly party: Address
  readonly type: PayloadType
  readonly gas: Gas
  /** Accounts and validators that it names. */
  readonly counterparties: readonly Address[]
  /** Of each of its stake operations, what it did or would have done. */
  readonly stake: readonly (readonly StakeMove[])[]
  /** false: it failed, and moved nothing. */
  readonly done: boolean
}

/** Stake behind a validator that comes (> 0) or goes (< 0). */
export interface StakeMove {
  readonly validator: Address
  readonly change: Amount
}

export interface StakeOperation {
  readonly height: Height
  readonly timeMs: TimestampMs
  readonly account: Address
  readonly party: Address
  readonly moves: readonly StakeMove[]
  readonly done: boolean
}

/** Of certificates. */
export interface PresenceSum {
  readonly expected: number
  readonly signed: number
  /** The newest height that it did not sign; null: none. */
  readonly lastMissed: Height | null
}

export interface ProposerSum {
  readonly blocks: number
  /** Those in which its own transaction stands next to a related one. */
  readonly besideOwnBlocks: number
  /** The newest of them. */
  readonly besideOwn: readonly Height[]
}

/** A minute of block time. */
export interface GasMinute {
  readonly firstHeight: Height
  readonly lastHeight: Height
  readonly lowestBaseFee: Amount
  readonly gasUsed: Gas
  /** A sender's own where it is one of a crowd. */
  readonly byParty: ReadonlyMap<Address, Gas>
}

/** Two signed statements that contradict each other. */
export interface Equivocation {
  readonly validator: Address
  readonly height: Height
  readonly atMs: TimestampMs
}

/** A certificate with good signatures for a block that is not on this chain. */
export interface RefusedCertificate {
  readonly height: Height
  readonly atMs: TimestampMs
  /** Of the height's own block, when it came. */
  readonly ageMs: number
  /** Of its signers' power, what is of keys that are in no set any more. */
  readonly retiredPower: Millionths
}

/** Work that one party did for another and was paid for. */
export interface Deal {
  readonly height: Height
  readonly timeMs: TimestampMs
  readonly client: Address
  readonly worker: Address
  /** Where their money came from first, or themselves. */
  readonly clientParty: Address
  readonly workerParty: Address
  /** The client said something good of the worker: that is what reputation is made of. */
  readonly isPraised: boolean
}

export interface Observation {
  /** Of the newest block. */
  readonly height: Height
  readonly nowMs: TimestampMs
  /** Of the set in force. */
  readonly powers: readonly bigint[]
  readonly entities: readonly Entity[]
  /** Behind each validator. */
  readonly stakes: ReadonlyMap<Address, Amount>
  /** Oldest first. */
  readonly stakeOperations: readonly StakeOperation[]
  readonly presence: ReadonlyMap<Address, PresenceSum>
  readonly proposers: ReadonlyMap<Address, ProposerSum>
  /** Oldest first, the one in progress last. */
  readonly gasMinutes: readonly GasMinute[]
  /** Of the next block. */
  readonly baseFee: Amount
  readonly equivocations: readonly Equivocation[]
  readonly refused: readonly RefusedCertificate[]
  /** Older than this, keys have nothing to lose any more, ms. */
  readonly trustingPeriodMs: number
  /** Oldest first. */
  readonly deals: readonly Deal[]
}
