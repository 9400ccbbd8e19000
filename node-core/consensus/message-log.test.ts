import { describe, expect, it } from 'vitest'
import { commit, hashNumber, prePrepare, prepare, roundChange } from './builders.test-kit.ts'
import { NEXT_HEIGHT_MESSAGES_LIMIT, ROUNDS_AHEAD, ROUNDS_BEHIND } from './limits.ts'
import { type Fact, play, received, replica, START, started } from './script.test-kit.ts'

const B1 = hashNumber(1)
const B2 = hashNumber(2)

function told(messages: readonly Parameters<typeof received>[0][], atMs = 1_000): Fact[] {
  return messages.map((message): Fact => [atMs, received(message)])
}

describe('rule 9: bounded buffers', () => {
  it('keeps votes for the rounds near ahead and none beyond', () => {
    const rounds = [0, 1, ROUNDS_AHEAD, ROUNDS_AHEAD + 1, 1_000_000]
    const votes = rounds.flatMap((round) => [prepare(0, B1, { round }), commit(0, B1, { round })])
    const { state } = play(replica(), [START, ...told(votes)])
    expect(state.rounds.map((log) => log.round)).toEqual([0, 1, ROUNDS_AHEAD])
  })

  it('forgets rounds far behind', () => {
    const far = 100
    const facts = [
      START,
      ...told([commit(0, B1), roundChange(1, { round: far }), roundChange(2, { round: far })]),
    ]
    const { state } = play(replica(), facts)
    expect(state.round).toBe(far)
    expect(state.rounds.every((log) => log.round >= far - ROUNDS_BEHIND)).toBe(true)
    const late = play(state, told([commit(0, B1), commit(1, B1, { round: far - ROUNDS_BEHIND })]))
    expect(late.state.rounds.map((log) => log.round)).toEqual([far - ROUNDS_BEHIND, far])
  })

  it('one vote a sender, round and type: the first stays', () => {
    const { state } = play(replica(), [START, ...told([prepare(0, B1), prepare(0, B2), prepare(0, B2)])])
    expect(state.rounds[0]?.prepares.byMember[0]).toMatchObject({ blockId: B1 })
    expect(state.rounds[0]?.prepares.tallies).toEqual([{ blockId: B1, power: 1n }])
  })

  it('the latest ROUND-CHANGE of each sender is kept whatever its round, the largest u32 too', () => {
    const last = 2 ** 32 - 1
    const facts = told([
      roundChange(0, { round: 50 }),
      roundChange(0, { round: last }),
      roundChange(0, { round: 60 }),
    ])
    const { state } = play(replica(), [START, ...facts])
    expect(state.latestRoundChanges[0]).toMatchObject({ round: last })
    expect(state.rounds).toEqual([])
  })

  it('a near ROUND-CHANGE stays in its round when a later one comes', () => {
    const { state } = play(replica({ self: null }), [
      START,
      ...told([roundChange(0, { round: 1 }), roundChange(0, { round: 2 })]),
    ])
    expect(state.rounds.map((log) => log.roundChanges[0]?.round)).toEqual([1, 2])
  })

  it('a spoilt copy takes no slot: the true one is counted', () => {
    const claim = { round: 1, prepared: { round: 0, blockId: B1 } }
    const certificate = [0, 1, 2].map((sender) => prepare(sender, B1))
    const spoilt = roundChange(0, { ...claim, preparedCertificate: certificate.slice(1) })
    const whole = roundChange(0, { ...claim, preparedCertificate: certificate })
    const { state, effects } = play(replica(), [START, ...told([spoilt, whole])])
    expect(state.latestRoundChanges[0]).toEqual(whole)
    expect(effects.some((effect) => effect.type === 'evidence-found')).toBe(false)
  })

  it('a proposal from another member takes no slot', () => {
    const { state } = play(replica(), [
      START,
      ...told([prePrepare(2, { blockId: B2 }), prePrepare(0, { blockId: B1 })]),
    ])
    expect(state.accepted).toBe(B1)
  })

  it('one’s own messages that come back from others are passed over', () => {
    const { state } = play(replica(), [
      START,
      ...told([prepare(3, B1), commit(3, B1), roundChange(3, { round: 9 })]),
    ])
    expect(state.rounds).toEqual([])
    expect(state.latestRoundChanges[3]).toBeUndefined()
  })

  it('a sender that is no member of the height is passed over', () => {
    expect(play(replica(), [START, ...told([prepare(7, B1)])]).state.rounds).toEqual([])
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
