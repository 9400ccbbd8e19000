/** Everything a replica knows. Plain values, shared between successive states and never changed in place. */
import type { Certificate } from '../protocol/certificate.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, ChainId, Hash, Height, Round, TimestampMs } from '../protocol/ids.ts'
import type {
  Commit,
  CompactBlock,
  GuardedMessage,
  PrePrepare,
  Prepare,
  Reject,
  RoundChange,
  VerifiedMessage,
} from '../protocol/messages.ts'
import type { SigningOrder } from './effect.ts'
import type { Instant } from './input.ts'
import type { Committee } from './quorum.ts'

export type ConsensusParameters = Pick<
  ChainParameters,
  | 'blockTimeMs'
  | 'emptyIntervalMs'
  | 'roundTimeoutMs'
  | 'roundTimeoutCapMs'
  | 'clockPrecisionMs'
  | 'messageDelayMs'
>

/** A place in the guard's order: height, then round, then ROUND-CHANGE < PRE-PREPARE < PREPARE < COMMIT. */
export interface Position {
  readonly height: Height
  readonly round: Round
  readonly type: GuardedMessage['type']
}

/** A block that a quorum of PREPARE named in one round, with all that is needed to propose it again. */
export interface PreparedValue {
  readonly round: Round
  readonly blockId: Hash
  readonly block: CompactBlock
  readonly certificate: readonly Prepare[]
}

/** What is durable before a signature leaves the process. */
export interface GuardRecord {
  readonly position: Position
  /** All own messages of the position's height and round, in the guard's order; none when the record was imported. */
  readonly messages: readonly VerifiedMessage<GuardedMessage>[]
  readonly lastCommit: VerifiedMessage<Commit> | null
  /** Of the position's height. */
  readonly prepared: PreparedValue | null
}

/** The guard in memory: it runs ahead of the record by the orders that are not answered yet. */
export interface Guard {
  readonly position: Position | null
  readonly lastCommit: { readonly height: Height; readonly round: Round; readonly blockId: Hash } | null
  /** The prepared value that the record holds once the pending orders are carried out. */
  readonly recordedPrepared: PreparedValue | null
  readonly pending: readonly PendingOrder[]
}

export interface PendingOrder {
  readonly order: SigningOrder
  /** The runner could not carry it out; it is given again while nothing was signed after it. */
  readonly failed: boolean
}

export type Vote = Prepare | Commit | Reject

/** Votes of one type in one round, by member index, with the power behind each block id. */
export interface VoteTable<M extends Vote> {
  readonly byMember: readonly (VerifiedMessage<M> | undefined)[]
  readonly tallies: readonly { readonly blockId: Hash; readonly power: bigint }[]
}

export interface RoundLog {
  readonly round: Round
  readonly proposal: VerifiedMessage<PrePrepare> | null
  readonly prepares: VoteTable<Prepare>
  readonly commits: VoteTable<Commit>
  readonly roundChanges: readonly (VerifiedMessage<RoundChange> | undefined)[]
  readonly rejects: VoteTable<Reject>
}

/** What this node knows of one block of the height. */
export interface KnownBlock {
  readonly blockId: Hash
  /** null while only the id is known. */
  readonly block: CompactBlock | null
  readonly check:
    | { readonly status: 'unknown' }
    | { readonly status: 'running' }
    | { readonly status: 'valid' }
    | { readonly status: 'invalid'; readonly code: string }
}

/** A justified proposal that waits until it is timely, or for its block's check. */
export interface WaitingProposal {
  readonly message: VerifiedMessage<PrePrepare>
  /** Fresh blocks are judged by time, re-proposed ones are not. */
  readonly fresh: boolean
  /** It is judged as at this moment. */
  readonly receivedAt: Instant
}

/** A message of the next height, kept until that height starts. */
export interface EarlyMessage {
  readonly message: VerifiedMessage
  readonly receivedAt: Instant
}

/** Own proposal in the making: the block is being built on this justification. */
export interface Building {
  readonly round: Round
  readonly justification: readonly RoundChange[]
}

export interface RoundTimer {
  /** Monotonic; for round 0 it may lie ahead. */
  readonly startedAtMs: number
  readonly timeoutMs: number
}

