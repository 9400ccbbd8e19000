/** One call of step at work: the next state in the making and the effects so far. */
import { assert } from '../lib/assert.ts'
import type { Effect, RoundNote } from './effect.ts'
import type { Instant } from './input.ts'
import type { Committee } from './quorum.ts'
import type { ReplicaState } from './replica-state.ts'

/**
 * `state` is a copy that this turn owns: its fields may be set. What a field holds may be shared with earlier states, so
 * it is replaced, never changed.
 */
export interface Turn {
  readonly state: { -readonly [Field in keyof ReplicaState]: ReplicaState[Field] }
  readonly now: Instant
  readonly effects: Effect[]
}

export function beginTurn(state: ReplicaState, now: Instant): Turn {
  return { state: { ...state }, now, effects: [] }
}

export function emit(turn: Turn, effect: Effect): void {
  turn.effects.push(effect)
}

export function note(turn: Turn, entry: RoundNote): void {
  turn.effects.push({ type: 'note', note: entry })
}

/** The committee of the height that runs. */
export function committee(turn: Turn): Committee {
  const { committee } = turn.state
  assert(committee, 'a height runs')
  return committee
}
