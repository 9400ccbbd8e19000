/** The records that make up the state: their shapes. Keys are in keys.ts, canonical bytes in record-kinds.ts. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters, GenesisValidator } from '../protocol/genesis.ts'
import type {
  Address,
  Amount,
  ChainId,
  Epoch,
  Hash,
  Height,
  Millionths,
  TimestampMs,
} from '../protocol/ids.ts'
import type { Offence } from '../protocol/offence.ts'
import type { ProposablePayload } from '../protocol/transaction.ts'

export interface Account {
  readonly balance: Amount
  /** Of the next transaction. */
  readonly nonce: number
  /** 0: never. */
  readonly lastDripHeight: Height
  /** Whose transfer was the first that came to it; null: it is of the genesis, or the faucet or the rules were first. */
  readonly funder: Address | null
}

/** A change announced ahead, so that nobody is surprised by it. */
export interface AnnouncedChange {
  readonly name: string
  readonly commission: Millionths
  /** The first epoch in which it holds. */
  readonly fromEpoch: Epoch
}

/** Base units held in common, and the shares that they are divided in. */
export interface StakePool {
  readonly stake: Amount
  readonly shares: Shares
}

/** Parts of a stake pool: of the first delegation one a base unit. Fewer units back a share after a slash. */
export type Shares = bigint

export interface Jail {
  readonly reason: JailReason
  /** Earliest block time at which it may ask to be let out. */
  readonly releasesAtMs: TimestampMs
}

export type JailReason = Exclude<Offence, 'slow'>

/** Offences of one kind; the count begins anew after a slash, and after an unbonding period without another. */
export interface OffenceCount {
  readonly count: number
  readonly lastAtMs: TimestampMs
}

export interface ValidatorRecord {
  readonly address: Address
  readonly name: string
  readonly validatorKey: Uint8Array
  readonly randomnessKey: Uint8Array
  /** Of delegations whose rewards wait to be claimed. The stake behind a validator is that of both pools. */
  readonly paying: StakePool
  /** Of delegations whose rewards join them. */
  readonly compounding: StakePool
  /** Rewards of one share of the paying pool since the registration, times REWARD_SCALE. */
  readonly rewardPerShare: bigint
  /** For the paying pool's delegators and not claimed, with what rounding left over. */
  readonly heldRewards: Amount
  /** Its commission that is not claimed. */
  readonly heldCommission: Amount
  /** Its own delegation among them. */
  readonly delegators: number
  readonly commission: Millionths
  /** 0: in genesis. */
  readonly registeredAtHeight: Height
  /** Who had funded its account; see Account. */
  readonly funder: Address | null
  /** The last epoch in which it said that it is awake; null: never. */
  readonly readyEpoch: Epoch | null
  readonly paused: boolean
  /** Leaves for good; its own stake unbonds after its last epoch with power. */
  readonly exiting: boolean
  readonly jail: Jail | null
  /** Removed for good, with its keys. */
  readonly tombstoned: boolean
  /** By the members' votes; matters where admission is by authority. */
  readonly admitted: boolean
  readonly unavailable: OffenceCount
  readonly slow: OffenceCount
  /** Block time of its last change of keys; 0: never. */
  readonly rotatedAtMs: TimestampMs
  /** Exponential average of signed / expected, starts at one whole. */
  readonly performance: Millionths
  readonly announced: AnnouncedChange | null
}

/** Behind a validator, its own and that of others. */
export function stakeOf({ paying, compounding }: Pick<ValidatorRecord, 'paying' | 'compounding'>): Amount {
  return paying.stake + compounding.stake
}

const NO_OFFENCES: OffenceCount = { count: 0, lastAtMs: 0 }

/** As it is when it registers; its own stake is the first delegation, in the paying pool. */
export function newValidator(
  terms: Pick<ValidatorRecord, 'address' | 'name' | 'validatorKey' | 'randomnessKey' | 'commission'> & {
    readonly stake: Amount
  },
  origin: Pick<ValidatorRecord, 'registeredAtHeight' | 'funder' | 'admitted'>,
): ValidatorRecord {
  const { address, name, validatorKey, randomnessKey, commission, stake } = terms
  return {
    address,
    name,
    validatorKey,
    randomnessKey,
    paying: { stake, shares: stake },
    compounding: { stake: 0n, shares: 0n },
    rewardPerShare: 0n,
    heldRewards: 0n,
    heldCommission: 0n,
    delegators: 1,
    commission,
    ...origin,
    readyEpoch: null,
    paused: false,
    exiting: false,
    jail: null,
    tombstoned: false,
    unavailable: NO_OFFENCES,
    slow: NO_OFFENCES,
    rotatedAtMs: 0,
    performance: ONE_MILLION,
    announced: null,
  }
}

/** A validator of the genesis as the state has it before block 1. */
export function genesisValidator(validator: GenesisValidator): ValidatorRecord {
  return newValidator(validator, { registeredAtHeight: 0, funder: null, admitted: true })
}

