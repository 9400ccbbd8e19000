import { describe, expect, it } from 'vitest'
import { MemoryClock } from '../adapters/memory/memory-clock.ts'
import {
  commit,
  hashNumber,
  member,
  prePrepare,
  prepare,
  rejectOf,
  roundChange,
  validatorSet,
} from '../consensus/builders.test-kit.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import { createProposerSchedule } from '../protocol/proposer-priority.ts'
import { ConsensusRecorder } from './consensus-recorder.ts'
import { RECORDED_HEIGHTS, RECORDED_ROUNDS, ROUND_LOG_LINES } from './constants.ts'
import { failureOf } from './height-record.ts'
import { RawMessages } from './raw-messages.ts'

const SET = validatorSet([1, 1, 1, 1])
const BLOCK = hashNumber(1)
const OTHER = hashNumber(2)
const SCHEDULE = createProposerSchedule(SET)

function recorder() {
  const clock = new MemoryClock()
  const recorder = new ConsensusRecorder(clock)
  recorder.heightStarted(1, SET, SCHEDULE)
  return { clock, recorder }
}

function decide(recorder: ConsensusRecorder, round: number): void {
  const commits = [0, 1, 2].map((sender) => commit(sender, BLOCK, { round }))
  const certificate = certificateFromCommits(SET, commits)
  recorder.decided({
    height: 1,
    blockId: BLOCK,
    proposer: member(1),
    transactionCount: 2,
    certificate,
    set: SET,
  })
}

describe('a round that failed', () => {
  it('had no proposal: says who should have proposed, who asked for the next, and how it recovered', () => {
    const { clock, recorder: seen } = recorder()
    clock.advance(2_000)
    seen.counted(roundChange(2, { round: 1 }))
    clock.advance(100)
    seen.noted({ kind: 'round-entered', height: 1, round: 1, reason: 'timeout' })
    seen.counted(roundChange(3, { round: 1 }))
    seen.counted(roundChange(0, { round: 1 }))
    clock.advance(400)
    decide(seen, 1)
    expect(seen.log(10)).toMatchObject([
      {
        kind: 'round-entered',
        round: 1,
        validator: SCHEDULE.proposerAt(1, 0),
        failure: { cause: 'no-proposal', code: null, leftBy: 'timeout' },
        asked: { power: 3n, of: 4n },
        recovered: { round: 1, afterMs: 2_500, proposer: member(1) },
      },
    ])
    expect([...seen.record(1)!.asked.get(1)!]).toEqual([
      [member(2), 2_000],
      [member(3), 2_100],
      [member(0), 2_100],
    ])
  })

  it('had an invalid block: says the code that most gave', () => {
    const { recorder: seen } = recorder()
    seen.counted(prePrepare(0, { blockId: BLOCK }))
    seen.counted(rejectOf(1, BLOCK, 'gas-limit'))
    seen.counted(rejectOf(2, BLOCK, 'state-root'))
    seen.counted(rejectOf(3, BLOCK, 'state-root'))
    seen.noted({ kind: 'round-entered', height: 1, round: 1, reason: 'invalid-proposal' })
    expect(seen.log(10)[0]!.failure).toEqual({
      cause: 'invalid',
      code: 'state-root',
      leftBy: 'invalid-proposal',
    })
  })

  it('had a proposal that was not looked at, too few PREPAREs, or too few COMMITs', () => {
    const { recorder: seen } = recorder()
    const enter = (round: number) =>
      seen.noted({ kind: 'round-entered', height: 1, round, reason: 'timeout' })
    seen.noted({ kind: 'proposal-dropped', height: 1, round: 0, proposer: member(0), reason: 'too-soon' })
    enter(1)
    seen.noted({ kind: 'proposal-accepted', height: 1, round: 1, blockId: BLOCK, proposer: member(1) })
    enter(2)
    seen.noted({ kind: 'proposal-accepted', height: 1, round: 2, blockId: BLOCK, proposer: member(2) })
    seen.noted({ kind: 'prepared', height: 1, round: 2, blockId: BLOCK })
    enter(3)
    const record = seen.record(1)!
    expect([0, 1, 2, 3].map((round) => failureOf(record, round))).toEqual([
      { cause: 'dropped', code: 'too-soon', leftBy: 'timeout' },
      { cause: 'not-prepared', code: null, leftBy: 'timeout' },
      { cause: 'not-committed', code: null, leftBy: 'timeout' },
      null,
    ])
  })

  it('was jumped over when the others were further', () => {
    const { recorder: seen } = recorder()
    seen.noted({ kind: 'round-entered', height: 1, round: 4, reason: 'others-moved' })
    expect(failureOf(seen.record(1)!, 3)).toEqual({
      cause: 'jumped-over',
      code: null,
      leftBy: 'others-moved',
    })
    expect(seen.log(1)[0]!.failure?.cause).toBe('jumped-over')
  })
})

