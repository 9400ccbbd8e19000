import { describe, expect, it } from 'vitest'
import {
  compactBlock,
  GENESIS_MS,
  hashNumber,
  member,
  PARAMETERS,
  prePrepare,
  prepare,
  roundChange,
} from './builders.test-kit.ts'
import {
  checkRow,
  type Fact,
  noted,
  orders,
  ordersOf,
  play,
  type Row,
  received,
  replica,
  START,
  stepFrozen,
} from './script.test-kit.ts'
import { roundTimeoutMs } from './timers.ts'

const B1 = hashNumber(1)
const B2 = hashNumber(2)
const proof = [prepare(0, B1), prepare(1, B1), prepare(2, B1)]
const claim = { prepared: { round: 0, blockId: B1 }, preparedCertificate: proof }
const TIMED_OUT: Fact = [3_000, { type: 'clock-advanced' }]
const preparedHere: Fact[] = [
  START,
  [1_050, received(prePrepare(0, { blockId: B1 }))],
  [1_060, received(prepare(0, B1))],
  [1_070, received(prepare(1, B1))],
]

function changes(round: number, senders: readonly number[], atMs = 3_010): Fact[] {
  return senders.map((sender): Fact => [atMs, received(roundChange(sender, { round }))])
}

const RULE_5: Row[] = [
  {
    description: 'a timeout moves to the next round with nothing accepted and says ROUND-CHANGE',
    given: [START, [1_050, received(prePrepare(0, { blockId: B1 }))]],
    when: TIMED_OUT,
    effects: [
      noted({ kind: 'round-entered', round: 1, reason: 'timeout' }),
      orders({ type: 'round-change', round: 1, prepared: null, preparedCertificate: [] }),
    ],
    state: { round: 1, accepted: null, timer: null, own: [] },
  },
  {
    description: 'a ROUND-CHANGE tells what is prepared, with its proof',
    given: preparedHere,
    when: TIMED_OUT,
    effects: [
      { type: 'note' },
      orders({
        type: 'round-change',
        round: 1,
        prepared: { round: 0, blockId: B1 },
        preparedCertificate: [prepare(0, B1), prepare(1, B1), prepare(3, B1)],
      }),
    ],
    state: { prepared: { round: 0, blockId: B1 } },
  },
  {
    description: 'the timer of a later round does not run on one’s own ROUND-CHANGE',
    given: [START, TIMED_OUT],
    when: [600_000, { type: 'clock-advanced' }],
    effects: [{ type: 'broadcast', message: { type: 'round-change', round: 1 }, repeat: true }],
    state: { round: 1, timer: null },
  },
  {
    description: 'it runs once a quorum is known to have reached the round or a later one',
    given: [START, TIMED_OUT, ...changes(1, [0])],
    when: [3_020, received(roundChange(2, { round: 2 }))],
    effects: [],
    state: { round: 1, timer: { startedAtMs: 3_020, timeoutMs: 3_000 } },
  },
  {
    description: 'a deadline that passed long ago is met at the next event',
    given: [START],
    when: [63_000, received(prepare(0, B1))],
    effects: [noted({ kind: 'round-entered', round: 1, reason: 'timeout' }), { type: 'sign-and-persist' }],
  },
  {
    description: 'own messages of the round are sent again as stored, PREPARE and COMMIT alike',
    given: preparedHere,
    when: [2_050, { type: 'clock-advanced' }],
    effects: [
      { type: 'broadcast', message: { type: 'prepare', blockId: B1 }, repeat: true },
      { type: 'broadcast', message: { type: 'commit', blockId: B1 }, repeat: true },
    ],
  },
]

const RULE_6: Row[] = [
  {
    description: 'one sender ahead moves nobody',
    given: [START],
    when: [1_500, received(roundChange(0, { round: 7 }))],
    effects: [],
    state: { round: 0 },
  },
  {
    description: 'more than a third moves to the highest round that an honest one has reached',
    given: [START, [1_500, received(roundChange(0, { round: 95 }))]],
    when: [1_510, received(roundChange(1, { round: 60 }))],
    effects: [
      noted({ kind: 'round-entered', round: 60, reason: 'others-moved' }),
      orders({ type: 'round-change', round: 60 }),
    ],
    state: { round: 60, timer: null },
  },
  {
    description: 'a sender’s latest counts for the rounds below it',
    given: [
      START,
      [1_500, received(roundChange(0, { round: 3 }))],
      [1_510, received(roundChange(0, { round: 9 }))],
    ],
    when: [1_520, received(roundChange(1, { round: 4 }))],
    effects: [noted({ kind: 'round-entered', round: 4 }), { type: 'sign-and-persist' }],
  },
  {
    description: 'an unproved claim is dropped',
    given: [START, [1_500, received(roundChange(0, { round: 5 }))]],
    when: [
      1_510,
      received(
        roundChange(1, {
          round: 5,
          prepared: { round: 0, blockId: B1 },
          preparedCertificate: proof.slice(1),
        }),
      ),
    ],
    effects: [],
    state: { round: 0 },
  },
  {
    description: 'a claim of the round itself is dropped',
    given: [START, [1_500, received(roundChange(0, { round: 5 }))]],
    when: [
      1_510,
      received(roundChange(1, { round: 5, prepared: { round: 5, blockId: B1 }, preparedCertificate: proof })),
    ],
    effects: [],
    state: { round: 0 },
  },
]