/** Whose consensus key it is. */
export interface KeyOwner {
  readonly address: Address
  /** The first epoch whose set may name it. Before, nobody signed anything with it. */
  readonly fromEpoch: Epoch
  /** The last epoch whose set may name it: another has taken its place. null: it is in use. */
  readonly untilEpoch: Epoch | null
}

/** What a validator lost. */
export interface Slash {
  readonly validator: Address
  readonly offence: Offence
  /** Of the offence. */
  readonly offenceHeight: Height
  /** Of the block that punished it. */
  readonly height: Height
  /** Of the stake at the offence. */
  readonly fraction: Millionths
  readonly amount: Amount
  /** Who sent the evidence; null: the chain saw it itself. */
  readonly reporter: Address | null
}

/** Of the newest epoch that has any, in the order they came. */
export interface EpochSlashes {
  readonly epoch: Epoch
  readonly slashes: readonly Slash[]
}

/** What an account has at a validator; a validator's own stake is its delegation to itself. */
export interface Delegation {
  readonly compounding: boolean
  /** Of the validator's pool of that kind. */
  readonly shares: Shares
  /** The validator's rewardPerShare up to which rewards were paid out; 0 in the compounding pool. */
  readonly rewardPerShare: bigint
  /** Put in less taken out: what it would be worth without rewards and slashes. */
  readonly principal: Amount
}

/** A validator's own, as it registers with. */
export function firstDelegation(stake: Amount): Delegation {
  return { compounding: false, shares: stake, rewardPerShare: 0n, principal: stake }
}

/** Stake on its way back to a balance. */
export interface Unbonding {
  /** Of the balance. */
  readonly address: Address
  readonly validator: Address
  readonly amount: Amount
  /** Before any slash. */
  readonly initialAmount: Amount
  readonly begunAtHeight: Height
  /** The last epoch in which it backed the validator's power: its period runs from that epoch's end. */
  readonly lastEpoch: Epoch
}

/** Stake that moved from one validator to another and can still be lost for what the first did before. */
export interface Redelegation {
  readonly from: Address
  readonly amount: Amount
  readonly begunAtHeight: Height
  readonly lastEpoch: Epoch
}

/** The number that the next unbonding gets. */
export interface PositionCounter {
  readonly next: number
}

/** What is remembered of an epoch as long as its offences can be punished. */
export interface EpochRecord {
  readonly validatorsHash: Hash
  /** Block time of its last block; null: it has not ended. */
  readonly endedAtMs: TimestampMs | null
  /** Stake behind each member when the set was computed, sorted by address. */
  readonly stakes: readonly { readonly address: Address; readonly stake: Amount }[]
}

/** Rewards of the last epoch, paid at the end of this one, so that evidence can come first. Sorted by address. */
export type PendingRewards = readonly { readonly address: Address; readonly amount: Amount }[]

/** Of the presence window in progress: members that were expected to sign, sorted by address. */
export type Presence = readonly PresenceCount[]

export interface PresenceCount {
  readonly address: Address
  readonly expected: number
  readonly signed: number
  /** Shown to be awake by a block of its own. */
  readonly heard: boolean
}

/** Votes of the epoch in progress, sorted by validator, then by kind. */
export type AdmissionVotes = readonly {
  readonly validator: Address
  readonly kind: 'admit' | 'expel'
  /** Sorted. */
  readonly voters: readonly Address[]
}[]

export interface MultisigAccount {
  readonly threshold: number
  /** Sorted. */
  readonly members: readonly Address[]
  /** The number that its next proposal gets. */
  readonly nextProposal: number
  /** Numbers of its proposals that have not ended, ascending. */
  readonly open: readonly number[]
}

/** It ends when it is executed or revoked by its proposer, or when another is proposed after its expiry. */
export interface MultisigProposal {
  readonly proposer: Address
  readonly payload: ProposablePayload
  /** Sorted. */
  readonly approvals: readonly Address[]
  readonly expiresAtHeight: Height
}

/** Stake operations of an account in a window of time. */
export interface StakeActivity {
  readonly windowBeganMs: TimestampMs
  readonly operations: number
}

/** Where all money is and came from, kept as it moves. genesis + minted + faucet − burned = the sum of the last five. */
export interface Supply {
  readonly genesis: Amount
  readonly minted: Amount
  readonly faucet: Amount
  readonly burned: Amount
  readonly balances: Amount
  readonly bonded: Amount
  readonly unbonding: Amount
  /** Fees for the rewards of the epoch in progress, and what no validator earned. */
  readonly rewardPool: Amount
  /** Earned and not claimed: pending, and held at validators. */
  readonly rewards: Amount
}

export interface ParticipationCount {
  readonly address: Address
  readonly signed: number
  readonly expected: number
  /** Blocks of its own. */
  readonly proposed: number
}

/** Of the window in progress (an epoch), sorted by address. One record, so that a block changes one page and not one a validator. */
export type Participation = readonly ParticipationCount[]

export interface ChainRecord {
  readonly chainId: ChainId
  readonly parameters: ChainParameters
}

export interface HeadRecord {
  readonly height: Height
  readonly timestampMs: TimestampMs
}