describe('votes', () => {
  it('that came before the round was entered count from its beginning', () => {
    const { clock, recorder: seen } = recorder()
    clock.advance(50)
    seen.counted(prepare(2, BLOCK, { round: 1 }))
    clock.advance(50)
    seen.noted({ kind: 'round-entered', height: 1, round: 1, reason: 'others-moved' })
    clock.advance(30)
    seen.counted(prepare(3, OTHER, { round: 1 }))
    const round = seen.record(1)!.rounds.at(-1)!
    expect(round.arrivals.get(member(2))).toEqual({ prepare: 0 })
    expect(round.arrivals.get(member(3))).toEqual({ prepare: 30 })
    expect(round.votedFor.get(member(3))).toBe(OTHER)
  })

  it('are kept as they were signed, a contradiction beside the first and no repetition', () => {
    const { recorder: seen } = recorder()
    for (const id of [BLOCK, BLOCK, OTHER, hashNumber(3)]) seen.counted(prepare(2, id))
    seen.counted(commit(2, BLOCK))
    expect(seen.messages(1, 0).map((each) => each.type)).toEqual(['prepare', 'prepare', 'commit'])
  })

  it('of heights and rounds out of reach are not kept', () => {
    const { recorder: seen } = recorder()
    seen.counted(prepare(2, BLOCK, { height: 9 }))
    seen.counted(roundChange(2, { round: RECORDED_ROUNDS + 1 }))
    expect(seen.messages(9, 0)).toEqual([])
    expect(seen.messages(1, RECORDED_ROUNDS + 1)).toEqual([])
    expect(seen.record(1)!.asked.size).toBe(0)
  })
})

describe('memory', () => {
  it('holds the newest heights, and the newest rounds of one', () => {
    const { recorder: seen } = recorder()
    seen.counted(prepare(2, BLOCK))
    for (let round = 1; round <= 2 * RECORDED_ROUNDS; round++) {
      seen.noted({ kind: 'round-entered', height: 1, round, reason: 'timeout' })
      seen.counted(roundChange(2, { round }))
    }
    expect(seen.record(1)!.rounds.map((each) => each.round)).toHaveLength(RECORDED_ROUNDS)
    expect(seen.record(1)!.rounds.at(-1)!.round).toBe(2 * RECORDED_ROUNDS)
    expect(seen.record(1)!.asked.size).toBeLessThanOrEqual(RECORDED_ROUNDS)
    for (let height = 2; height <= RECORDED_HEIGHTS + 2; height++) seen.heightStarted(height, SET, SCHEDULE)
    expect(seen.heights).toEqual({ oldest: 2, newest: RECORDED_HEIGHTS + 2 })
    expect(seen.messages(1, 0)).toEqual([])
  })

  it('holds the newest lines of the log', () => {
    const { recorder: seen } = recorder()
    const refuse = (round: number) =>
      seen.noted({ kind: 'signing-refused', height: 1, round, messageType: 'prepare', reason: 'barred' })
    for (let round = 0; round < ROUND_LOG_LINES; round++) refuse(round)
    const rounds = () => seen.log(2 * ROUND_LOG_LINES).map(({ round }) => round)
    expect([rounds().length, rounds()[0]]).toEqual([ROUND_LOG_LINES, 0])
    for (const round of [ROUND_LOG_LINES, ROUND_LOG_LINES + 1]) refuse(round)
    expect([rounds().length, rounds()[0], rounds().at(-1)]).toEqual([ROUND_LOG_LINES, 2, ROUND_LOG_LINES + 1])
  })

  it('gives up the raw messages of the oldest heights first', () => {
    const one = new RawMessages(Number.MAX_SAFE_INTEGER)
    one.add(prepare(0, BLOCK, { height: 1 }), 0)
    const raw = new RawMessages(one.bytes * 3)
    for (let height = 1; height <= 4; height++) raw.add(prepare(0, BLOCK, { height }), height)
    expect([1, 2, 3, 4].map((height) => raw.of(height, 0).length)).toEqual([0, 1, 1, 1])
    expect(raw.bytes).toBe(one.bytes * 3)
    raw.add(prepare(1, BLOCK, { height: 1 }), 5)
    expect(raw.of(1, 0), 'what comes late for a height that was given up').toEqual([])
    expect(raw.oldestHeight).toBe(2)
  })
})
