/** One's own messages: they count and leave once they are durable, and are sent again until the round ends. */
import type { GuardedMessage, VerifiedMessage } from '../protocol/messages.ts'
import { sayPrepare } from './pre-prepare.ts'
import { sayCommit } from './prepare.ts'
import { sayRoundChange } from './round-change.ts'
import { retryFailedOrders } from './signing-guard.ts'
import { repeatIntervalMs, repeatSoon } from './timers.ts'
import { emit, type Turn } from './turn.ts'

/** Keeps it for repetition when its round still runs, and lets it leave. A late answer is as true as one in time. */
export function storeOwn(turn: Turn, message: VerifiedMessage<GuardedMessage>): void {
  const { state } = turn
  if (state.phase === 'running' && message.height === state.height && message.round === state.round) {
    state.own = [...state.own, message]
    repeatSoon(turn)
  }
  emit(turn, { type: 'broadcast', message, repeat: false })
}

/** Whether there was anything to send again. */
export function repeatOwn(turn: Turn): boolean {
  const { state, now } = turn
  state.repeatAtMs = now.monotonicMs + repeatIntervalMs(state.parameters, state.round)
  retryFailedOrders(turn)
  for (const message of state.own) emit(turn, { type: 'broadcast', message, repeat: true })
  return state.own.length > 0
}

/** Says what the round calls for and was not said while signing was barred. */
export function catchUpOnSigning(turn: Turn) {
  const { state } = turn
  if (state.preparedInRound) return sayCommit(turn)
  if (state.accepted !== null) return sayPrepare(turn)
  if (state.round > 0) sayRoundChange(turn)
}
