/** Tables that read like a protocol's script: given these facts, when this one comes, then these orders and this state. */
import { expect } from 'vitest'
import { markVerified, type VerifiedMessage } from '../protocol/messages.ts'
import { deepFreeze, GENESIS_ID, GENESIS_MS, member, PARAMETERS, validatorSet } from './builders.test-kit.ts'
import type { Effect } from './effect.ts'
import type { Input } from './input.ts'
import { createReplica, type ReplicaOptions, type ReplicaState } from './replica-state.ts'
import { step } from './step.ts'

/** Milliseconds after the genesis, on both clocks, and what is told then. */
export type Fact = readonly [atMs: number, input: Input]

export interface Row {
  readonly description: string
  readonly replica?: Partial<ReplicaOptions>
  /** Orders to sign and to check a block are answered at once, well, unless the row answers them itself. */
  readonly given: readonly Fact[]
  readonly answersItself?: boolean
  readonly when: Fact
  /** All orders of the last step but `set-wake`, in order; each is matched in the fields it names. */
  readonly effects: readonly object[]
  readonly state?: object
}

export const EQUAL_SET = validatorSet([1, 1, 1, 1])
const SIGNATURE = new Uint8Array(64)

/** Member 3, who proposes in round 3 of height 1. */
export function replica(options: Partial<ReplicaOptions> = {}): ReplicaState {
  return createReplica({
    self: member(3),
    chainId: 'test',
    parameters: PARAMETERS,
    restored: null,
    signFromHeight: null,
    ...options,
  })
}

export function started(
  overrides: Partial<Extract<Input, { type: 'height-started' }>> = {},
): Extract<Input, { type: 'height-started' }> {
  return {
    type: 'height-started',
    height: 1,
    parentId: GENESIS_ID,
    parentTimeMs: GENESIS_MS,
    validators: EQUAL_SET,
    pendingSetChange: false,
    hasWork: true,
    ...overrides,
  }
}

export const START: Fact = [0, started()]

export function received(message: VerifiedMessage): Input {
  return { type: 'message-received', message }
}

/** What the runner would answer to this order when all goes well. */
function goodAnswer(effect: Effect): Input | null {
  if (effect.type === 'check-block' || effect.type === 'fetch-block')
    return { type: 'block-checked', blockId: effect.blockId, result: { verdict: 'valid' } }
  if (effect.type !== 'sign-and-persist') return null
  return {
    type: 'own-message-persisted',
    message: markVerified({ ...effect.order.message, signature: SIGNATURE }),
  }
}

/** One step on a frozen state: a change of it in place would throw. */
export function stepFrozen(state: ReplicaState, [atMs, input]: Fact) {
  const at = { wallMs: GENESIS_MS + atMs, monotonicMs: atMs }
  return step(deepFreeze(state), deepFreeze({ at, input }))
}

/** All facts one after another; orders that have a good answer get it at once, unless `facts` hold the answers. */
export function play(state: ReplicaState, facts: readonly Fact[], answersItself = false) {
  const effects: Effect[] = []
  let current = state
  const tell = (fact: Fact) => {
    const stepped = stepFrozen(current, fact)
    current = stepped.state
    effects.push(...stepped.effects)
    if (answersItself) return
    for (const effect of stepped.effects) {
      const answer = goodAnswer(effect)
      if (answer) tell([fact[0], answer])
    }
  }
  facts.forEach(tell)
  return { state: current, effects }
}

export function ordersOf(effects: readonly Effect[]): Effect[] {
  return effects.filter((effect) => effect.type !== 'set-wake')
}

export function checkRow(row: Row): void {
  const before = play(replica(row.replica), row.given, row.answersItself).state
  const { state, effects } = stepFrozen(before, row.when)
  const orders = ordersOf(effects)
  expect(orders.map((effect) => effect.type)).toEqual(
    row.effects.map((expected) => (expected as { type: string }).type),
  )
  row.effects.forEach((expected, i) => {
    expect(orders[i]).toMatchObject(expected)
  })
  if (row.state) expect(state).toMatchObject(row.state)
}

/** The order that asks for this message of one's own. */
export function orders(message: object, prepared: object | null = null): object {
  return { type: 'sign-and-persist', order: { message, prepared } }
}

export function noted(note: object): object {
  return { type: 'note', note }
}
