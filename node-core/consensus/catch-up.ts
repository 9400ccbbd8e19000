/** Rule 4, catch-up: messages of other heights say who is behind. */
import type { Height } from '../protocol/ids.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import type { Instant } from './input.ts'
import { REQUEST_DECIDED_INTERVAL_MS, SEND_DECIDED_INTERVAL_MS } from './limits.ts'
import { bufferForNextHeight } from './message-log.ts'
import { catchUpOnSigning } from './own-messages.ts'
import { proposeFirst, proposeWhenJustified } from './proposer.ts'
import type { ReplicaState } from './replica-state.ts'
import { emit, type Turn } from './turn.ts'

/** Asks for certificates of this height and later ones, at a bounded rate. */
export function requestDecided(turn: Turn): void {
  const { state, now } = turn
  const last = state.requestedDecidedAtMs
  if (last !== null && now.monotonicMs < last + REQUEST_DECIDED_INTERVAL_MS) return
  state.requestedDecidedAtMs = now.monotonicMs
  emit(turn, { type: 'request-decided', fromHeight: state.height })
}

/** The sender is ahead, unless this height is decided here too and only its write is awaited. */
export function onHigherMessage(turn: Turn, message: VerifiedMessage): void {
  const { state, now } = turn
  const isNext = message.height === state.height + 1
  if (isNext) bufferForNextHeight(turn, message, now)
  if (!isNext || state.phase !== 'decided') requestDecided(turn)
}

/**
 * Whether the sender of a message of a lower height is owed nothing: it was given a decided block a moment ago, or it is not
 * behind. Just after a height ended its last votes are still under way from senders who are not; one who is sends them again.
 */
export function isAnswered(state: ReplicaState, now: Instant, { height, sender }: VerifiedMessage): boolean {
  const graceUntilMs = state.heightStartedAtMs + state.parameters.roundTimeoutMs
  if (height === state.height - 1 && now.monotonicMs < graceUntilMs) return true
  const last = state.sentDecidedAtMs.get(sender)
  return last !== undefined && now.monotonicMs < last + SEND_DECIDED_INTERVAL_MS
}

/** The sender is behind: it is given the decided block. */
export function onLowerMessage(turn: Turn, message: VerifiedMessage): void {
  const { state, now } = turn
  if (isAnswered(state, now, message)) return
  const { height, sender } = message
  state.sentDecidedAtMs = new Map(state.sentDecidedAtMs).set(sender, now.monotonicMs)
  emit(turn, { type: 'send-decided', height, to: sender })
}

/** A certificate at or above this height exists elsewhere: nothing is signed until it is here. */
export function onPeerAhead(turn: Turn, height: Height): void {
  const { state } = turn
  state.peerAheadHeight = Math.max(state.peerAheadHeight ?? 0, height)
  if (state.phase === 'running' && height >= state.height) requestDecided(turn)
}

/** Signing may be allowed again: what the round calls for is said now. */
export function onSigningReleased(turn: Turn): void {
  const { state, now } = turn
  if (state.phase !== 'running') return
  catchUpOnSigning(turn)
  if (state.round > 0) proposeWhenJustified(turn)
  else if (now.monotonicMs >= state.startAtMs) proposeFirst(turn)
}
