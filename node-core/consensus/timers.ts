/** Deadlines on the monotonic clock. They are compared at every event, so a late timer delays nothing else. */

import type { Round } from '../protocol/ids.ts'
import { REPEAT_CAP_MS } from './limits.ts'
import { powerAtOrAbove } from './message-log.ts'
import { isQuorum } from './quorum.ts'
import type { ConsensusParameters, ReplicaState } from './replica-state.ts'
import { committee, emit, type Turn } from './turn.ts'

/** Linear and capped: min(cap, T0 · (1 + round / 2)), ms. */
export function roundTimeoutMs(parameters: ConsensusParameters, round: Round): number {
  return Math.min(parameters.roundTimeoutCapMs, parameters.roundTimeoutMs * (1 + round / 2))
}

/** How far apart own messages are sent again in this round, ms: at least once before the round times out. */
export function repeatIntervalMs(parameters: ConsensusParameters, round: Round): number {
  return Math.min(REPEAT_CAP_MS, roundTimeoutMs(parameters, round) / 2)
}

export function startRoundTimer(turn: Turn, startedAtMs: number): void {
  const { state } = turn
  state.timer = { startedAtMs, timeoutMs: roundTimeoutMs(state.parameters, state.round) }
}

/**
 * Rule 5: the timer of a round above 0 waits until a quorum is known to have reached that round. Otherwise replicas that
 * were alone for long never meet again: each goes on by itself at the capped pace.
 */
export function startRoundTimerOnceQuorumIsHere(turn: Turn): void {
  const { state } = turn
  if (state.timer !== null || state.round === 0) return
  if (isQuorum(committee(turn), powerAtOrAbove(turn, state.round)))
    startRoundTimer(turn, turn.now.monotonicMs)
}

/** Makes the next repetition due no later than one interval from now. */
export function repeatSoon(turn: Turn): void {
  const { state } = turn
  const due = turn.now.monotonicMs + repeatIntervalMs(state.parameters, state.round)
  state.repeatAtMs = state.repeatAtMs === null ? due : Math.min(state.repeatAtMs, due)
}

export function roundDeadlineMs(state: ReplicaState): number | null {
  return state.timer && state.timer.startedAtMs + state.timer.timeoutMs
}

/**
 * Where round 0 starts, monotonic ms (rule 1): the parent's time and the block time when there is something to include,
 * else and the empty interval; never before now, never later than now and that interval.
 */
export function roundZeroStartMs(turn: Turn): number {
  const { state, now } = turn
  const intervalMs = blockIntervalMs(state)
  const waitMs = state.parentTimeMs + intervalMs - now.wallMs
  return now.monotonicMs + Math.max(0, Math.min(intervalMs, waitMs))
}

/** The least time between the parent and a block made now. */
export function blockIntervalMs(state: ReplicaState): number {
  const { blockTimeMs, emptyIntervalMs } = state.parameters
  return state.hasWork || state.pendingSetChange ? blockTimeMs : emptyIntervalMs
}

export function stopTimers(turn: Turn): void {
  turn.state.timer = null
  turn.state.proposeAtMs = null
  turn.state.repeatAtMs = null
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}

/** Tells the runner when to call next, if that changed. `others`: deadlines that are not timers of the state. */
export function setWake(turn: Turn, heldUntilMs: number | null): void {
  const { state } = turn
  const roundMs = earlier(roundDeadlineMs(state), state.proposeAtMs)
  const next = earlier(earlier(roundMs, state.repeatAtMs), heldUntilMs)
  if (next === state.wakeAtMs) return
  state.wakeAtMs = next
  emit(turn, { type: 'set-wake', atMonotonicMs: next })
}
