/**
 * Slashing protection: own messages are signed in one total order, never twice at one place, never below the last.
 * The runner makes each order durable before its signature leaves the process.
 */
import type { GuardedMessage, Reject, Unsigned } from '../protocol/messages.ts'
import { claimsLessThan } from '../protocol/offence.ts'
import { PENDING_ORDERS_LIMIT } from './limits.ts'
import type { PendingOrder, Position } from './replica-state.ts'
import { emit, note, type Turn } from './turn.ts'

const STEP_ORDER: Record<GuardedMessage['type'], number> = {
  'round-change': 0,
  'pre-prepare': 1,
  prepare: 2,
  commit: 3,
}

/** Why a member does not sign what the rules would have it sign. barred: its node said so, and says why. */
export type SigningRefusal =
  | 'barred'
  | 'behind-peers'
  | 'below-last-position'
  | 'position-taken'
  | 'claims-less-than-commit'
  | 'too-many-orders'
  | 'order-failed'

export function comparePositions(a: Position, b: Position): number {
  return a.height - b.height || a.round - b.round || STEP_ORDER[a.type] - STEP_ORDER[b.type]
}

/** null: this replica may sign at its height. 'not-a-member': followers and outsiders, for whom there is nothing to say. */
export function signingBar(turn: Turn): 'not-a-member' | 'barred' | 'behind-peers' | null {
  const { state } = turn
  if (state.selfIndex < 0) return 'not-a-member'
  if (state.signFromHeight !== null && state.height < state.signFromHeight) return 'barred'
  if (state.peerAheadHeight !== null && state.peerAheadHeight >= state.height) return 'behind-peers'
  return null
}

/** Whether the same was signed, or ordered, before: then there is nothing to do, the stored message is repeated. */
function alreadySaid(turn: Turn, message: Unsigned<GuardedMessage>): 'no' | 'same' | 'different' {
  const { own, guard } = turn.state
  const stored =
    own.find((each) => comparePositions(each, message) === 0) ??
    guard.pending.find(({ order }) => comparePositions(order.message, message) === 0)?.order.message
  if (!stored) return 'no'
  return sameUnsigned(stored, message) ? 'same' : 'different'
}

function sameUnsigned(a: Unsigned<GuardedMessage>, b: Unsigned<GuardedMessage>): boolean {
  if (a.type === 'round-change')
    return (
      b.type === 'round-change' &&
      a.prepared?.round === b.prepared?.round &&
      a.prepared?.blockId === b.prepared?.blockId
    )
  return b.type !== 'round-change' && a.blockId === b.blockId
}

function refusal(turn: Turn, message: Unsigned<GuardedMessage>): SigningRefusal | null {
  const { guard } = turn.state
  if (guard.position && comparePositions(message, guard.position) < 0) return 'below-last-position'
  if (guard.position && comparePositions(message, guard.position) === 0) return 'position-taken'
  const { lastCommit } = guard
  if (
    message.type === 'round-change' &&
    lastCommit?.height === message.height &&
    claimsLessThan(message.prepared, lastCommit)
  )
    return 'claims-less-than-commit'
  if (guard.pending.length >= PENDING_ORDERS_LIMIT) return 'too-many-orders'
  return null
}

function refuse(turn: Turn, message: Unsigned<GuardedMessage>, reason: SigningRefusal): void {
  const { height, round, type } = message
  note(turn, { kind: 'signing-refused', height, round, messageType: type, reason })
}

/**
 * Orders a message of one's own, when the guard allows it. It counts and leaves when `own-message-persisted` answers.
 * The first order after a value was prepared carries it, so that no signature that rests on it is durable without it.
 */
export function orderSignature(turn: Turn, message: Unsigned<GuardedMessage>) {
  const { state } = turn
  const bar = signingBar(turn)
  if (bar === 'not-a-member') return
  if (bar) return refuse(turn, message, bar)
  const said = alreadySaid(turn, message)
  if (said === 'same') return
  const reason = said === 'different' ? 'position-taken' : refusal(turn, message)
  if (reason) return refuse(turn, message, reason)
  const { height, round, type } = message
  const prepared = state.prepared === state.guard.recordedPrepared ? null : state.prepared
  const order = { message, prepared }
  state.guard = {
    position: { height, round, type },
    lastCommit:
      message.type === 'commit' ? { height, round, blockId: message.blockId } : state.guard.lastCommit,
    recordedPrepared: state.prepared,
    pending: [...state.guard.pending, { order, failed: false }],
  }
  emit(turn, { type: 'sign-and-persist', order })
}

/** A REJECT is outside the order: saying twice why a block is invalid harms nobody. */
export function orderReject(turn: Turn, message: Unsigned<Reject>): void {
  if (signingBar(turn) === null) emit(turn, { type: 'sign-reject', message })
}

function isOrderOf(
  pending: PendingOrder,
  place: { readonly height: number; readonly round: number; readonly type: string },
): boolean {
  const { message } = pending.order
  return message.height === place.height && message.round === place.round && message.type === place.type
}

/** Takes the order that this message answers off the list. */
export function orderAnswered(turn: Turn, message: GuardedMessage): void {
  const { guard } = turn.state
  turn.state.guard = { ...guard, pending: guard.pending.filter((each) => !isOrderOf(each, message)) }
}

/** Nothing left the process; the prepared value that the order carried may not be durable either. */
export function orderFailed(turn: Turn, place: Position): void {
  const { state } = turn
  const failed = state.guard.pending.find((each) => isOrderOf(each, place))
  if (!failed) return
  state.guard = {
    ...state.guard,
    recordedPrepared: failed.order.prepared ? null : state.guard.recordedPrepared,
    pending: state.guard.pending.map((each) => (each === failed ? { ...each, failed: true } : each)),
  }
  const { height, round, type } = place
  note(turn, { kind: 'signing-refused', height, round, messageType: type, reason: 'order-failed' })
}

/** Gives a failed order again while it is the guard's last position; a failed one below it is given up. */
export function retryFailedOrders(turn: Turn): void {
  const { state } = turn
  if (!state.guard.pending.some((each) => each.failed)) return
  const { position } = state.guard
  const again = state.guard.pending.filter(
    (each) =>
      each.failed &&
      position &&
      comparePositions(each.order.message, position) === 0 &&
      each.order.message.height === state.height,
  )
  const kept = state.guard.pending.filter((each) => !each.failed)
  state.guard = {
    ...state.guard,
    pending: [...kept, ...again.map(({ order }) => ({ order, failed: false }))],
  }
  for (const { order } of again) emit(turn, { type: 'sign-and-persist', order })
}
