import { describe, expect, it } from 'vitest'
import type { Certificate } from '../protocol/certificate.ts'
import { certificateSigners } from '../protocol/certificate-builder.ts'
import { ZERO_HASH } from '../protocol/hash.ts'
import { markVerified } from '../protocol/messages.ts'
import {
  commit,
  compactBlock,
  hashNumber,
  member,
  prePrepare,
  prepare,
  roundChange,
  validatorSet,
} from './builders.test-kit.ts'
import {
  checkRow,
  EQUAL_SET,
  type Fact,
  noted,
  orders,
  ordersOf,
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
const accepted: Fact[] = [START, [1_050, received(prePrepare(0, { blockId: B1 }))]]
const onePrepare: Fact = [1_060, received(prepare(0, B1))]
const twoCommits: Fact[] = [
  [1_070, received(commit(0, B1))],
  [1_071, received(commit(1, B1))],
]

const RULE_3: Row[] = [
  {
    description: 'one’s own PREPARE and one more are no quorum of four',
    given: accepted,
    when: onePrepare,
    effects: [],
    state: { prepared: null },
  },
  {
    description: 'a quorum prepares: COMMIT is ordered together with block and proof',
    given: [...accepted, onePrepare],
    when: [1_070, received(prepare(1, B1))],
    effects: [
      noted({ kind: 'prepared', height: 1, round: 0, blockId: B1 }),
      orders(
        { type: 'commit', height: 1, round: 0, blockId: B1 },
        {
          round: 0,
          blockId: B1,
          block: compactBlock(),
          certificate: [prepare(0, B1), prepare(1, B1), prepare(3, B1)],
        },
      ),
    ],
  },
  {
    description: 'PREPAREs for another block do not count',
    given: [...accepted, onePrepare],
    when: [1_070, received(prepare(1, B2))],
    effects: [],
  },
  {
    description: 'a PREPARE that comes twice counts once',
    given: [...accepted, onePrepare],
    when: [1_070, received(prepare(0, B1))],
    effects: [],
    state: { prepared: null },
  },
  {
    description: 'votes that came before the proposal count when it is accepted',
    given: [
      START,
      [1_000, received(prepare(0, B1))],
      [1_001, received(prepare(1, B1))],
      [1_002, received(prepare(2, B1))],
    ],
    when: [1_050, received(prePrepare(0, { blockId: B1 }))],
    effects: [{ type: 'check-block' }],
  },
  {
    description: 'late PREPAREs of a round that was left change nothing',
    given: [...accepted, onePrepare, [3_000, { type: 'clock-advanced' }]],
    when: [3_010, received(prepare(1, B1))],
    effects: [],
    state: { round: 1, prepared: null },
  },
  {
    description: 'a further PREPARE after the quorum asks for nothing',
    given: [...accepted, onePrepare, [1_070, received(prepare(1, B1))]],
    when: [1_080, received(prepare(2, B1))],
    effects: [],
  },
]

const RULE_4: Row[] = [
  {
    description:
      'who finds the block valid after a quorum has committed to it votes as well, and then decides',
    given: [
      START,
      [1_050, received(prePrepare(0, { blockId: B1 }))],
      ...[0, 1, 2].map((n): Fact => [1_060 + n, received(prepare(n, B1))]),
      ...[0, 1, 2].map((n): Fact => [1_070 + n, received(commit(n, B1))]),
    ],
    answersItself: true,
    when: [1_100, { type: 'block-checked', blockId: B1, result: { verdict: 'valid' } }],
    effects: [
      noted({ kind: 'proposal-accepted', height: 1, round: 0, blockId: B1 }),
      orders({ type: 'prepare', height: 1, round: 0, blockId: B1 }),
      noted({ kind: 'prepared', height: 1, round: 0, blockId: B1 }),
      { type: 'sign-and-persist', order: { message: { type: 'commit', round: 0, blockId: B1 } } },
      { type: 'decide', height: 1, round: 0, blockId: B1 },
    ],
    state: { phase: 'decided' },
  },
  {
    description: 'two COMMITs are no quorum',
    given: [...accepted, twoCommits[0]!],
    when: twoCommits[1]!,
    effects: [],
    state: { phase: 'running' },
  },
  {
    description: 'a quorum of COMMITs decides, although this replica has not prepared',
    given: [...accepted, ...twoCommits],
    when: [1_080, received(commit(2, B1))],
    effects: [{ type: 'decide', height: 1, round: 0, blockId: B1 }],
    state: { phase: 'decided', timer: null, wakeAtMs: null },
  },
  {
    description: 'COMMITs of two rounds do not add up',
    given: [...accepted, ...twoCommits],
    when: [1_080, received(commit(2, B1, { round: 1 }))],
    effects: [],
    state: { phase: 'running' },
  },
  {
    description: 'COMMITs of a round that was left still decide',
    given: [...accepted, ...twoCommits, [3_000, { type: 'clock-advanced' }]],
    when: [3_010, received(commit(2, B1))],
    effects: [{ type: 'decide', round: 0, blockId: B1 }],
  },
  {
    description: 'an unknown block is fetched from those who committed to it',
    given: [START, ...twoCommits],
    when: [1_080, received(commit(2, B1))],
    effects: [{ type: 'fetch-block', height: 1, blockId: B1, from: [member(0), member(1), member(2)] }],
    state: { phase: 'running' },
  },
  {
    description: 'the fetched block decides once it is checked',
    given: [START, ...twoCommits, [1_080, received(commit(2, B1))]],
    when: [1_100, received(commit(0, B1))],
    effects: [],
    state: { phase: 'decided' },
  },
  {
    description: 'after the decision the votes that follow ask for nothing',
    given: [...accepted, ...twoCommits, [1_080, received(commit(2, B1))]],
    when: [1_090, received(prepare(1, B1))],
    effects: [],
  },
]

function certificate(bits: number, blockId = B1): Certificate {
  return {
    scheme: 0,
    height: 1,
    round: 0,
    blockId,
    validatorsHash: ZERO_HASH,
    bitmap: Uint8Array.of(bits),
    signatures: [],
  }
}

describe('rule 3: PREPARE', () => {
  it.each(RULE_3)('$description', checkRow)

  it('power is weighed, not counted', () => {
    const heavy = started({ validators: validatorSet([5, 3, 3, 2, 1]) })
    const opening: Fact[] = [
      [0, heavy],
      [1_050, received(prePrepare(0, { blockId: B1 }))],
    ]
    const four = play(replica({ self: null }), [
      ...opening,
      ...[1, 2, 3].map((each): Fact => [1_060, received(prepare(each, B1))]),
    ])
    expect(four.state.prepared).toBeNull()
    const withHeavy = play(four.state, [[1_070, received(prepare(0, B1))]])
    expect(withHeavy.state.prepared).toMatchObject({ blockId: B1 })
  })
})

describe('rule 4: COMMIT and the decision', () => {
  it.each(RULE_4)('$description', checkRow)

  it('the certificate names the members in order and passes as a quorum of the set', () => {
    const { effects } = play(replica(), [...accepted, ...twoCommits, [1_080, received(commit(2, B1))]])
    const decision = effects.find((effect) => effect.type === 'decide')
    expect(decision?.certificate).toMatchObject({
      height: 1,
      round: 0,
      blockId: B1,
      bitmap: Uint8Array.of(0b111),
    })
    expect(certificateSigners(EQUAL_SET, decision!.certificate)).toMatchObject({ ok: true, power: 3n })
  })

  it('one’s own vote counts when it is durable, not before', () => {
    const ready = play(replica(), [...accepted, onePrepare, twoCommits[0]!, twoCommits[1]!]).state
    const ordered = stepFrozen(ready, [1_090, received(prepare(1, B1))])
    expect(ordered.state.phase).toBe('running')
    const durable = stepFrozen(ordered.state, [
      1_095,
      { type: 'own-message-persisted', message: commit(3, B1) },
    ])
    expect(ordersOf(durable.effects).map((effect) => effect.type)).toEqual(['broadcast', 'decide'])
  })

  it('an own COMMIT that becomes durable after the decision still leaves', () => {
    const ordered = stepFrozen(play(replica(), [...accepted, onePrepare, ...twoCommits]).state, [
      1_090,
      received(prepare(1, B1)),
    ])
    const decided = stepFrozen(ordered.state, [1_091, received(commit(2, B1))]).state
    const next = stepFrozen(decided, [1_094, started({ height: 2, parentId: B1 })]).state
    const late = stepFrozen(next, [1_095, { type: 'own-message-persisted', message: commit(3, B1) }])
    expect(late.effects).toMatchObject([
      { type: 'broadcast', message: { type: 'commit', height: 1 }, repeat: false },
    ])
    expect(late.state.own).toEqual([])
  })

  it('certified but invalid here: halts for good', () => {
    const asked = stepFrozen(play(replica(), [START, ...twoCommits]).state, [
      1_080,
      received(commit(2, B1)),
    ]).state
    const invalid = {
      type: 'block-checked',
      blockId: B1,
      result: { verdict: 'invalid', code: 'bad-state-root' },
    } as const
    const { state, effects } = stepFrozen(asked, [1_100, invalid])
    expect(ordersOf(effects)).toMatchObject([
      { type: 'halt', height: 1, blockId: B1, code: 'bad-state-root' },
    ])
    expect(stepFrozen(state, [9_000, received(commit(0, B1, { height: 9 }))])).toEqual({ state, effects: [] })
  })

  it('a fetched body that does not match is fetched again a little later', () => {
    const asked = stepFrozen(play(replica(), [START, ...twoCommits]).state, [
      1_080,
      received(commit(2, B1)),
    ]).state
    const mismatched = stepFrozen(asked, [
      1_100,
      { type: 'block-checked', blockId: B1, result: { verdict: 'mismatched' } },
    ])
    expect(mismatched.effects).toEqual([])
    const again = stepFrozen(mismatched.state, [2_000, { type: 'clock-advanced' }])
    expect(ordersOf(again.effects)).toMatchObject([
      { type: 'request-decided' },
      { type: 'fetch-block', blockId: B1 },
    ])
  })

  it('a certificate from elsewhere decides at once when its block is known', () => {
    const ready = play(replica(), accepted).state
    const { effects } = stepFrozen(ready, [
      1_100,
      { type: 'certificate-received', certificate: certificate(0b111) },
    ])
    expect(ordersOf(effects)).toMatchObject([
      { type: 'decide', blockId: B1, certificate: { bitmap: Uint8Array.of(0b111) } },
    ])
  })

  it('a certificate of an unknown block decides once the block is checked', () => {
    const waiting = stepFrozen(play(replica(), [START]).state, [
      1_100,
      { type: 'certificate-received', certificate: certificate(0b1011) },
    ])
    expect(ordersOf(waiting.effects)).toMatchObject([
      { type: 'fetch-block', from: [member(0), member(1), member(3)] },
    ])
    const checked = stepFrozen(waiting.state, [
      1_110,
      { type: 'block-checked', blockId: B1, result: { verdict: 'valid' } },
    ])
    expect(ordersOf(checked.effects)).toMatchObject([{ type: 'decide', blockId: B1 }])
  })

  it('a certificate of another height is passed over', () => {
    const ready = play(replica(), accepted).state
    const other = { ...certificate(0b111), height: 2 }
    expect(stepFrozen(ready, [1_100, { type: 'certificate-received', certificate: other }]).effects).toEqual(
      [],
    )
  })
})

const ahead = commit(0, B2, { height: 3 })

describe('catch-up', () => {
  it('a message of a higher height asks for certificates, at a bounded rate', () => {
    const ready = play(replica(), [START]).state
    const first = stepFrozen(ready, [1_000, received(ahead)])
    expect(ordersOf(first.effects)).toEqual([{ type: 'request-decided', fromHeight: 1 }])
    expect(ordersOf(stepFrozen(first.state, [1_100, received(ahead)]).effects)).toEqual([])
    expect(ordersOf(stepFrozen(first.state, [1_300, received(ahead)]).effects)).toHaveLength(1)
  })

  it('while only the write of a decided height is awaited, the next height’s messages ask for nothing', () => {
    const decided = play(replica(), [...accepted, ...twoCommits, [1_080, received(commit(2, B1))]]).state
    expect(stepFrozen(decided, [2_000, received(prepare(0, B2, { height: 2 }))]).effects).toEqual([])
  })

  it('messages of the next height are kept and judged as at receipt', () => {
    const block = compactBlock({ height: 2, proposer: member(1), parentId: B1 })
    const early = prePrepare(1, { height: 2, blockId: B2, block })
    const decided = play(replica(), [...accepted, ...twoCommits, [1_080, received(commit(2, B1))]]).state
    const kept = stepFrozen(decided, [1_500, received(early)]).state
    const next = started({ height: 2, parentId: B1, parentTimeMs: early.block.header.timestampMs - 1_000 })
    const { effects } = stepFrozen(kept, [30_000, next])
    expect(effects).toContainEqual(expect.objectContaining({ type: 'check-block', blockId: B2 }))
  })

  it('a message of a lower height is answered with that height, at a bounded rate for each sender', () => {
    const ready = play(replica(), [[0, started({ height: 5 })]]).state
    const old = (sender: number) => received(roundChange(sender, { height: 3, round: 1 }))
    const first = stepFrozen(ready, [100, old(0)])
    expect(first.effects).toMatchObject([{ type: 'send-decided', height: 3, to: member(0) }])
    expect(stepFrozen(first.state, [200, old(0)]).effects).toEqual([])
    expect(stepFrozen(first.state, [200, old(1)]).effects).toHaveLength(1)
    expect(stepFrozen(first.state, [600, old(0)]).effects).toHaveLength(1)
  })

  it('the last votes of the height just ended are not taken for a cry for help', () => {
    const ready = play(replica(), [[0, started({ height: 5 })]]).state
    const late = received(commit(0, B1, { height: 4 }))
    expect(stepFrozen(ready, [100, late]).effects).toEqual([])
    const { effects } = stepFrozen(ready, [2_000, late])
    expect(effects).toContainEqual({ type: 'send-decided', height: 4, to: member(0) })
  })

  it('while a peer shows a certificate of this height nothing is signed; then what the round calls for is', () => {
    const behind = play(replica(), [START, [900, { type: 'peer-ahead', height: 1 }]]).state
    const silent = play(behind, [[1_050, received(prePrepare(0, { blockId: B1 }))]])
    expect(silent.effects).toContainEqual(
      expect.objectContaining(
        noted(expect.objectContaining({ kind: 'signing-refused', reason: 'behind-peers' })),
      ),
    )
    expect(silent.effects.some((effect) => effect.type === 'sign-and-persist')).toBe(false)
    const caughtUp = stepFrozen(silent.state, [1_100, { type: 'caught-up' }])
    expect(ordersOf(caughtUp.effects)).toMatchObject([orders({ type: 'prepare', blockId: B1 })])
  })

  it('a proposer that was behind at the start proposes when it has caught up', () => {
    const behind = play(replica({ self: member(0) }), [
      START,
      [900, { type: 'peer-ahead', height: 1 }],
      [1_000, { type: 'clock-advanced' }],
    ]).state
    const { effects } = stepFrozen(behind, [1_100, { type: 'caught-up' }])
    expect(effects).toMatchObject([{ type: 'build-block', round: 0 }])
  })

  it('a replica with nothing to repeat asks for certificates instead', () => {
    const follower = play(replica({ self: null }), [START]).state
    const { effects } = stepFrozen(follower, [2_000, { type: 'clock-advanced' }])
    expect(effects).toContainEqual({ type: 'request-decided', fromHeight: 1 })
  })

  it('before the first height nothing is answered', () => {
    expect(stepFrozen(replica(), [0, received(markVerified(ahead))]).effects).toEqual([])
  })
})
