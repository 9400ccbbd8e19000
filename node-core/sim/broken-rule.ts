/** Hooks by which a run does without one rule, to see that the checkers notice. The core itself stays as it is. */
import type { Effect, SigningOrder } from '../consensus/effect.ts'
import type { Input, Instant } from '../consensus/input.ts'
import type { GuardRecord, ReplicaState } from '../consensus/replica-state.ts'

export interface BrokenRule {
  /** What reaches the core; null: it never hears of it. */
  readonly input?: (state: ReplicaState, input: Input, at: Instant) => Input | null
  /** What the core would look like without the rule, after a step. */
  readonly state?: (state: ReplicaState, at: Instant) => ReplicaState
  /** What is carried out of what the core ordered; null: nothing. */
  readonly effect?: (effect: Effect) => Effect | null
  /** What is durable before a signature leaves. */
  readonly record?: (record: GuardRecord, order: SigningOrder) => GuardRecord
  /** What a replica takes up again after a restart. */
  readonly restored?: (record: GuardRecord | null) => GuardRecord | null
  /** The prepared block's body is not in the durable write. */
  readonly forgetsBodies?: boolean
  /** Votes inside messages and certificates are believed. */
  readonly believesForgeries?: boolean
  /** Nobody serves decided blocks to those who are behind. */
  readonly servesNobody?: boolean
}
