import { describe, expect, test } from 'vitest'
import type { ValidatorView } from '../../../node-core/node/node-api.ts'
import { actWords, voteWords } from './act-words.ts'
import { commissionProblem, nameProblem, readAmount, readCommission, stakeProblem } from './become-form.ts'
import {
  entryProgress,
  epochReason,
  inSet,
  nextSetWords,
  outOfSet,
  powerSentence,
  stateWords,
} from './validators-words.ts'

const AIT = 1_000_000_000n

function validator(over: Partial<ValidatorView>): ValidatorView {
  return {
    address: 'ait1a',
    name: 'Tern',
    validatorKey: '0x',
    state: 'active',
    jail: null,
    tombstoned: false,
    admitted: true,
    stake: '0',
    selfStake: '0',
    delegators: 1,
    commission: 0,
    announced: null,
    uptime: null,
    annualRate: null,
    offences: { unavailable: 0, slow: 0 },
    slashes: [],
    power: 1,
    performance: 1_000_000,
    heartbeat: [],
    registeredAtHeight: 100,
    rotatedAtMs: null,
    activeFromHeight: 240,
    ...over,
  }
}

test.each([
  [
    [16800, 15200, 13600, 12400, 10900, 9300, 7600, 6100, 4500],
    'Three validators together could stop the chain; five could decide it.',
  ],
  [[5, 5, 4], 'One validator alone could stop the chain; two could decide it.'],
  [[10], 'One validator alone decides the chain.'],
  [[], 'No validator has power yet.'],
])('powers %j', (powers, sentence) => {
  expect(powerSentence(powers)).toBe(sentence)
})

describe('the epoch', () => {
  const list = {
    epoch: 402,
    firstHeight: 48_120,
    lastHeight: 48_239,
    validators: Array.from({ length: 9 }, (_, i) => validator({ address: `${i}` })),
    next: [],
    nakamoto: 3,
  }

  test('ends in blocks and clock time', () => {
    expect(epochReason({ list, head: 48_217, blockIntervalMs: 2_000, bonded: '96,400' })).toBe(
      'Epoch 402 ends in 22 blocks, about 44 s. 96,400 AIT bonded by nine validators. Next set: unchanged.',
    )
    expect(epochReason({ list, head: 48_239, blockIntervalMs: null, bonded: '1' })).toContain(
      'ends with this block',
    )
  })

  test('the next set names who comes and goes', () => {
    const member = (name: string, change: 'stays' | 'enters' | 'leaves') => ({
      address: name,
      name,
      power: 1,
      change,
    })
    expect(
      nextSetWords([
        member('Tern', 'enters'),
        member('Bodø', 'leaves'),
        member('Skerry', 'leaves'),
        member('Marram', 'stays'),
      ]),
    ).toBe('Next set: Tern enters, Bodø and Skerry leave.')
  })
})

test('those without power stand apart', () => {
  const all = [validator({ name: 'in' }), validator({ name: 'out', power: 0, state: 'paused' })]
  expect(inSet(all).map((one) => one.name)).toEqual(['in'])
  expect(outOfSet(all).map(stateWords)).toEqual(['paused'])
  expect(stateWords({ state: 'jailed' })).toBe('jailed')
})

test('progress of entering says height, blocks and clock time', () => {
  const steps = entryProgress(validator({ state: 'entering' }), 200, 1_000)
  expect(steps.map((step) => step.state)).toEqual(['done', 'done', 'now', 'later'])
  expect(steps[2]!.line).toBe('height 240, 40 blocks left, about 40 s')
  expect(
    entryProgress(validator({ state: 'registered', activeFromHeight: null }), 200, 1_000).map(
      (step) => step.state,
    ),
  ).toEqual(['done', 'now', 'later', 'later'])
  expect(
    entryProgress(validator({ state: 'active' }), 300, 1_000).every((step) => step.state === 'done'),
  ).toBe(true)
})

test('each act says what it costs', () => {
  expect(actWords('leave', 120_000).effects.join(' ')).toContain('2 min after its last epoch')
  expect(actWords('pause', null).effects.join(' ')).toContain('keep this tab open')
  expect(actWords('resume', null).effects).not.toHaveLength(0)
  expect(actWords('rotate', null).effects.join(' ')).toContain('old keys vote until')
  expect(actWords('unjail', null).lead).toContain('time in jail')
  expect(voteWords('expel', 'Tern')).toMatchObject({ title: 'Expel Tern', button: 'Sign and vote to expel' })
  expect(voteWords('admit', 'Tern').lead).toContain('two thirds of the power')
})

describe('the form', () => {
  const limits = { minimum: 1_000n * AIT, balance: 2_500n * AIT }

  test.each([
    ['', null],
    ['abc', 'An amount'],
    ['999.999999999', 'At least 1,000.00 AIT'],
    ['2500.1', 'You have 2,500.00 AIT'],
    ['2500', 'Leave something'],
    ['1,000', null],
    ['1000.5', null],
  ])('a stake of "%s"', (text, problem) => {
    const found = stakeProblem(text, limits)
    if (problem === null) expect(found).toBeNull()
    else expect(found).toContain(problem)
  })

  test('reads amounts with separators, and nothing else', () => {
    expect(readAmount(' 1,234.5 ')).toBe(1_234_500_000_000n)
    expect(readAmount('1e3')).toBeNull()
    expect(readAmount('-1')).toBeNull()
    expect(readAmount('1.0000000001')).toBeNull()
  })

  test('names and commissions have limits', () => {
    expect(nameProblem('Nightjar')).toBeNull()
    expect(nameProblem('ø'.repeat(17))).toContain('32 bytes')
    expect(nameProblem('a\u0007b')).toContain('not allowed')
    expect(readCommission('2.5')).toBe(25_000)
    expect(readCommission('5 %')).toBeNull()
    expect(commissionProblem('11', 10_000, 100_000)).toBe('Between 1 and 10 %')
    expect(commissionProblem('5', 10_000, 100_000)).toBeNull()
  })
})
