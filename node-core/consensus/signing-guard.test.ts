import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GuardedMessage, VerifiedMessage } from '../protocol/messages.ts'
import {
  commit,
  compactBlock,
  hashNumber,
  member,
  prePrepare,
  prepare,
  roundChange,
} from './builders.test-kit.ts'
import type { Effect } from './effect.ts'
import { PENDING_ORDERS_LIMIT } from './limits.ts'
import { type GuardRecord, NEVER_SIGN, type Position } from './replica-state.ts'
import {
  type Fact,
  noted,
  orders,
  ordersOf,
  play,
  received,
  replica,
  START,
  started,
  stepFrozen,
} from './script.test-kit.ts'
import { comparePositions } from './signing-guard.ts'

const B1 = hashNumber(1)
const B2 = hashNumber(2)
const ACCEPTED: Fact[] = [START, [1_050, received(prePrepare(0, { blockId: B1 }))]]
const PREPARED: Fact[] = [...ACCEPTED, [1_060, received(prepare(0, B1))], [1_070, received(prepare(1, B1))]]
const TIMED_OUT: Fact = [3_000, { type: 'clock-advanced' }]
const prepared = {
  round: 0,
  blockId: B1,
  block: compactBlock(),
  certificate: [0, 1, 3].map((each) => prepare(each, B1)),
}

function record(overrides: Partial<GuardRecord> = {}): GuardRecord {
  return {
    position: { height: 1, round: 0, type: 'prepare' },
    messages: [prepare(3, B1)],
    lastCommit: null,
    prepared: null,
    ...overrides,
  }
}

const COMMITTED = record({
  position: { height: 1, round: 0, type: 'commit' },
  messages: [prepare(3, B1), commit(3, B1)],
  lastCommit: commit(3, B1),
  prepared,
})

function signed(effects: readonly Effect[]) {
  return effects.filter((effect) => effect.type === 'sign-and-persist').map((effect) => effect.order.message)
}

function refusals(effects: readonly Effect[]) {
  return effects.flatMap((effect) =>
    effect.type === 'note' && effect.note.kind === 'signing-refused' ? [effect.note.reason] : [],
  )
}

