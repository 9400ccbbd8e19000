import { describe, expect, it } from 'vitest'
import { commit, hashNumber, prePrepare, prepare, roundChange } from './builders.test-kit.ts'
import { NEXT_HEIGHT_MESSAGES_LIMIT, ROUNDS_AHEAD, ROUNDS_BEHIND } from './limits.ts'
import { checkRow, type Fact, play, type Row, received, replica, START, started } from './script.test-kit.ts'

const B1 = hashNumber(1)
const B2 = hashNumber(2)

function told(messages: readonly Parameters<typeof received>[0][], atMs = 1_000): Fact[] {
  return messages.map((message): Fact => [atMs, received(message)])
}

const roundsOf = (...rounds: number[]) => rounds.map((round) => ({ round }))
const LAST_ROUND = 2 ** 32 - 1
const FAR = 100

const RULE_9: Row[] = [
  {
    description: 'votes for the rounds near ahead are kept',
    given: [START, ...told([prepare(0, B1), commit(0, B1, { round: 1 })])],
    when: [1_000, received(prepare(0, B1, { round: ROUNDS_AHEAD }))],
    effects: [],
    state: { rounds: roundsOf(0, 1, ROUNDS_AHEAD) },
  },
  {
    description: 'a vote for a round beyond them is passed over',
    given: [START, ...told([prepare(0, B1), commit(0, B1, { round: LAST_ROUND })])],
    when: [1_000, received(prepare(0, B1, { round: ROUNDS_AHEAD + 1 }))],
    effects: [],
    state: { rounds: roundsOf(0) },
  },
  {
    description: 'rounds far behind are forgotten, and a late vote for one is passed over',
    given: [
      START,
      ...told([
        commit(0, B1),
        roundChange(1, { round: FAR }),
        roundChange(2, { round: FAR }),
        commit(1, B1, { round: FAR - ROUNDS_BEHIND }),
      ]),
    ],
    when: [1_000, received(commit(0, B1))],
    effects: [],
    state: { round: FAR, rounds: roundsOf(FAR - ROUNDS_BEHIND, FAR) },
  },
  {
    description: 'one vote a sender, round and type: the first stays',
    given: [START, ...told([prepare(0, B1)])],
    when: [1_000, received(prepare(0, B2))],
    effects: [{ type: 'evidence-found' }],
    state: { rounds: [{ prepares: { tallies: [{ blockId: B1, power: 1n }] } }] },
  },
  {
    description: 'the latest ROUND-CHANGE of each sender is kept whatever its round, the largest u32 too',
    given: [START, ...told([roundChange(0, { round: 50 }), roundChange(0, { round: LAST_ROUND })])],
    when: [1_000, received(roundChange(0, { round: 60 }))],
    effects: [],
    state: { latestRoundChanges: { 0: { round: LAST_ROUND } }, rounds: [] },
  },
  {
    description: 'a near ROUND-CHANGE stays in its round when a later one comes',
    replica: { self: null },
    given: [START, ...told([roundChange(0, { round: 1 })])],
    when: [1_000, received(roundChange(0, { round: 2 }))],
    effects: [],
    state: { rounds: [{ roundChanges: { 0: { round: 1 } } }, { roundChanges: { 0: { round: 2 } } }] },
  },
  {
    description: 'a proposal from another member takes no slot: the proposer’s is accepted after it',
    given: [START, ...told([prePrepare(2, { blockId: B2 })])],
    when: [1_000, received(prePrepare(0, { blockId: B1 }))],
    effects: [{ type: 'check-block', blockId: B1 }],
  },
  {
    description: 'one’s own messages that come back from others are passed over',
    given: [START, ...told([prepare(3, B1), commit(3, B1)])],
    when: [1_000, received(roundChange(3, { round: 9 }))],
    effects: [],
    state: { rounds: [], latestRoundChanges: { 3: undefined } },
  },
  {
    description: 'a sender that is no member of the height is passed over',
    given: [START],
    when: [1_000, received(prepare(7, B1))],
    effects: [],
    state: { rounds: [] },
  },
]

describe('rule 9: bounded buffers', () => {
  it.each(RULE_9)('$description', checkRow)

  it('a spoilt copy takes no slot: the true one is counted', () => {
    const claim = { round: 1, prepared: { round: 0, blockId: B1 } }
    const certificate = [0, 1, 2].map((sender) => prepare(sender, B1))
    const spoilt = roundChange(0, { ...claim, preparedCertificate: certificate.slice(1) })
    const whole = roundChange(0, { ...claim, preparedCertificate: certificate })
    const { state, effects } = play(replica(), [START, ...told([spoilt, whole])])
    expect(state.latestRoundChanges[0]).toEqual(whole)
    expect(effects.some((effect) => effect.type === 'evidence-found')).toBe(false)
  })

  it('of the next height: one a sender, round and type, near rounds, and the latest far ROUND-CHANGE', () => {
    const next = { height: 2 }
    const messages = [
      prepare(0, B1, next),
      prepare(0, B2, next),
      prepare(0, B1, { ...next, round: 9 }),
      roundChange(0, { ...next, round: 50 }),
      roundChange(0, { ...next, round: 70 }),
      roundChange(0, { ...next, round: 60 }),
      commit(0, B1, { height: 3 }),
    ]
    const { state } = play(replica(), [START, ...told(messages)])
    expect(state.nextHeight.map(({ message }) => [message.type, message.round])).toEqual([
      ['prepare', 0],
      ['round-change', 70],
    ])
    const begun = play(state, [[1_500, started({ height: 2, parentId: B1 })]]).state
    expect(begun.nextHeight).toEqual([])
    expect(begun.rounds[0]?.prepares.byMember[0]).toMatchObject({ blockId: B1 })
    expect(begun.latestRoundChanges[0]).toMatchObject({ round: 70 })
  })

  it('the buffer of the next height is full at some point, whoever sends', () => {
    let { state } = play(replica(), [START])
    const filler = prepare(0, B1, { height: 2 })
    state = {
      ...state,
      nextHeight: new Array(NEXT_HEIGHT_MESSAGES_LIMIT).fill({
        message: filler,
        receivedAt: { wallMs: 0, monotonicMs: 0 },
      }),
    }
    const full = play(state, told([commit(1, B1, { height: 2 })])).state
    expect(full.nextHeight.length).toBe(NEXT_HEIGHT_MESSAGES_LIMIT)
  })
})
