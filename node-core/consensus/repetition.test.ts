import { describe, expect, it } from 'vitest'
import {
  commit,
  GENESIS_MS,
  hashNumber,
  member,
  prePrepare,
  prepare,
  roundChange,
} from './builders.test-kit.ts'
import {
  type Fact,
  ordersOf,
  play,
  received,
  replica,
  START,
  started,
  stepFrozen,
} from './script.test-kit.ts'
import { step } from './step.ts'

const B1 = hashNumber(1)
const proposal = prePrepare(0, { blockId: B1 })
const heard: Fact[] = [
  START,
  [1_050, received(proposal)],
  [1_060, received(prepare(0, B1))],
  [1_070, received(roundChange(1, { round: 1 }))],
]
const running = play(replica(), heard).state

describe('a message that tells nothing', () => {
  it.each([
    ['the proposal again', proposal],
    ['a stored PREPARE again', running.rounds[0]!.prepares.byMember[0]!],
    ['a stored ROUND-CHANGE again', running.rounds[1]!.roundChanges[1]!],
    ['one of this replica’s own', prepare(3, B1)],
  ])('leaves the state as it is and orders nothing: %s', (_, message) => {
    const { state, effects } = stepFrozen(running, [1_080, received(message)])
    expect(state).toBe(running)
    expect(effects).toEqual([])
  })

  it('leaves it as it is when it is a last vote of the height before', () => {
    const next = play(running, [[1_100, started({ height: 2, parentId: B1 })]]).state
    const { state, effects } = stepFrozen(next, [1_200, received(commit(0, B1))])
    expect(state).toBe(next)
    expect(effects).toEqual([])
  })

  it('meets a deadline that has passed, as any other event', () => {
    const deadlineMs = running.timer!.startedAtMs + running.timer!.timeoutMs
    const { state, effects } = stepFrozen(running, [deadlineMs, received(proposal)])
    expect(state.round).toBe(1)
    expect(ordersOf(effects)).toContainEqual({
      type: 'note',
      note: { kind: 'round-entered', height: 1, round: 1, reason: 'timeout' },
    })
  })

  it('lets a held proposal be judged when the wall clock was set to its time', () => {
    const early = play(replica(), [START, [100, received(proposal)]]).state
    expect(early.accepted).toBeNull()
    expect(early.waiting).toHaveLength(1)
    const at = { wallMs: GENESIS_MS + 1_000, monotonicMs: 150 }
    const { effects } = step(early, { at, input: received(proposal) })
    expect(effects.map((effect) => effect.type)).toContain('check-block')
  })

  it('is told from another of the same sender and place, which is evidence', () => {
    const { effects } = stepFrozen(running, [1_080, received(prepare(0, hashNumber(2)))])
    expect(ordersOf(effects)).toMatchObject([{ type: 'evidence-found', first: { sender: member(0) } }])
  })
})