const proposer1 = { self: member(1) }
const RULE_7: Row[] = [
  {
    description: 'the proposer of a later round builds once it holds a quorum, its own included',
    replica: proposer1,
    given: [START, TIMED_OUT, ...changes(1, [0])],
    when: [3_020, received(roundChange(2, { round: 1 }))],
    effects: [{ type: 'build-block', height: 1, round: 1, notBeforeMs: GENESIS_MS + 1_000 }],
  },
  {
    description: 'less than a quorum is not enough',
    replica: proposer1,
    given: [START, TIMED_OUT],
    when: [3_020, received(roundChange(2, { round: 1 }))],
    effects: [],
  },
  {
    description: 'a prepared value in the quorum is proposed again, as it is, with its proof alone',
    replica: proposer1,
    given: [START, [1_050, received(prePrepare(0, { blockId: B1 }))], TIMED_OUT, ...changes(1, [0])],
    when: [3_020, received(roundChange(2, { round: 1, ...claim }))],
    effects: [
      orders({
        type: 'pre-prepare',
        round: 1,
        blockId: B1,
        block: compactBlock(),
        justification: [
          { sender: member(0), preparedCertificate: [] },
          { sender: member(1) },
          { sender: member(2), preparedCertificate: proof },
        ],
      }),
    ],
  },
  {
    description: 'a prepared block that is not here is fetched, and no fresh one takes its place',
    replica: proposer1,
    given: [START, TIMED_OUT, ...changes(1, [0])],
    when: [3_020, received(roundChange(2, { round: 1, ...claim }))],
    effects: [{ type: 'fetch-block', blockId: B1, from: [member(2)] }],
  },
  {
    description: 'another quorum without that claim lets the proposer go on',
    replica: proposer1,
    given: [START, TIMED_OUT, ...changes(1, [0]), [3_020, received(roundChange(2, { round: 1, ...claim }))]],
    when: [3_030, received(roundChange(3, { round: 1 }))],
    effects: [{ type: 'build-block', round: 1 }],
  },
]

describe('rule 5: timeout', () => {
  it.each(RULE_5)('$description', checkRow)

  it('the timeout grows by half of T0 a round up to the cap', () => {
    const timeouts = [0, 1, 2, 10, 1_000, 2 ** 32 - 1].map((round) => roundTimeoutMs(PARAMETERS, round))
    expect(timeouts).toEqual([2_000, 3_000, 4_000, 12_000, 120_000, 120_000])
  })

  it('what was said in a round that ended is not sent again', () => {
    const left = play(replica(), [...preparedHere, TIMED_OUT]).state
    const { effects } = stepFrozen(left, [4_500, { type: 'clock-advanced' }])
    expect(ordersOf(effects)).toMatchObject([
      { type: 'broadcast', message: { type: 'round-change', round: 1 } },
    ])
  })
})

describe('rule 6: following others', () => {
  it.each(RULE_6)('$description', checkRow)
})

describe('rule 7: the proposer of a later round', () => {
  it.each(RULE_7.slice(0, 3))('$description', checkRow)

  const asked = (() => {
    const held = play(replica(proposer1), RULE_7[3]!.given).state
    return stepFrozen(held, RULE_7[3]!.when)
  })()

  it(RULE_7[3]!.description, () => {
    expect(ordersOf(asked.effects)).toMatchObject(RULE_7[3]!.effects)
  })

  it(RULE_7[4]!.description, () => {
    expect(ordersOf(stepFrozen(asked.state, RULE_7[4]!.when).effects)).toMatchObject(RULE_7[4]!.effects)
  })

  it('the block that came is proposed again', () => {
    const answer = {
      type: 'block-checked',
      blockId: B1,
      result: { verdict: 'valid' },
      block: compactBlock(),
    } as const
    const { effects } = stepFrozen(asked.state, [3_100, answer])
    expect(ordersOf(effects)).toMatchObject([orders({ type: 'pre-prepare', round: 1, blockId: B1 })])
  })

  it('a fresh block is shown with the quorum it was built on, not with claims that came later', () => {
    const building = play(replica(proposer1), [START, TIMED_OUT, ...changes(1, [0, 2])]).state
    const later = stepFrozen(building, [3_030, received(roundChange(3, { round: 1, ...claim }))]).state
    const block = compactBlock({ proposer: member(1), timestampMs: GENESIS_MS + 3_030 })
    const { effects } = stepFrozen(later, [
      3_040,
      { type: 'block-built', height: 1, round: 1, block, blockId: B2 },
    ])
    expect(ordersOf(effects)).toMatchObject([
      orders({
        type: 'pre-prepare',
        blockId: B2,
        justification: [{ sender: member(0) }, { sender: member(1) }, { sender: member(2) }],
      }),
    ])
  })
})
