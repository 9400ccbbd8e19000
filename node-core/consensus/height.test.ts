import { describe, expect, it } from 'vitest'
import { compactBlock, GENESIS_MS, hashNumber, member, prePrepare, prepare } from './builders.test-kit.ts'
import {
  checkRow,
  EQUAL_SET,
  type Fact,
  noted,
  orders,
  play,
  type Row,
  received,
  replica,
  START,
  started,
  stepFrozen,
} from './script.test-kit.ts'

const B1 = hashNumber(1)
const proposer = { self: member(0) }
const idle = started({ hasWork: false })

const RULE_1: Row[] = [
  {
    description:
      'the first height asks for certificates and starts the round timer at parent time + block time',
    given: [],
    when: START,
    effects: [
      noted({ kind: 'round-entered', height: 1, round: 0, reason: 'start' }),
      { type: 'request-decided', fromHeight: 1 },
    ],
    state: { round: 0, prepared: null, startAtMs: 1_000, timer: { startedAtMs: 1_000, timeoutMs: 2_000 } },
  },
  {
    description: 'with nothing to include the start is the empty interval after the parent',
    given: [],
    when: [0, idle],
    effects: [{ type: 'note' }, { type: 'request-decided' }],
    state: { startAtMs: 2_000 },
  },
  {
    description: 'a pending change of the set counts as something to do',
    given: [],
    when: [0, started({ hasWork: false, pendingSetChange: true })],
    effects: [{ type: 'note' }, { type: 'request-decided' }],
    state: { startAtMs: 1_000 },
  },
  {
    description: 'the start is never before now',
    given: [],
    when: [5_000, started()],
    effects: [{ type: 'note' }, { type: 'request-decided' }],
    state: { startAtMs: 5_000 },
  },
  {
    description: 'the start is never later than now and the interval, whatever the parent time',
    given: [],
    when: [0, started({ parentTimeMs: GENESIS_MS + 60_000 })],
    effects: [{ type: 'note' }, { type: 'request-decided' }],
    state: { startAtMs: 1_000 },
  },
  {
    description: 'work that appears in an idle height brings the start forward',
    given: [[0, idle]],
    when: [200, { type: 'work-appeared' }],
    effects: [],
    state: { startAtMs: 1_000, timer: { startedAtMs: 1_000 } },
  },
  {
    description: 'work that appears late starts the round at once',
    replica: proposer,
    given: [[0, idle]],
    when: [1_400, { type: 'work-appeared' }],
    effects: [{ type: 'build-block', height: 1, round: 0, notBeforeMs: GENESIS_MS + 1_000 }],
    state: { startAtMs: 1_400 },
  },
  {
    description: 'the proposer does not build before the start',
    replica: proposer,
    given: [START],
    when: [999, { type: 'clock-advanced' }],
    effects: [],
  },
  {
    description: 'the proposer builds at the start',
    replica: proposer,
    given: [START],
    when: [1_000, { type: 'clock-advanced' }],
    effects: [{ type: 'build-block', height: 1, round: 0, notBeforeMs: GENESIS_MS + 1_000 }],
  },
  {
    description: 'an idle proposer asks for a block no earlier than the empty interval',
    replica: proposer,
    given: [[0, idle]],
    when: [2_000, { type: 'clock-advanced' }],
    effects: [{ type: 'build-block', notBeforeMs: GENESIS_MS + 2_000 }],
  },
  {
    description: 'the same height again tells nothing new',
    given: [START, [1_000, received(prePrepare(0, { blockId: B1 }))]],
    when: [1_100, started()],
    effects: [],
    state: { accepted: B1 },
  },
]

describe('rule 1: start of a height', () => {
  it.each(RULE_1)('$description', checkRow)

  it('the next height forgets the rounds, votes and prepared value of the one before', () => {
    const facts = [
      START,
      [1_000, received(prePrepare(0, { blockId: B1 }))],
      [1_010, received(prepare(0, B1))],
      [1_020, received(prepare(1, B1))],
    ] as const
    const { state } = play(replica(), facts)
    expect(state.prepared).not.toBeNull()
    const next = stepFrozen(state, [1_100, started({ height: 2, parentId: B1 })]).state
    expect(next).toMatchObject({
      height: 2,
      round: 0,
      accepted: null,
      prepared: null,
      own: [],
      rounds: [],
      blocks: [],
    })
  })
})

