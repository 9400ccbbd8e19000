/** The consensus core: one fact in, the next state and orders out. Total and deterministic; nothing it is given changes. */

import type { Hash } from '../protocol/ids.ts'
import type { CompactBlock, GuardedMessage, VerifiedMessage } from '../protocol/messages.ts'
import { rememberCheck } from './blocks.ts'
import {
  isAnswered,
  onHigherMessage,
  onLowerMessage,
  onPeerAhead,
  onSigningReleased,
  requestDecided,
} from './catch-up.ts'
import { checkCommitted, retryCertified, settleCertificate } from './commit.ts'
import { deliver } from './deliver.ts'
import type { Effect } from './effect.ts'
import { onWorkAppeared, startHeight } from './height.ts'
import type { BlockVerdict, Input, Instant, TimedInput } from './input.ts'
import { isStored } from './message-log.ts'
import { repeatOwn, storeOwn } from './own-messages.ts'
import { dropMismatched, heldUntilMs, reconsiderWaiting, releaseTimely } from './pre-prepare.ts'
import { onBlockBuilt, proposeFirst, proposeWhenJustified } from './proposer.ts'
import { NEVER_SIGN, type ReplicaState } from './replica-state.ts'
import { enterRound } from './round-change.ts'
import { orderAnswered, orderFailed } from './signing-guard.ts'
import { roundDeadlineMs, setWake } from './timers.ts'
import { beginTurn, type Turn } from './turn.ts'

export interface Stepped {
  readonly state: ReplicaState
  /** To be carried out in this order. */
  readonly effects: readonly Effect[]
}

const NOTHING_TO_DO: readonly Effect[] = []

/** Cost: a few microseconds for a vote in a set of ten. */
export function step(state: ReplicaState, { at, input }: TimedInput): Stepped {
  if (input.type === 'message-received' && !isDue(state, at) && tellsNothing(state, at, input.message))
    return { state, effects: NOTHING_TO_DO }
  const turn = beginTurn(state, at)
  if (state.phase !== 'halted') {
    takeInput(turn, input)
    meetDeadlines(turn)
    setWake(turn, heldUntilMs(turn))
  }
  return { state: turn.state, effects: turn.effects }
}

/** PERF: a third of all messages in a troubled network are repetitions; for them no state is made anew. */
function tellsNothing(state: ReplicaState, at: Instant, message: VerifiedMessage): boolean {
  if (state.phase === 'waiting' || state.phase === 'halted' || message.sender === state.self) return true
  if (message.height < state.height) return isAnswered(state, at, message)
  if (message.height > state.height) return false
  return state.phase === 'decided' || isStored(state, message)
}

function takeInput(turn: Turn, input: Input) {
  const { state } = turn
  switch (input.type) {
    case 'height-started':
      return startHeight(turn, input)
    case 'work-appeared':
      return onWorkAppeared(turn)
    case 'message-received':
      return onMessage(turn, input.message)
    case 'block-checked':
      return onBlockChecked(turn, input.blockId, input.result, input.block ?? null)
    case 'block-built':
      return onBuilt(turn, input)
    case 'own-message-persisted':
      return onOwnPersisted(turn, input.message)
    case 'signing-failed':
      return onSigningFailed(turn, input)
    case 'peer-ahead':
      return onPeerAhead(turn, input.height)
    case 'signing-barred':
      state.signFromHeight = NEVER_SIGN
      return
    case 'signing-allowed':
      state.signFromHeight = input.fromHeight
      return onSigningReleased(turn)
    case 'caught-up':
      state.peerAheadHeight = null
      return onSigningReleased(turn)
    case 'certificate-received':
      if (state.phase === 'running' && input.certificate.height === state.height)
        settleCertificate(turn, input.certificate)
      return
    case 'clock-advanced':
      return
  }
}

/** One's own messages count when they are durable, not when they come back from others. */
function onMessage(turn: Turn, message: VerifiedMessage) {
  const { state } = turn
  if (state.phase === 'waiting' || message.sender === state.self) return
  if (message.height < state.height) return onLowerMessage(turn, message)
  if (message.height > state.height) return onHigherMessage(turn, message)
  if (state.phase === 'running') deliver(turn, message, turn.now)
}

function onBlockChecked(turn: Turn, blockId: Hash, result: BlockVerdict, block: CompactBlock | null) {
  const { state } = turn
  if (state.phase !== 'running') return
  if (result.verdict === 'mismatched') {
    rememberCheck(turn, blockId, block, null)
    return dropMismatched(turn, blockId)
  }
  const check =
    result.verdict === 'valid'
      ? ({ status: 'valid' } as const)
      : ({ status: 'invalid', code: result.code } as const)
  rememberCheck(turn, blockId, block, check)
  // First the votes, then the decision: who is slower than a quorum still says COMMIT, and counts as present.
  reconsiderWaiting(turn)
  checkCommitted(turn, blockId)
  if (state.phase !== 'running') return
  proposeWhenJustified(turn)
}

function onBuilt(turn: Turn, input: Extract<Input, { type: 'block-built' }>): void {
  const { state } = turn
  if (state.phase !== 'running' || input.height !== state.height) return
  const { block, blockId, round } = input
  if (block && blockId) onBlockBuilt(turn, { round, block, blockId })
}

function onOwnPersisted(turn: Turn, message: VerifiedMessage): void {
  const { state } = turn
  if (message.sender !== state.self) return
  if (message.type !== 'reject') {
    const own: VerifiedMessage<GuardedMessage> = message
    orderAnswered(turn, own)
    storeOwn(turn, own)
  }
  if (state.phase === 'running' && message.height === state.height) deliver(turn, message, turn.now)
}

function onSigningFailed(turn: Turn, input: Extract<Input, { type: 'signing-failed' }>): void {
  const { height, round, messageType } = input
  if (messageType !== 'reject') orderFailed(turn, { height, round, type: messageType })
}

/** Whether some deadline may have passed: what waits for its time goes by another clock. */
function isDue(state: ReplicaState, at: Instant): boolean {
  return state.waiting.length > 0 || (state.wakeAtMs !== null && at.monotonicMs >= state.wakeAtMs)
}

/** Deadlines that have passed, however late: a browser may delay a timer by a minute. */
function meetDeadlines(turn: Turn): void {
  const { state } = turn
  const nowMs = turn.now.monotonicMs
  if (state.phase !== 'running') return
  releaseTimely(turn)
  if (state.proposeAtMs !== null && nowMs >= state.proposeAtMs) {
    state.proposeAtMs = null
    proposeFirst(turn)
  }
  const deadlineMs = roundDeadlineMs(state)
  if (deadlineMs !== null && nowMs >= deadlineMs) enterRound(turn, state.round + 1, 'timeout')
  if (state.repeatAtMs === null || nowMs < state.repeatAtMs) return
  if (!repeatOwn(turn)) requestDecided(turn)
  retryCertified(turn)
}