export interface ReplicaState {
  readonly self: Address | null
  readonly chainId: ChainId
  readonly parameters: ConsensusParameters
  /** Below this height nothing is signed; null: no such bound. */
  readonly signFromHeight: Height | null
  readonly guard: Guard
  /** Read at start, taken up by the height it belongs to. */
  readonly restored: GuardRecord | null
  /** waiting: for the first height; decided: for the next one; halted: for a person. */
  readonly phase: 'waiting' | 'running' | 'decided' | 'halted'
  /** The highest height at which a peer showed a certificate. */
  readonly peerAheadHeight: Height | null
  /** null before the first height. */
  readonly committee: Committee | null
  /** Index of `self` in the committee; −1: no member. */
  readonly selfIndex: number
  readonly height: Height
  readonly parentId: Hash | null
  readonly parentTimeMs: TimestampMs
  readonly pendingSetChange: boolean
  readonly hasWork: boolean
  readonly heightStartedAtMs: number
  /** Monotonic start of round 0: its proposer builds then, everyone's timer runs from then. */
  readonly startAtMs: number
  readonly round: Round
  readonly roundStartedAtMs: number
  /** The block accepted in this round. */
  readonly accepted: Hash | null
  readonly prepared: PreparedValue | null
  /** The value was prepared in this very round. */
  readonly preparedInRound: boolean
  /** Own durable messages of this height and round: sent again until the round ends. */
  readonly own: readonly VerifiedMessage<GuardedMessage>[]
  /** Ascending by round. */
  readonly rounds: readonly RoundLog[]
  /** Each member's ROUND-CHANGE of the highest round, whatever that round is. */
  readonly latestRoundChanges: readonly (VerifiedMessage<RoundChange> | undefined)[]
  readonly blocks: readonly KnownBlock[]
  readonly waiting: readonly WaitingProposal[]
  readonly building: Building | null
  /** A certificate of this height whose block is not checked yet. */
  readonly certificate: Certificate | null
  /** Offences already shown, so that each is shown once. */
  readonly shownOffences: readonly string[]
  readonly nextHeight: readonly EarlyMessage[]
  readonly timer: RoundTimer | null
  /** Monotonic; null: not due. */
  readonly proposeAtMs: number | null
  readonly repeatAtMs: number | null
  readonly requestedDecidedAtMs: number | null
  /** When each sender that is behind was last given a decided block, monotonic. */
  readonly sentDecidedAtMs: ReadonlyMap<Address, number>
  /** The wake that the runner was last told. */
  readonly wakeAtMs: number | null
}

export interface ReplicaOptions {
  /** null: a follower; it counts votes and decides, and never signs. */
  readonly self: Address | null
  readonly chainId: ChainId
  readonly parameters: ConsensusParameters
  /** The signing guard's record as it was last made durable; null on a first start. */
  readonly restored: GuardRecord | null
  /**
   * Where a node may sign (again) whose record was lost or that still looks for another signer; NEVER_SIGN until that is
   * known (then `signing-allowed` names it). null: no bound.
   */
  readonly signFromHeight: Height | null
}

export const NEVER_SIGN: Height = Number.MAX_SAFE_INTEGER

/** A record that says where it stopped and not what was said there (an import) binds the whole of that height; 0: no bound. */
export function recordBound(record: GuardRecord | null): Height {
  return !record || record.messages.length > 0 ? 0 : record.position.height + 1
}

function signingBound({ signFromHeight, restored }: ReplicaOptions): Height | null {
  const bound = recordBound(restored)
  return bound === 0 ? signFromHeight : Math.max(signFromHeight ?? 0, bound)
}

/** A replica before its first height. */
export function createReplica(options: ReplicaOptions): ReplicaState {
  const { restored } = options
  const lastCommit = restored?.lastCommit ?? null
  return {
    self: options.self,
    chainId: options.chainId,
    parameters: options.parameters,
    signFromHeight: signingBound(options),
    guard: {
      position: restored?.position ?? null,
      lastCommit: lastCommit && {
        height: lastCommit.height,
        round: lastCommit.round,
        blockId: lastCommit.blockId,
      },
      recordedPrepared: restored?.prepared ?? null,
      pending: [],
    },
    restored,
    phase: 'waiting',
    peerAheadHeight: null,
    committee: null,
    selfIndex: -1,
    height: 0,
    parentId: null,
    parentTimeMs: 0,
    pendingSetChange: false,
    hasWork: false,
    heightStartedAtMs: 0,
    startAtMs: 0,
    round: 0,
    roundStartedAtMs: 0,
    accepted: null,
    prepared: null,
    preparedInRound: false,
    own: [],
    rounds: [],
    latestRoundChanges: [],
    blocks: [],
    waiting: [],
    building: null,
    certificate: null,
    shownOffences: [],
    nextHeight: [],
    timer: null,
    proposeAtMs: null,
    repeatAtMs: null,
    requestedDecidedAtMs: null,
    sentDecidedAtMs: new Map(),
    wakeAtMs: null,
  }
}
