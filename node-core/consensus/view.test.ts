import { expect, it } from 'vitest'
import {
  commit,
  GENESIS_MS,
  hashNumber,
  member,
  prePrepare,
  prepare,
  roundChange,
} from './builders.test-kit.ts'
import { play, received, replica, START } from './script.test-kit.ts'
import { describeReplica } from './view.ts'

const B1 = hashNumber(1)
const at = { wallMs: GENESIS_MS + 1_100, monotonicMs: 1_100 }

it('before the first height there is nothing to see', () => {
  expect(describeReplica(replica(), at)).toMatchObject({
    phase: 'waiting',
    proposer: null,
    votes: [],
    totalPower: 0n,
    signing: false,
  })
})

it('shows the round, its timer, and who has said what', () => {
  const { state } = play(replica(), [
    START,
    [1_050, received(prePrepare(0, { blockId: B1 }))],
    [1_060, received(prepare(0, B1))],
    [1_070, received(prepare(1, B1))],
    [1_080, received(commit(0, B1))],
    [1_090, received(roundChange(2, { round: 5 }))],
  ])
  const view = describeReplica(state, at)
  expect(view).toMatchObject({
    phase: 'running',
    height: 1,
    round: 0,
    proposer: member(0),
    nowMs: 1_100,
    roundStartedAtMs: 1_000,
    timer: { startedAtMs: 1_000, timeoutMs: 2_000 },
    acceptedId: B1,
    prepared: { round: 0, blockId: B1 },
    signing: true,
    preparePower: 3n,
    commitPower: 2n,
    roundChangePower: 1n,
    totalPower: 4n,
  })
  expect(
    view.votes.map((vote) => [vote.self, vote.prePrepare, vote.prepare, vote.commit, vote.roundChange]),
  ).toEqual([
    [false, true, true, true, false],
    [false, false, true, false, false],
    [false, false, false, false, true],
    [true, false, true, true, false],
  ])
})

it('says that nothing is signed while a peer is ahead', () => {
  const { state } = play(replica(), [START, [900, { type: 'peer-ahead', height: 1 }]])
  expect(describeReplica(state, at).signing).toBe(false)
})