describe('signing guard', () => {
  it('the order of positions: height, round, ROUND-CHANGE < PRE-PREPARE < PREPARE < COMMIT', () => {
    const types = ['round-change', 'pre-prepare', 'prepare', 'commit'] as const
    const positions = fc.record({ height: fc.nat(3), round: fc.nat(3), type: fc.constantFrom(...types) })
    const rank = (each: Position) => each.height * 100 + each.round * 10 + types.indexOf(each.type)
    fc.assert(
      fc.property(positions, positions, (a, b) => {
        expect(Math.sign(comparePositions(a, b))).toBe(Math.sign(rank(a) - rank(b)))
      }),
    )
  })

  it('whatever is told, orders go strictly up', () => {
    const someRound = fc.nat(3)
    const someId = fc.constantFrom(B1, B2)
    const anyFact = fc.oneof(
      fc
        .tuple(fc.nat(2), someId, someRound)
        .map(([from, id, round]) => received(prepare(from, id, { round }))),
      fc
        .tuple(fc.nat(2), someId, someRound)
        .map(([from, id, round]) => received(commit(from, id, { round }))),
      fc.tuple(fc.nat(2), someRound).map(([from, round]) => received(roundChange(from, { round }))),
      someId.map((blockId) => received(prePrepare(0, { blockId }))),
      fc.constant({ type: 'clock-advanced' } as const),
      fc.constant({ type: 'peer-ahead', height: 1 } as const),
      fc.constant({ type: 'caught-up' } as const),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_500), anyFact), { maxLength: 40 }), (steps) => {
        let atMs = 900
        const facts = steps.map(([pauseMs, input]): Fact => {
          atMs += pauseMs
          return [atMs, input]
        })
        const said = signed(play(replica(), [START, ...facts]).effects)
        said.slice(1).forEach((message, i) => {
          expect(comparePositions(said[i]!, message)).toBeLessThan(0)
        })
      }),
    )
  })

  it('a message below the last position is refused with a note', () => {
    const restored = record({ position: { height: 1, round: 4, type: 'round-change' }, messages: [] })
    const state = { ...play(replica(), [START]).state, guard: { ...replica({ restored }).guard } }
    const { effects } = stepFrozen(state, TIMED_OUT)
    expect(signed(effects)).toEqual([])
    expect(refusals(effects)).toEqual(['below-last-position'])
  })

  it('a ROUND-CHANGE that claims less than the last COMMIT is refused', () => {
    const state = { ...play(replica(), PREPARED).state, prepared: null }
    const { effects } = stepFrozen(state, TIMED_OUT)
    expect(refusals(effects)).toEqual(['claims-less-than-commit'])
  })

  it('an order that failed is given again as it was, while nothing was signed after it', () => {
    const ordered = stepFrozen(
      play(replica(), [START, [1_050, received(prePrepare(0, { blockId: B1 }))]].slice(0, 1) as Fact[]).state,
      [1_050, received(prePrepare(0, { blockId: B1 }))],
    )
    const checked = stepFrozen(ordered.state, [
      1_060,
      { type: 'block-checked', blockId: B1, result: { verdict: 'valid' } },
    ])
    const failed = stepFrozen(checked.state, [
      1_070,
      { type: 'signing-failed', height: 1, round: 0, messageType: 'prepare' },
    ])
    expect(refusals(failed.effects)).toEqual(['order-failed'])
    const again = stepFrozen(failed.state, [2_000, { type: 'clock-advanced' }])
    expect(signed(again.effects)).toEqual(signed(checked.effects))
    const left = stepFrozen(failed.state, TIMED_OUT)
    const later = stepFrozen(left.state, [9_000, { type: 'clock-advanced' }])
    expect(signed(later.effects)).toEqual([])
    expect(later.state.guard.pending.map((each) => each.order.message.type)).toEqual(['round-change'])
  })

  it('orders that nobody answers come to a limit: the next is refused and changes nothing, an answer makes room', () => {
    // Two others are one honest member at least: this one follows them.
    const othersIn = (round: number) =>
      [0, 1].map((sender): Fact => [1_000 + round, received(roundChange(sender, { round }))])
    const rounds = Array.from({ length: PENDING_ORDERS_LIMIT }, (_, i) => i + 1)
    const full = play(replica(), [START, ...rounds.flatMap(othersIn)], true)
    expect(signed(full.effects).map(({ round }) => round)).toEqual(rounds)
    expect(refusals(full.effects)).toEqual([])
    const beyond = play(full.state, othersIn(PENDING_ORDERS_LIMIT + 1), true)
    expect(refusals(beyond.effects)).toEqual(['too-many-orders'])
    expect(beyond.state.guard).toEqual(full.state.guard)
    const answer: Fact = [2_000, { type: 'own-message-persisted', message: roundChange(3, { round: 1 }) }]
    const next = play(beyond.state, [answer, ...othersIn(PENDING_ORDERS_LIMIT + 2)], true)
    expect(signed(next.effects)).toMatchObject([{ type: 'round-change', round: PENDING_ORDERS_LIMIT + 2 }])
  })

  it('a prepared value whose COMMIT failed travels with the next order', () => {
    const beforeCommit = play(replica(), [...ACCEPTED, [1_060, received(prepare(0, B1))]]).state
    const ordered = stepFrozen(beforeCommit, [1_070, received(prepare(1, B1))]).state
    const failed = stepFrozen(ordered, [
      1_080,
      { type: 'signing-failed', height: 1, round: 0, messageType: 'commit' },
    ]).state
    const { effects } = stepFrozen(failed, TIMED_OUT)
    expect(ordersOf(effects)).toContainEqual(
      expect.objectContaining(
        orders(
          {
            type: 'round-change',
            round: 1,
            height: 1,
            sender: member(3),
            prepared: { round: 0, blockId: B1 },
            preparedCertificate: prepared.certificate,
          },
          prepared,
        ),
      ),
    )
  })

  it('below signFromHeight nothing is signed; from there on it is', () => {
    const lost = { signFromHeight: 2 }
    expect(signed(play(replica(lost), ACCEPTED).effects)).toEqual([])
    const block = compactBlock({ height: 2, proposer: member(1), parentId: B1 })
    const second: Fact[] = [
      [0, started({ height: 2, parentId: B1 })],
      [1_050, received(prePrepare(1, { height: 2, blockId: B2, block }))],
    ]
    expect(signed(play(replica(lost), second).effects)).toMatchObject([{ type: 'prepare', height: 2 }])
  })

  it('a lost record: nothing until signing is allowed, and then from that height', () => {
    const silent = play(replica({ signFromHeight: NEVER_SIGN }), ACCEPTED)
    expect(refusals(silent.effects)).toEqual(['barred'])
    expect(
      signed(stepFrozen(silent.state, [1_100, { type: 'signing-allowed', fromHeight: 2 }]).effects),
    ).toEqual([])
    expect(
      signed(stepFrozen(silent.state, [1_100, { type: 'signing-allowed', fromHeight: 1 }]).effects),
    ).toMatchObject([{ type: 'prepare' }])
  })

  it('an imported record without messages signs nothing at or below its height', () => {
    const imported = record({ messages: [] })
    expect(replica({ restored: imported }).signFromHeight).toBe(2)
    expect(signed(play(replica({ restored: imported }), [...ACCEPTED, TIMED_OUT]).effects)).toEqual([])
  })

  it('a late answer for a round that was left leaves once and is not repeated', () => {
    const asked = stepFrozen(play(replica(), [START]).state, [
      1_050,
      received(prePrepare(0, { blockId: B1 })),
    ]).state
    const ordered = stepFrozen(asked, [
      1_060,
      { type: 'block-checked', blockId: B1, result: { verdict: 'valid' } },
    ]).state
    const left = stepFrozen(ordered, TIMED_OUT).state
    const own: VerifiedMessage<GuardedMessage> = prepare(3, B1)
    const late = stepFrozen(left, [3_010, { type: 'own-message-persisted', message: own }])
    expect(ordersOf(late.effects)).toMatchObject([{ type: 'broadcast', message: own, repeat: false }])
    expect(late.state.own).toEqual([])
  })
})

