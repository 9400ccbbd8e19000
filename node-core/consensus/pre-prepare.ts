/** Rules 2, 8 and 10: judging a proposal, one's own on the same path as anyone's. */
import type { Hash } from '../protocol/ids.ts'
import type { CompactBlock, PrePrepare, VerifiedMessage } from '../protocol/messages.ts'
import { askForCheck, knownBlock } from './blocks.ts'
import type { RoundNote } from './effect.ts'
import { checkDoubleSign } from './evidence.ts'
import type { Instant } from './input.ts'
import { judgeJustification } from './justification.ts'
import { WAITING_PROPOSALS_LIMIT } from './limits.ts'
import { logOf, putLog, roundLog } from './message-log.ts'
import { checkPrepared } from './prepare.ts'
import { proposerOf } from './proposer.ts'
import type { ConsensusParameters, WaitingProposal } from './replica-state.ts'
import { enterRound } from './round-change.ts'
import { orderReject, orderSignature } from './signing-guard.ts'
import { committee, note, type Turn } from './turn.ts'

type DropReason = Extract<RoundNote, { kind: 'proposal-dropped' }>['reason']

/** `receivedAt`: it is judged by time as at this moment, which for a message of the next height is before the height began. */
export function onPrePrepare(turn: Turn, message: VerifiedMessage<PrePrepare>, receivedAt: Instant) {
  const { state } = turn
  const stored = roundLog(turn, message.round)?.proposal
  if (stored) return checkDoubleSign(turn, stored, message)
  if (message.round < state.round || (message.round === state.round && state.accepted !== null)) return
  const justified = judgeJustification(committee(turn), message)
  if (justified === 'unjustified') return drop(turn, message, 'unjustified')
  if (proposerOf(turn, message.round) !== message.sender) return drop(turn, message, 'not-proposer')
  const fresh = justified === 'fresh'
  if (fresh) {
    const reason = judgeFresh(turn, message, receivedAt)
    if (reason) return drop(turn, message, reason)
  }
  putLog(turn, { ...logOf(turn, message.round), proposal: message })
  consider(turn, { message, fresh, receivedAt })
}

function drop(turn: Turn, message: PrePrepare, reason: DropReason): void {
  const { height, round, sender } = message
  note(turn, { kind: 'proposal-dropped', height, round, proposer: sender, reason })
}

/** What makes a fresh block unacceptable for good, the proposer's fault or not; null: nothing. */
function judgeFresh(turn: Turn, message: PrePrepare, receivedAt: Instant): DropReason | null {
  const { state } = turn
  const { header } = message.block
  if (header.proposer !== message.sender) return 'not-proposer'
  if (header.timestampMs < earliestTimeMs(turn, message.block)) return 'too-soon'
  return receivedAt.wallMs > latestReceiptMs(state.parameters, message) ? 'late' : null
}

/** The parent's time and the block time; an empty block waits the empty interval unless a change of the set is due. */
function earliestTimeMs(turn: Turn, block: CompactBlock): number {
  const { parameters, parentTimeMs, pendingSetChange } = turn.state
  const isEmpty = block.transactionIds.length === 0 && block.evidence.length === 0
  return parentTimeMs + (isEmpty && !pendingSetChange ? parameters.emptyIntervalMs : parameters.blockTimeMs)
}

function latestReceiptMs(parameters: ConsensusParameters, { block, round }: PrePrepare): number {
  const delayMs = parameters.messageDelayMs * (1 + round / 2)
  return block.header.timestampMs + delayMs + parameters.clockPrecisionMs
}

/** How long a fresh block must still be held until its time has come here, ms; 0: it is timely. */
function holdMs(turn: Turn, { message, fresh, receivedAt }: WaitingProposal): number {
  if (!fresh) return 0
  const timelyFromMs = message.block.header.timestampMs - turn.state.parameters.clockPrecisionMs
  return Math.max(0, timelyFromMs - Math.max(turn.now.wallMs, receivedAt.wallMs))
}

/** Accepts the proposal, or keeps it until its time has come and its block is checked. */
function consider(turn: Turn, proposal: WaitingProposal) {
  const { blockId, block } = proposal.message
  if (holdMs(turn, proposal) > 0) return wait(turn, proposal)
  askForCheck(turn, blockId, block)
  const check = knownBlock(turn, blockId)?.check
  if (check?.status === 'valid') return accept(turn, proposal.message)
  if (check?.status === 'invalid') return reject(turn, proposal.message, check.code)
  wait(turn, proposal)
}

/** When too many wait, the one of the lowest round goes. */
function wait(turn: Turn, proposal: WaitingProposal): void {
  const { state } = turn
  const waiting = [...state.waiting, proposal].sort((a, b) => a.message.round - b.message.round)
  state.waiting = waiting.length > WAITING_PROPOSALS_LIMIT ? waiting.slice(1) : waiting
}

/** Looks again at what waits: a block was checked, or time has passed. */
export function reconsiderWaiting(turn: Turn): void {
  const { waiting } = turn.state
  if (waiting.length === 0) return
  turn.state.waiting = []
  for (const proposal of waiting) {
    const { round } = proposal.message
    const { state } = turn
    if (round > state.round || (round === state.round && state.accepted === null)) consider(turn, proposal)
  }
}

/** Looks again at proposals whose time has come. */
export function releaseTimely(turn: Turn): void {
  const isDue = (each: WaitingProposal) =>
    knownBlock(turn, each.message.blockId) === undefined && holdMs(turn, each) === 0
  if (turn.state.waiting.some(isDue)) reconsiderWaiting(turn)
}

/** Monotonic time at which the next held proposal becomes timely; null: none is held. */
export function heldUntilMs(turn: Turn): number | null {
  let soonest: number | null = null
  for (const proposal of turn.state.waiting) {
    const hold = holdMs(turn, proposal)
    if (hold > 0) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, turn.now.monotonicMs + hold)
  }
  return soonest
}

function accept(turn: Turn, message: VerifiedMessage<PrePrepare>): void {
  const { state } = turn
  const { height, round, blockId, sender } = message
  if (round > state.round) enterRound(turn, round, 'proposal')
  state.accepted = blockId
  note(turn, { kind: 'proposal-accepted', height, round, blockId, proposer: sender })
  sayPrepare(turn)
  checkPrepared(turn)
}

/** PREPARE for the block accepted in this round. */
export function sayPrepare(turn: Turn): void {
  const { state } = turn
  if (state.self === null || state.accepted === null) return
  const { height, round, self, accepted } = state
  orderSignature(turn, { type: 'prepare', height, round, sender: self, blockId: accepted })
}

/** Rule 8: the reason is said, and the round given up as on a timeout. */
function reject(turn: Turn, message: VerifiedMessage<PrePrepare>, code: string): void {
  const { self } = turn.state
  const { height, round, blockId } = message
  drop(turn, message, 'invalid')
  if (self !== null) orderReject(turn, { type: 'reject', height, round, sender: self, blockId, code })
  enterRound(turn, round + 1, 'invalid-proposal')
}

/** The body that came does not belong to the header: a better copy of the same proposal may still come. */
export function dropMismatched(turn: Turn, blockId: Hash): void {
  const { state } = turn
  const dropped = state.waiting.filter((each) => each.message.blockId === blockId)
  state.waiting = state.waiting.filter((each) => each.message.blockId !== blockId)
  for (const { message } of dropped) {
    putLog(turn, { ...logOf(turn, message.round), proposal: null })
    drop(turn, message, 'mismatched')
  }
}
