import { describe, expect, it } from 'vitest'
import {
  compactBlock,
  GENESIS_MS,
  hashNumber,
  member,
  PARAMETERS,
  prePrepare,
  prepare,
  rejectOf,
  roundChange,
} from './builders.test-kit.ts'
import { WAITING_PROPOSALS_LIMIT } from './limits.ts'
import {
  checkRow,
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
const B2 = hashNumber(2)
const prepared = { round: 0, blockId: B1 }
const proof = [prepare(0, B1), prepare(1, B1), prepare(2, B1)]
const unprepared = [0, 1, 2].map((sender) => roundChange(sender, { round: 1 }))
const withPrepared = [
  roundChange(0, { round: 1, prepared, preparedCertificate: proof }),
  roundChange(1, { round: 1 }),
  roundChange(2, { round: 1 }),
]
const LATE_BLOCK = compactBlock({ proposer: member(1), timestampMs: GENESIS_MS + 3_100 })

function proposal(overrides: Partial<Parameters<typeof prePrepare>[1]> & { from?: number } = {}): Fact[1] {
  const { from = 0, ...rest } = overrides
  return received(prePrepare(from, { blockId: B1, ...rest }))
}

function dropped(reason: string): object {
  return noted({ kind: 'proposal-dropped', reason })
}

const RULE_2: Row[] = [
  {
    description: 'round 0 from its proposer: the block is checked before anything is said',
    given: [START],
    when: [1_050, proposal()],
    effects: [{ type: 'check-block', blockId: B1 }],
    state: { accepted: null },
  },
  {
    description: 'round 0 from another member is dropped',
    given: [START],
    when: [1_050, proposal({ from: 1 })],
    effects: [dropped('not-proposer')],
  },
  {
    description: 'a fresh block whose header names another proposer is dropped',
    given: [START],
    when: [1_050, proposal({ block: compactBlock({ proposer: member(2) }) })],
    effects: [dropped('not-proposer')],
  },
  {
    description: 'a second copy asks for no second check',
    given: [START, [1_050, proposal()]],
    when: [1_060, proposal()],
    effects: [],
    state: { accepted: B1 },
  },
  {
    description: 'a block of before parent time + block time is dropped',
    given: [START],
    when: [1_050, proposal({ block: compactBlock({ timestampMs: GENESIS_MS + 999 }) })],
    effects: [dropped('too-soon')],
  },
  {
    description: 'an empty block of before the empty interval is dropped',
    given: [START],
    when: [1_050, proposal({ block: compactBlock({ empty: true, timestampMs: GENESIS_MS + 1_999 }) })],
    effects: [dropped('too-soon')],
  },
  {
    description: 'an empty block needs the block time alone while a change of the set is due',
    given: [[0, started({ pendingSetChange: true })]],
    when: [1_050, proposal({ block: compactBlock({ empty: true }) })],
    effects: [{ type: 'check-block' }],
  },
  {
    description: 'at the last moment of delay and precision it is timely',
    given: [START],
    when: [1_650, proposal()],
    effects: [{ type: 'check-block' }],
  },
  {
    description: 'later than delay and precision it is dropped, without a ROUND-CHANGE',
    given: [START],
    when: [1_651, proposal()],
    effects: [dropped('late')],
    state: { round: 0 },
  },
  {
    description: 'an early one is held in silence',
    given: [START],
    when: [500, proposal()],
    effects: [],
    state: { accepted: null, wakeAtMs: 1_000 - PARAMETERS.clockPrecisionMs },
  },
  {
    description: 'a held one is checked when its time has come',
    given: [START, [500, proposal()]],
    when: [750, { type: 'clock-advanced' }],
    effects: [{ type: 'check-block', blockId: B1 }],
  },
  {
    description: 'a held one is judged as at receipt: a timer that comes a minute late does not make it late',
    given: [
      [0, started({ hasWork: false })],
      [500, proposal()],
    ],
    when: [1_900, { type: 'clock-advanced' }],
    effects: [{ type: 'check-block', blockId: B1 }],
  },
  {
    description: 'a later round without a justification is dropped',
    given: [START],
    when: [3_150, proposal({ from: 1, round: 1, block: LATE_BLOCK })],
    effects: [
      dropped('unjustified'),
      noted({ kind: 'round-entered', round: 1 }),
      orders({ type: 'round-change' }),
    ],
  },
  {
    description: 'fewer ROUND-CHANGEs than a quorum do not justify',
    given: [START],
    when: [1_900, proposal({ from: 1, round: 1, justification: unprepared.slice(1) })],
    effects: [dropped('unjustified')],
  },
  {
    description: 'one sender twice is no quorum',
    given: [START],
    when: [
      1_900,
      proposal({ from: 1, round: 1, justification: [unprepared[0]!, unprepared[0]!, unprepared[1]!] }),
    ],
    effects: [dropped('unjustified')],
  },
  {
    description: 'ROUND-CHANGEs of another round do not justify',
    given: [START],
    when: [
      1_900,
      proposal({
        from: 1,
        round: 1,
        justification: [0, 1, 2].map((each) => roundChange(each, { round: 2 })),
      }),
    ],
    effects: [dropped('unjustified')],
  },
  {
    description: 'with a quorum of unprepared ROUND-CHANGEs a fresh block is accepted in a round ahead',
    given: [
      START,
      [
        2_900,
        proposal({
          from: 1,
          round: 1,
          justification: unprepared,
          block: compactBlock({ proposer: member(1), timestampMs: GENESIS_MS + 2_900 }),
        }),
      ],
    ],
    when: [2_910, { type: 'clock-advanced' }],
    effects: [],
    state: { round: 1, accepted: B1, timer: { startedAtMs: 2_900, timeoutMs: 3_000 } },
  },
  {
    description: 'a fresh block in the place of a prepared one is dropped',
    given: [START],
    when: [1_900, proposal({ from: 1, round: 1, blockId: B2, justification: withPrepared })],
    effects: [dropped('unjustified')],
  },
  {
    description: 'a re-proposal with a spoilt proof is dropped',
    given: [START],
    when: [
      1_900,
      proposal({
        from: 1,
        round: 1,
        justification: [
          { ...withPrepared[0]!, preparedCertificate: proof.slice(1) },
          ...withPrepared.slice(1),
        ],
      }),
    ],
    effects: [dropped('unjustified')],
  },
  {
    description: 'a re-proposal is judged neither by its time nor by its header’s proposer',
    given: [START],
    when: [60_000, proposal({ from: 1, round: 1, justification: withPrepared })],
    effects: [{ type: 'check-block', blockId: B1 }, { type: 'note' }, { type: 'sign-and-persist' }],
  },
  {
    description: 'a re-proposal of a checked block needs no second check',
    given: [START, [1_050, proposal()]],
    when: [2_000, proposal({ from: 1, round: 1, justification: withPrepared })],
    effects: [
      noted({ kind: 'round-entered', round: 1, reason: 'proposal' }),
      noted({ kind: 'proposal-accepted', round: 1, blockId: B1 }),
      orders({ type: 'prepare', round: 1, blockId: B1 }),
    ],
  },
  {
    description: 'a round that was left takes no proposal',
    given: [START, [3_000, { type: 'clock-advanced' }]],
    when: [3_010, proposal()],
    effects: [],
  },
]

describe('rule 2: PRE-PREPARE', () => {
  it.each(RULE_2)('$description', checkRow)

  it('the highest prepared round wins; a lower one may name another block', () => {
    const higher = { round: 1, blockId: B2 }
    const higherProof = [0, 1, 2].map((sender) => prepare(sender, B2, { round: 1 }))
    const justification = [
      roundChange(0, { round: 2, prepared, preparedCertificate: proof }),
      roundChange(1, { round: 2, prepared: higher, preparedCertificate: higherProof }),
      roundChange(2, { round: 2 }),
    ]
    const state = play(replica(), [START]).state
    const lower = stepFrozen(state, [2_000, proposal({ from: 2, round: 2, blockId: B1, justification })])
    expect(lower.effects[0]).toMatchObject(dropped('unjustified'))
    const right = stepFrozen(state, [2_000, proposal({ from: 2, round: 2, blockId: B2, justification })])
    expect(right.effects[0]).toMatchObject({ type: 'check-block', blockId: B2 })
  })

  it('only the highest claim needs its proof', () => {
    const justification = [
      roundChange(0, { round: 2, prepared, preparedCertificate: [] }),
      roundChange(1, {
        round: 2,
        prepared: { round: 1, blockId: B2 },
        preparedCertificate: [0, 1, 2].map((sender) => prepare(sender, B2, { round: 1 })),
      }),
      roundChange(2, { round: 2 }),
    ]
    const state = play(replica(), [START]).state
    const { effects } = stepFrozen(state, [
      2_000,
      proposal({ from: 2, round: 2, blockId: B2, justification }),
    ])
    expect(effects[0]).toMatchObject({ type: 'check-block', blockId: B2 })
  })

  it('of those that wait for a check so many are kept, and the one of the lowest round goes', () => {
    // In rounds 3 and 7 it is this member's own turn.
    const rounds = [0, 1, 2, 4, 5, 6, 8, 9, 10].slice(0, WAITING_PROPOSALS_LIMIT + 1)
    const facts = rounds.map((round): Fact => {
      const justification = round === 0 ? [] : [0, 1, 2].map((each) => roundChange(each, { round }))
      return [1_050, proposal({ from: round % 4, round, blockId: hashNumber(100 + round), justification })]
    })
    const waiting = ({ state }: ReturnType<typeof play>) => state.waiting.map(({ message }) => message.round)
    const full = play(replica(), [START, ...facts.slice(0, -1)], true)
    expect(waiting(full)).toEqual(rounds.slice(0, -1))
    const beyond = play(full.state, facts.slice(-1), true)
    expect(waiting(beyond)).toEqual(rounds.slice(1))
    const verdictOn = (round: number): Fact => [
      1_100,
      { type: 'block-checked', blockId: hashNumber(100 + round), result: { verdict: 'valid' } },
    ]
    expect(stepFrozen(full.state, verdictOn(0)).state.accepted).toBe(hashNumber(100))
    expect(stepFrozen(beyond.state, verdictOn(0)).state.accepted).toBeNull()
    expect(stepFrozen(beyond.state, verdictOn(10)).state).toMatchObject({
      round: 10,
      accepted: hashNumber(110),
    })
  })
})

function checked(result: Extract<Fact[1], { type: 'block-checked' }>['result']): Fact {
  return [1_100, { type: 'block-checked', blockId: B1, result }]
}

const ASKED: Pick<Row, 'given' | 'answersItself'> = {
  given: [START, [1_050, proposal()]],
  answersItself: true,
}
const badStateRoot = { verdict: 'invalid', code: 'bad-state-root' } as const

const RULE_8: Row[] = [
  {
    description: 'invalid: says REJECT and moves to the round after the proposal’s',
    ...ASKED,
    when: checked(badStateRoot),
    effects: [
      dropped('invalid'),
      { type: 'sign-reject', message: { type: 'reject', round: 0, blockId: B1, code: 'bad-state-root' } },
      noted({ kind: 'round-entered', round: 1, reason: 'invalid-proposal' }),
      orders({ type: 'round-change', round: 1, prepared: null }),
    ],
    state: { round: 1, accepted: null },
  },
  {
    description: 'a second proposal of the same invalid block is rejected without a check',
    given: [...ASKED.given, checked(badStateRoot)],
    answersItself: true,
    when: [2_000, proposal({ from: 1, round: 1, justification: withPrepared })],
    effects: [
      dropped('invalid'),
      { type: 'sign-reject', message: { round: 1, blockId: B1, code: 'bad-state-root' } },
      noted({ kind: 'round-entered', round: 2, reason: 'invalid-proposal' }),
      orders({ type: 'round-change', round: 2 }),
    ],
    state: { round: 2 },
  },
  {
    description: 'mismatched: dropped without blame, and the round goes on',
    ...ASKED,
    when: checked({ verdict: 'mismatched' }),
    effects: [dropped('mismatched')],
    state: { round: 0, accepted: null },
  },
  {
    description: 'after a mismatched copy a better one of the same block is checked',
    given: [...ASKED.given, checked({ verdict: 'mismatched' })],
    answersItself: true,
    when: [1_200, proposal()],
    effects: [{ type: 'check-block', blockId: B1 }],
  },
  {
    description: 'missing: waits, and the round goes by its timer',
    ...ASKED,
    when: [3_000, { type: 'clock-advanced' }],
    effects: [
      noted({ kind: 'round-entered', round: 1, reason: 'timeout' }),
      orders({ type: 'round-change', round: 1, prepared: null }),
    ],
    state: { round: 1 },
  },
  {
    description: 'a block found valid after its round was left is not accepted',
    given: [...ASKED.given, [3_000, { type: 'clock-advanced' }]],
    answersItself: true,
    when: [3_100, { type: 'block-checked', blockId: B1, result: { verdict: 'valid' } }],
    effects: [],
    state: { round: 1, accepted: null },
  },
]

describe('rule 8: invalid, mismatched and missing blocks', () => {
  it.each(RULE_8)('$description', checkRow)

  it('a quorum of REJECTs with one code proves the block invalid', () => {
    const asked = play(replica(), ASKED.given, true).state
    const [first, second, other, own] = [
      rejectOf(1, B1, 'bad-state-root'),
      rejectOf(2, B1, 'bad-state-root'),
      rejectOf(0, B1, 'other-code'),
      rejectOf(3, B1, 'bad-state-root'),
    ]
    const shown = (facts: readonly Fact[]) =>
      play(asked, facts).effects.filter((effect) => effect.type === 'invalid-block-proved')
    expect(shown([first, second, other].map((each): Fact => [1_200, received(each)]))).toEqual([])
    const all: Fact[] = [
      [1_200, received(first)],
      [1_200, received(second)],
      [1_200, { type: 'own-message-persisted', message: own }],
    ]
    const proved = { proposal: { blockId: B1 }, rejects: [first, second, own] }
    expect(shown(all)).toMatchObject([{ proof: proved }])
    const late: Fact = [1_300, received(rejectOf(0, B1, 'bad-state-root'))]
    expect(shown([...all, late])).toHaveLength(1)
  })
})