const block = compactBlock()
const BUILT: Fact = [1_005, { type: 'block-built', height: 1, round: 0, block, blockId: B1 }]
const PERSISTED: Fact = [
  1_010,
  { type: 'own-message-persisted', message: prePrepare(0, { blockId: B1, block }) },
]
const ASKED_TO_BUILD: Fact[] = [START, [1_000, { type: 'clock-advanced' }]]
const proposing = { replica: proposer, answersItself: true }

const RULE_10: Row[] = [
  {
    description: 'a built block is signed and persisted before anyone hears of it, and not yet accepted',
    ...proposing,
    given: ASKED_TO_BUILD,
    when: BUILT,
    effects: [orders({ type: 'pre-prepare', round: 0, blockId: B1, justification: [] })],
    state: { accepted: null },
  },
  {
    description: 'persisted, it is broadcast, and checked like anyone’s',
    ...proposing,
    given: [...ASKED_TO_BUILD, BUILT],
    when: PERSISTED,
    effects: [
      { type: 'broadcast', message: { type: 'pre-prepare' }, repeat: false },
      { type: 'check-block', blockId: B1 },
    ],
    state: { accepted: null },
  },
  {
    description: 'valid, it is accepted and gets the proposer’s PREPARE',
    ...proposing,
    given: [...ASKED_TO_BUILD, BUILT, PERSISTED],
    when: [1_015, { type: 'block-checked', blockId: B1, result: { verdict: 'valid' } }],
    effects: [
      noted({ kind: 'proposal-accepted', proposer: member(0) }),
      orders({ type: 'prepare', blockId: B1 }),
    ],
    state: { accepted: B1 },
  },
  {
    description: 'invalid, it is rejected like anyone’s',
    ...proposing,
    given: [...ASKED_TO_BUILD, BUILT, PERSISTED],
    when: [
      1_015,
      { type: 'block-checked', blockId: B1, result: { verdict: 'invalid', code: 'bad-state-root' } },
    ],
    effects: [
      noted({ kind: 'proposal-dropped', reason: 'invalid' }),
      { type: 'sign-reject', message: { blockId: B1, code: 'bad-state-root' } },
      noted({ kind: 'round-entered', round: 1, reason: 'invalid-proposal' }),
      orders({ type: 'round-change', round: 1, prepared: null }),
    ],
    state: { round: 1, accepted: null },
  },
  {
    description: 'a block for a round that was left is not proposed',
    ...proposing,
    given: [...ASKED_TO_BUILD, [3_000, { type: 'clock-advanced' }]],
    when: [3_005, BUILT[1]],
    effects: [],
    state: { round: 1 },
  },
  {
    description: 'a block that could not be built is no proposal; the timer goes on',
    ...proposing,
    given: ASKED_TO_BUILD,
    when: [1_005, { type: 'block-built', height: 1, round: 0, block: null, blockId: null }],
    effects: [],
    state: { timer: { startedAtMs: 1_000, timeoutMs: 2_000 } },
  },
]

describe('rule 10: own proposals take the path of everyone’s', () => {
  it.each(RULE_10)('$description', checkRow)
})

describe('members and outsiders', () => {
  it('a follower accepts and decides but signs nothing', () => {
    const { effects } = play(replica({ self: null }), [
      START,
      [1_000, received(prePrepare(0, { blockId: B1 }))],
    ])
    expect(effects.filter((effect) => effect.type === 'sign-and-persist')).toEqual([])
    expect(effects).toContainEqual(
      expect.objectContaining(noted(expect.objectContaining({ kind: 'proposal-accepted' }))),
    )
  })

  it('an address that is not in the set signs nothing', () => {
    const { effects } = play(replica({ self: member(9) }), [
      START,
      [1_000, received(prePrepare(0, { blockId: B1 }))],
    ])
    expect(effects.filter((effect) => effect.type === 'sign-and-persist')).toEqual([])
  })

  it('the set of these tests takes turns in address order', () => {
    const { state } = play(replica(), [START])
    const turns = [0, 1, 2, 3].map((round) => state.committee?.schedule.proposerAt(1, round))
    expect(turns).toEqual(EQUAL_SET.members.map((each) => each.address))
  })
})
