/** Consensus as NodeApi shows it: votes of a round, the rounds of a height, the log, raw messages. */
import type { AddressString, HashString, Heartbeat } from './node-api.ts'

export interface VoteView {
  readonly validator: AddressString
  readonly name: string
  readonly power: number
  readonly prePrepareMs: number | null
  readonly prepareMs: number | null
  readonly commitMs: number | null
  readonly roundChangeMs: number | null
  /** Voted for this block and not for the round's one; null: for the round's, or not at all. */
  readonly otherBlock: HashString | null
  /** Code of its REJECT of the proposal; null: none heard. */
  readonly rejected: string | null
  readonly heartbeat: readonly Heartbeat[]
  readonly self: boolean
  /** Nothing heard for the last whole height or longer. */
  readonly silentSinceHeight: number | null
}

/**
 * Why a round ended without a block. `code`: of the proposal's refusal, where there is one.
 * no-proposal: none came; invalid: refused as a block; dropped: refused before it was looked at; not-prepared and
 * not-committed: no quorum of that phase; jumped-over: the others were already further, nothing of it was seen here.
 */
export interface RoundFailure {
  readonly cause: 'no-proposal' | 'invalid' | 'dropped' | 'not-prepared' | 'not-committed' | 'jumped-over'
  readonly code: string | null
  /** What made this node leave it: its timer, the others, a proposal of a later round. */
  readonly leftBy: string
}

/** A validator that asked to leave the round before, by its ROUND-CHANGE. */
export interface AskedView {
  readonly validator: AddressString
  readonly name: string
  readonly power: number
  /** ms after the round before began here; null: that round was not lived through. */
  readonly afterMs: number | null
}

export interface RoundView {
  readonly round: number
  readonly startedAtMs: number
  readonly proposer: AddressString
  readonly proposerName: string
  readonly blockId: HashString | null
  readonly outcome: 'running' | 'decided' | 'failed'
  /** null unless it failed. */
  readonly failure: RoundFailure | null
  /** Who asked for this round, in the order of arrival; empty for round 0. */
  readonly asked: readonly AskedView[]
  /** Millionths of the power that asked for it. */
  readonly askedPower: number
}

/** The height being decided, or a past one that this node lived through. Arrival times count from the round's start here. */
export interface ConsensusView {
  readonly height: number
  readonly round: number
  readonly live: boolean
  readonly startedAtMs: number
  readonly nowMs: number
  readonly proposer: AddressString
  readonly proposerName: string
  /** null until the timer runs. */
  readonly timer: { readonly startedAtMs: number; readonly timeoutMs: number } | null
  readonly blockId: HashString | null
  readonly transactionCount: number | null
  readonly preparedMs: number | null
  readonly committedMs: number | null
  /** Millionths of power. */
  readonly preparePower: number
  readonly commitPower: number
  readonly quorumPower: number
  readonly votes: readonly VoteView[]
  /** Rounds of this height, oldest first: at most those that are kept. */
  readonly rounds: readonly RoundView[]
  readonly evidence: number
}

export interface RoundLogEntry {
  readonly atMs: number
  readonly height: number
  readonly round: number
  readonly kind: string
  readonly reason: string | null
  /** Proposer of the round that failed, or of the proposal concerned. */
  readonly validator: AddressString | null
  /** Of a round entered after another failed: why that one did. */
  readonly failure: RoundFailure | null
  /** Millionths of the power whose ROUND-CHANGE asked for the round; null: another kind of line. */
  readonly askedPower: number | null
  /** How the height came to its block after all; null: not yet, or another kind of line. */
  readonly recovered: {
    readonly round: number
    /** ms from the beginning of the round that failed. */
    readonly afterMs: number
    readonly proposer: AddressString
    readonly proposerName: string
  } | null
}

/** One signed message as it came. */
export interface RoundMessageView {
  readonly type: 'pre-prepare' | 'prepare' | 'commit' | 'round-change' | 'reject'
  readonly round: number
  readonly validator: AddressString
  readonly name: string
  /** ms after the shown round began here; below 0: before it. */
  readonly afterMs: number
  /** Its fields as JSON: addresses ait1…, bytes 0x-hex, amounts decimal strings. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Canonical bytes, 0x-hex. */
  readonly bytes: string
}

export interface RoundsView {
  readonly oldestHeight: number
  readonly newestHeight: number
  /** How far back raw messages reach within the bytes that a node keeps of them; null: none is kept. */
  readonly rawMessages: { readonly oldestHeight: number | null; readonly budgetBytes: number }
  readonly log: readonly RoundLogEntry[]
  /** Present when a height was asked for: the round asked for, else the decided or newest one. */
  readonly consensus: ConsensusView | null
  /** Of that round, in the order of arrival, when asked for; older heights' are given up first when there are many bytes. */
  readonly messages?: readonly RoundMessageView[]
}
