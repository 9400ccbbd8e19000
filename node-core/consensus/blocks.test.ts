/** What is remembered of the blocks of a height: each is checked once, and only so many verdicts are kept. */
import { expect, it } from 'vitest'
import {
  compactBlock,
  GENESIS_MS,
  hashNumber,
  member,
  prePrepare,
  prepare,
  roundChange,
} from './builders.test-kit.ts'
import { KNOWN_BLOCKS_LIMIT } from './limits.ts'
import { type Fact, play, received, replica, START, stepFrozen } from './script.test-kit.ts'

const PREPARED = hashNumber(1)
const blockOf = (round: number) => hashNumber(1_000 + round)

/** In this round, a second of its own, its proposer shows this block. */
function proposed(round: number, blockId = blockOf(round), justification = unprepared(round)): Fact {
  const atMs = 1_000 * (1 + round)
  const block = compactBlock({ proposer: member(round % 4), timestampMs: GENESIS_MS + atMs })
  return [atMs, received(prePrepare(round % 4, { round, blockId, block, justification }))]
}

function unprepared(round: number) {
  return round === 0 ? [] : [0, 1, 2].map((sender) => roundChange(sender, { round }))
}

function invalid(round: number): Fact {
  const result = { verdict: 'invalid', code: 'bad-state-root' } as const
  return [1_000 * (1 + round) + 10, { type: 'block-checked', blockId: blockOf(round), result }]
}

/** Of the block of round 0 a quorum said PREPARE; those of the rounds after it were invalid. */
function after(rounds: number) {
  const prepares = [0, 1, 2].map((sender): Fact => [1_020, received(prepare(sender, PREPARED))])
  const valid: Fact = [1_010, { type: 'block-checked', blockId: PREPARED, result: { verdict: 'valid' } }]
  const others = Array.from({ length: rounds }, (_, i) => [proposed(i + 1), invalid(i + 1)]).flat()
  const { state } = play(
    replica({ self: null }),
    [START, proposed(0, PREPARED), valid, ...prepares, ...others],
    true,
  )
  return {
    state,
    /** What the next proposer's block makes of the replica. */
    next: (blockId: typeof PREPARED, justification = unprepared(rounds + 1)) => {
      const { state: next, effects } = stepFrozen(state, proposed(rounds + 1, blockId, justification))
      return { asks: effects.some(({ type }) => type === 'check-block'), accepted: next.accepted }
    },
  }
}

it('so many verdicts are remembered; beyond them the oldest is asked for again, that of the prepared block never', () => {
  const full = after(KNOWN_BLOCKS_LIMIT - 1)
  expect(full.state.blocks).toHaveLength(KNOWN_BLOCKS_LIMIT)
  expect(full.next(blockOf(1))).toEqual({ asks: false, accepted: null })

  const beyond = after(KNOWN_BLOCKS_LIMIT + 3)
  expect(beyond.state.blocks).toHaveLength(KNOWN_BLOCKS_LIMIT)
  for (const forgotten of [1, 4]) expect(beyond.next(blockOf(forgotten)).asks).toBe(true)
  expect(beyond.next(blockOf(5))).toEqual({ asks: false, accepted: null })

  const round = KNOWN_BLOCKS_LIMIT + 4
  const preparedCertificate = [0, 1, 2].map((sender) => prepare(sender, PREPARED))
  const justification = [
    roundChange(0, { round, prepared: { round: 0, blockId: PREPARED }, preparedCertificate }),
    ...unprepared(round).slice(1),
  ]
  expect(beyond.next(PREPARED, justification)).toEqual({ asks: false, accepted: PREPARED })
})