describe('restart', () => {
  it('resumes at the guard’s round with the stored messages, which are sent again at once', () => {
    const own = roundChange(3, { round: 2 })
    const restored = record({ position: { height: 1, round: 2, type: 'round-change' }, messages: [own] })
    const { state, effects } = stepFrozen(replica({ restored }), [5_000, started()])
    expect(state).toMatchObject({ round: 2, timer: { startedAtMs: 5_000, timeoutMs: 4_000 } })
    expect(ordersOf(effects)).toMatchObject([
      noted({ kind: 'round-entered', round: 2, reason: 'restart' }),
      { type: 'request-decided', fromHeight: 1 },
      { type: 'broadcast', message: own, repeat: true },
    ])
    expect(state.latestRoundChanges[3]).toEqual(own)
  })

  it('keeps what was prepared: block, proof, and the COMMIT that counts', () => {
    const { state, effects } = play(replica({ restored: COMMITTED }), [[5_000, started()]])
    expect(state).toMatchObject({ round: 0, accepted: B1, preparedInRound: true, prepared: { blockId: B1 } })
    expect(effects).toContainEqual({ type: 'check-block', blockId: B1, block: prepared.block })
    const decided = play(state, [
      [5_010, received(commit(0, B1))],
      [5_020, received(commit(1, B1))],
    ])
    expect(decided.effects).toContainEqual(expect.objectContaining({ type: 'decide', blockId: B1 }))
  })

  it('says the same again only as stored: a proposal that comes again is signed no second time', () => {
    const { effects } = play(replica({ restored: record() }), [
      [1_000, started()],
      [1_050, received(prePrepare(0, { blockId: B1 }))],
    ])
    expect(signed(effects)).toEqual([])
    expect(refusals(effects)).toEqual([])
  })

  it('another block at the place of the stored message is refused', () => {
    const { effects } = play(replica({ restored: record() }), [
      [1_000, started()],
      [1_050, received(prePrepare(0, { blockId: B2 }))],
    ])
    expect(signed(effects)).toEqual([])
    expect(refusals(effects)).toEqual(['position-taken'])
  })

  it('an own proposal of the record is taken up again, late as it may be, and no second one is built', () => {
    const own = prePrepare(0, { blockId: B1 })
    const restored = record({ position: { height: 1, round: 0, type: 'pre-prepare' }, messages: [own] })
    const { state, effects } = play(replica({ self: member(0), restored }), [
      [9_000, started()],
      [10_000, { type: 'clock-advanced' }],
    ])
    expect(state.accepted).toBe(B1)
    expect(signed(effects)).toMatchObject([{ type: 'prepare', blockId: B1 }])
    expect(effects.some((effect) => effect.type === 'build-block')).toBe(false)
  })

  it('a record of a higher height keeps the replica mute below it', () => {
    const restored = record({
      position: { height: 2, round: 0, type: 'prepare' },
      messages: [prepare(3, B2, { height: 2 })],
    })
    const { effects } = play(replica({ restored }), ACCEPTED)
    expect(signed(effects)).toEqual([])
    expect(refusals(effects)).toEqual(['below-last-position'])
  })

  it('a record of a lower height starts in round 0 with nothing prepared', () => {
    const { state } = play(replica({ restored: COMMITTED }), [[5_000, started({ height: 2, parentId: B1 })]])
    expect(state).toMatchObject({ round: 0, prepared: null, own: [] })
  })
})
