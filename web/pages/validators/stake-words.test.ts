import { describe, expect, test } from 'vitest'
import type { StakePositionView } from '../../../node-core/node/node-api.ts'
import { readParameters } from '../chain-parameters.ts'
import { mostToMove, moveProblem } from './stake-form.ts'
import {
  delegationsOf,
  lockWords,
  moveWords,
  returnsOf,
  returnWords,
  rewardWords,
  riskLines,
  stakeSentence,
} from './stake-words.ts'

const AIT = 1_000_000_000n
const NOW = Date.UTC(2026, 10, 24, 12, 0, 0)
const HOUR_MS = 3_600_000

function position(over: Partial<StakePositionView>): StakePositionView {
  return {
    kind: 'delegation',
    position: null,
    state: 'active',
    validator: 'ait1tern',
    validatorName: 'Tern',
    from: null,
    amount: '1000000000',
    principal: '1000000000',
    lost: '0',
    compounding: false,
    rewards: '0',
    releasedAtMs: null,
    blocksLeft: null,
    ...over,
  }
}

describe('the amount', () => {
  const put = { held: 100n * AIT, minimum: 10n * AIT, own: false }
  test.each([
    ['', null],
    ['abc', 'An amount'],
    ['0', 'zero'],
    ['9', 'At least 10.00 AIT'],
    ['101', 'You have 100.00 AIT'],
    ['100', 'Leave something'],
    ['99', null],
  ])('to delegate, "%s"', (text, problem) => {
    const said = moveProblem('delegate', text, put)
    if (problem === null) expect(said).toBeNull()
    else expect(said).toContain(problem)
  })

  test.each([
    ['95', 'Leave at least 10.00 AIT, or take all of it'],
    ['100', null],
    ['90', null],
    ['101', '100.00 AIT are there'],
  ])('to take back, "%s"', (text, problem) => {
    expect(moveProblem('undelegate', text, put)).toBe(problem)
  })

  test('a validator’s own stake keeps its minimum', () => {
    const own = { held: 1_500n * AIT, minimum: 1_000n * AIT, own: true }
    expect(moveProblem('undelegate', '1500', own)).toContain('leave the validators')
    expect(mostToMove('undelegate', own)).toBe(500n * AIT)
    expect(mostToMove('undelegate', { ...own, held: 1_000n * AIT })).toBeNull()
  })

  test('"all" keeps something for the fee, and is nothing where that is too little', () => {
    expect(mostToMove('delegate', put)).toBe(100n * AIT - AIT / 10n)
    expect(mostToMove('delegate', { ...put, held: 10n * AIT })).toBeNull()
    expect(mostToMove('undelegate', put)).toBe(100n * AIT)
  })
})

describe('what can be lost', () => {
  const parameters = readParameters({
    unbondingMs: 2 * HOUR_MS,
    stakeOperationsPerWindow: 10,
    stakeWindowMs: HOUR_MS,
    doubleSignSlash: 500_000,
    invalidBlockSlash: 300_000,
    unavailableSlash: 100_000,
    unavailableOffences: 3,
    slowSlash: 50_000,
    slowOffences: 5,
  })

  test('has the chain’s own shares, times and limits', () => {
    const said = riskLines(parameters).join(' ')
    expect(said).toContain('50 % if the validator signs two votes')
    expect(said).toContain('30 % if it proposes an invalid block')
    expect(said).toContain('10 % at the third long absence, 5 % at the fifth time it votes too late')
    expect(said).toContain('comes back 2 h after the last epoch it backs')
    expect(said).toContain('may move stake ten times in 1 h')
  })

  test('claims no figure that the chain did not say', () => {
    expect(riskLines(readParameters({})).join(' ')).not.toMatch(/\d/)
  })

  test('a move cannot be moved on, and says until when', () => {
    const words = moveWords('redelegate', { from: 'Tern', to: 'Bodø' }, HOUR_MS)
    expect(words.effects.join(' ')).toContain('cannot be moved on from Bodø until 1 h after')
    expect(words.effects.join(' ')).toContain('for what Tern did before')
  })
})

describe('what is on its way back', () => {
  const back = { kind: 'unbonding', position: 7, state: 'unstaking' } as const

  test('counts blocks and clock time, and says what was slashed of it', () => {
    const part = position({ ...back, releasedAtMs: NOW + HOUR_MS, blocksLeft: 1_800, lost: '500000000' })
    const words = returnWords(part, NOW, 2 * HOUR_MS)
    expect(words).toMatchObject({ state: 'unstaking', share: 0.5 })
    expect(words.line).toBe(
      '1,800 blocks left, about 1 h. Can still be slashed. 0.50 AIT of it were slashed.',
    )
  })

  test.each([
    [{ releasedAtMs: NOW }, 'over'],
    [{ releasedAtMs: null }, 'waits'],
    [{ state: 'withdrawn', releasedAtMs: 0 }, 'withdrawn'],
    [{ state: 'slashed', releasedAtMs: 0 }, 'slashed'],
  ] as const)('%j is "%s"', (over, state) => {
    expect(returnWords(position({ ...back, ...over }), NOW, HOUR_MS).state).toBe(state)
  })

  test('what can be withdrawn comes first, what is over last', () => {
    const parts = [
      position({ ...back, position: 1, state: 'withdrawn', releasedAtMs: 0 }),
      position({ ...back, position: 2 }),
      position({ ...back, position: 3, releasedAtMs: NOW + 9 }),
      position({ ...back, position: 4, releasedAtMs: NOW - 9 }),
      position({}),
    ]
    expect(returnsOf(parts).map((part) => part.position)).toEqual([4, 3, 2, 1])
    expect(delegationsOf(parts)).toHaveLength(1)
  })
})

test('stake that was moved is locked where it went, until it is free', () => {
  const moved = position({ kind: 'redelegation', from: 'ait1bodo', releasedAtMs: NOW + HOUR_MS })
  expect(lockWords([moved], 'ait1tern', NOW)).toMatch(/cannot be moved on before \d\d:\d\d\.$/)
  expect(lockWords([moved], 'ait1bodo', NOW)).toBeNull()
  expect(lockWords([moved], 'ait1tern', NOW + HOUR_MS)).toBeNull()
  expect(lockWords([{ ...moved, releasedAtMs: null }], 'ait1tern', NOW)).toContain('next epoch')
})

test('a position is told with what its rewards do', () => {
  const totals = { active: '2012500000000', unstaking: '0', withdrawable: '0', rewards: '0' }
  expect(stakeSentence({ positions: [position({}), position({})], totals }, 46_000)).toBe(
    '2,012.50 AIT are at two validators, and earn about 4.6 % a year.',
  )
  expect(stakeSentence({ positions: [], totals }, null)).toBe('Nothing of yours backs a validator.')
  expect(rewardWords(position({ rewards: '3400000000' }))).toBe('3.40 AIT of rewards wait')
  expect(rewardWords(position({ compounding: true }))).toBe('rewards join the stake')
  expect(rewardWords(position({ state: 'slashed' }))).toContain('nothing is left')
})
