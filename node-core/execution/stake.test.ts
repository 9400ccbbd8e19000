import { describe, expect, it } from 'vitest'
import { delegatedStake } from '../economy/stakes.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { SinglePayload, StakePayload } from '../protocol/transaction.ts'
import {
  delegationKey,
  redelegationsKey,
  stakeActivityKey,
  unbondingKey,
  validatorKey,
} from '../state/keys.ts'
import { accountOf, burn, supplyOf } from '../state/ledger.ts'
import type { ValidatorRecord } from '../state/records.ts'
import { AIT, addressNumber, registration, TestChain } from './test-chain.ts'

/** Validators 0 … 3 with 10,000 AIT each; 4 … 9 are people with 100,000. Epoch e ends at height 5 · (e + 1). */
function chainOf(parameters: Partial<ChainParameters> = {}): TestChain {
  return new TestChain({ funded: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], parameters })
}

const delegate = (to: number, amount: bigint): StakePayload => ({
  type: 'stake.delegate',
  validator: addressNumber(to),
  amount,
})
const undelegate = (from: number, amount: bigint): StakePayload => ({
  type: 'stake.undelegate',
  validator: addressNumber(from),
  amount,
})
const redelegate = (from: number, to: number, amount: bigint): StakePayload => ({
  type: 'stake.redelegate',
  from: addressNumber(from),
  to: addressNumber(to),
  amount,
})
const compound = (at: number, enabled: boolean): StakePayload => ({
  type: 'stake.compound',
  validator: addressNumber(at),
  enabled,
})
const claim = (at: number): StakePayload => ({ type: 'stake.claimRewards', validator: addressNumber(at) })
const withdrawal = (position: number): StakePayload => ({ type: 'stake.withdraw', position })

/** One block with one transaction: its receipt. */
function act(chain: TestChain, n: number, payload: SinglePayload, timestampMs?: number) {
  return chain.decide([chain.by(n, payload)], timestampMs === undefined ? {} : { timestampMs }).outcome
    .receipts[0]!
}

const recordOf = (chain: TestChain, n: number) => chain.state.get(validatorKey(addressNumber(n)))!
const stakeAt = (chain: TestChain, at: number, n: number) =>
  delegatedStake(chain.state, recordOf(chain, at), addressNumber(n))

/** By hand, outside of any block. */
function change(chain: TestChain, n: number, changes: (record: ValidatorRecord) => Partial<ValidatorRecord>) {
  const overlay = chain.state.overlay()
  const record = recordOf(chain, n)
  overlay.set(validatorKey(addressNumber(n)), { ...record, ...changes(record) })
  overlay.adopt()
}

function slashAll(chain: TestChain, n: number): void {
  const overlay = chain.state.overlay()
  const record = recordOf(chain, n)
  burn(overlay, 'bonded', record.paying.stake)
  overlay.set(validatorKey(addressNumber(n)), { ...record, paying: { ...record.paying, stake: 0n } })
  overlay.adopt()
}

describe('delegating', () => {
  it('backs a validator, and its set two epochs on', () => {
    const chain = chainOf()
    const before = accountOf(chain.state, addressNumber(4)).balance
    const { code, feePaid } = act(chain, 4, delegate(0, 5_000n * AIT))
    expect(code).toBe('ok')
    expect(accountOf(chain.state, addressNumber(4)).balance).toBe(before - 5_000n * AIT - feePaid)
    expect(recordOf(chain, 0)).toMatchObject({ paying: { stake: 15_000n * AIT }, delegators: 2 })
    chain.decideUntil(9)
    const powerOf = () => chain.set.members.find(({ address }) => address === addressNumber(0))!.power
    expect(powerOf()).toBe(10_000n * AIT)
    chain.decide()
    expect(powerOf()).toBe(15_000n * AIT)
  })

  it('adds to what is there, also less than the least delegation', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, AIT))
    expect(act(chain, 4, delegate(0, 1n)).code).toBe('ok')
    expect(chain.state.get(delegationKey(addressNumber(0), addressNumber(4)))).toMatchObject({
      shares: AIT + 1n,
      principal: AIT + 1n,
    })
    expect(recordOf(chain, 0).delegators).toBe(2)
  })

  it('to a validator in jail is allowed: it may need it', () => {
    const chain = chainOf()
    change(chain, 0, () => ({ jail: { reason: 'unavailable', releasesAtMs: 0 } }))
    expect(act(chain, 4, delegate(0, AIT)).code).toBe('ok')
  })
})

describe('what is refused', () => {
  const cases: [string, (chain: TestChain) => void, StakePayload, unknown][] = [
    ['a validator that is none', () => {}, delegate(9, AIT), { code: 'unknown-validator' }],
    [
      'too little',
      () => {},
      delegate(0, AIT - 1n),
      { code: 'below-minimum-delegation', data: { minimum: '1000000000', actual: '999999999' } },
    ],
    [
      'one delegator more than a validator may have',
      (chain) => [5, 6].map((n) => act(chain, n, delegate(0, AIT))),
      delegate(0, AIT),
      { code: 'too-many-delegators', data: { limit: '3' } },
    ],
    [
      'a validator that leaves',
      (chain) => act(chain, 0, { type: 'validator.exit' }),
      delegate(0, AIT),
      { code: 'validator-closed' },
    ],
    [
      'one that was removed for good',
      (chain) => change(chain, 0, () => ({ tombstoned: true })),
      delegate(0, AIT),
      { code: 'validator-closed' },
    ],
    [
      'one whose pool was slashed to nothing',
      (chain) => slashAll(chain, 0),
      delegate(0, AIT),
      { code: 'validator-closed', data: { address: addressNumber(0) } },
    ],
    ['stake where there is none', () => {}, undelegate(0, AIT), { code: 'unknown-delegation' }],
    [
      'more than there is',
      () => {},
      undelegate(1, 3n * AIT),
      { code: 'insufficient-stake', data: { stake: '2000000000', needed: '3000000000' } },
    ],
    [
      'leaving too little',
      () => {},
      undelegate(1, AIT + 1n),
      { code: 'below-minimum-delegation', data: { minimum: '1000000000', actual: '999999999' } },
    ],
    ['a move to the same validator', () => {}, redelegate(1, 1, AIT), { code: 'same-validator' }],
    ['a move of too little', () => {}, redelegate(1, 0, 1n), { code: 'below-minimum-delegation' }],
    [
      'a move to one that leaves',
      (chain) => act(chain, 0, { type: 'validator.exit' }),
      redelegate(1, 0, AIT),
      { code: 'validator-closed' },
    ],
    ['a claim where there is nothing', () => {}, claim(1), { code: 'nothing-to-claim' }],
    ['a claim without stake', () => {}, claim(0), { code: 'unknown-delegation' }],
    ['compounding without stake', () => {}, compound(0, true), { code: 'unknown-delegation' }],
    ['a position that is not', () => {}, withdrawal(7), { code: 'unknown-position' }],
  ]

  it.each(cases)('%s, and nothing changes but fee and nonce', (_title, prepare, payload, failure) => {
    const chain = chainOf({ maximumDelegators: 3 })
    act(chain, 4, delegate(1, 2n * AIT))
    prepare(chain)
    const { bonded, unbonding, rewards } = supplyOf(chain.state)
    const records = [0, 1].map((n) => recordOf(chain, n))
    expect(act(chain, 4, payload)).toMatchObject(failure as object)
    expect(supplyOf(chain.state)).toMatchObject({ bonded, unbonding, rewards })
    expect([0, 1].map((n) => recordOf(chain, n))).toEqual(records)
    expect(chain.state.get(stakeActivityKey(addressNumber(4)))).toMatchObject({ operations: 1 })
  })

  it('money that is not there keeps a transaction out of the block', () => {
    const chain = chainOf()
    const { transactions } = chain.decide([chain.by(4, delegate(0, 100_000n * AIT))])
    expect(transactions).toEqual([])
  })

  it('a validator’s own stake below what it needs, while it is one', () => {
    const chain = chainOf()
    expect(act(chain, 0, undelegate(0, 9_000n * AIT + 1n))).toMatchObject({
      code: 'own-stake-below-minimum',
      data: { minimum: String(1_000n * AIT), actual: String(1_000n * AIT - 1n) },
    })
    expect(act(chain, 0, redelegate(0, 1, 10_000n * AIT)).code).toBe('own-stake-below-minimum')
    expect(act(chain, 0, undelegate(0, 9_000n * AIT)).code).toBe('ok')
    change(chain, 0, () => ({ tombstoned: true }))
    expect(act(chain, 0, undelegate(0, 1_000n * AIT)).code).toBe('ok')
    expect(recordOf(chain, 0)).toMatchObject({ paying: { stake: 0n, shares: 0n }, delegators: 0 })
  })
})

describe('taking stake back', () => {
  it('is a balance again when its last epoch with power is over by the unbonding time, and asked for', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, 3n * AIT))
    act(chain, 4, undelegate(0, AIT))
    expect(chain.state.get(unbondingKey(0))).toMatchObject({ amount: AIT, begunAtHeight: 2, lastEpoch: 1 })
    expect(stakeAt(chain, 0, 4)).toBe(2n * AIT)
    expect(act(chain, 4, withdrawal(0))).toMatchObject({
      code: 'still-unbonding',
      data: { releasesAtMs: '' },
    })
    chain.decideUntil(10)
    const due = chain.parent.timestampMs + 120_000
    expect(act(chain, 5, withdrawal(0), due)).toMatchObject({ code: 'unknown-position' })
    const before = accountOf(chain.state, addressNumber(4)).balance
    const early = act(chain, 4, withdrawal(0))
    expect(early).toMatchObject({ code: 'ok' })
    expect(accountOf(chain.state, addressNumber(4)).balance).toBe(before + AIT - early.feePaid)
    expect(act(chain, 4, withdrawal(0)).code).toBe('unknown-position')
  })

  it('one millisecond early is too early', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, AIT))
    act(chain, 4, undelegate(0, AIT))
    chain.decideUntil(10)
    const dueMs = chain.parent.timestampMs + 120_000
    expect(act(chain, 4, withdrawal(0), dueMs - 1)).toMatchObject({
      code: 'still-unbonding',
      data: { releasesAtMs: String(dueMs) },
    })
    expect(act(chain, 4, withdrawal(0), dueMs).code).toBe('ok')
  })

  it('works wherever the stake is: at a validator in jail, removed, leaving, gone, slashed to nothing', () => {
    const chain = chainOf()
    for (const at of [0, 1, 2, 3]) act(chain, 4 + at, delegate(at, 2n * AIT))
    change(chain, 0, () => ({ jail: { reason: 'invalid-block', releasesAtMs: 0 } }))
    change(chain, 1, () => ({ tombstoned: true }))
    act(chain, 2, { type: 'validator.exit' })
    slashAll(chain, 3)
    expect(act(chain, 4, undelegate(0, 2n * AIT)).code).toBe('ok')
    expect(act(chain, 5, undelegate(1, 2n * AIT)).code).toBe('ok')
    expect(act(chain, 6, undelegate(2, AIT)).code).toBe('ok')
    expect(act(chain, 7, undelegate(3, 0n)).code).toBe('ok')
    expect(chain.state.get(delegationKey(addressNumber(3), addressNumber(7)))).toBeNull()
    chain.decideUntil(15)
    expect(recordOf(chain, 2)).toMatchObject({ exiting: true, delegators: 1, paying: { stake: AIT } })
    expect(act(chain, 6, undelegate(2, AIT)).code).toBe('ok')
    chain.decideUntil(45)
    expect(chain.state.get(validatorKey(addressNumber(2)))).toBeNull()
  })

  it('and putting it in, by several in one block, changes one pool as if one came after the other', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, 8n * AIT))
    chain.decide([
      chain.by(4, undelegate(0, 3n * AIT)),
      chain.by(5, delegate(0, 5n * AIT)),
      chain.by(6, delegate(0, 6n * AIT)),
      chain.by(0, undelegate(0, 1_000n * AIT)),
    ])
    expect([4, 5, 6, 0].map((n) => stakeAt(chain, 0, n))).toEqual([
      5n * AIT,
      5n * AIT,
      6n * AIT,
      9_000n * AIT,
    ])
    expect(recordOf(chain, 0)).toMatchObject({ paying: { stake: 9_016n * AIT }, delegators: 4 })
    expect(supplyOf(chain.state).unbonding).toBe(1_003n * AIT)
  })
})

describe('moving stake on', () => {
  it('is at once, can still be lost for where it was, and cannot run further until that is over', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, 4n * AIT))
    expect(act(chain, 4, redelegate(0, 1, 4n * AIT)).code).toBe('ok')
    expect(stakeAt(chain, 1, 4)).toBe(4n * AIT)
    expect(chain.state.get(delegationKey(addressNumber(0), addressNumber(4)))).toBeNull()
    const key = redelegationsKey(addressNumber(1), addressNumber(4))
    expect(chain.state.get(key)).toEqual([
      { from: addressNumber(0), amount: 4n * AIT, begunAtHeight: 2, lastEpoch: 1 },
    ])
    const onward = () => act(chain, 4, redelegate(1, 2, AIT))
    expect(onward()).toMatchObject({ code: 'redelegation-locked', data: { releasesAtMs: '' } })
    expect(act(chain, 4, undelegate(1, AIT)).code).toBe('ok')
    chain.decideUntil(10)
    const dueMs = chain.parent.timestampMs + 120_000
    expect(onward()).toMatchObject({ code: 'redelegation-locked', data: { releasesAtMs: String(dueMs) } })
    while (chain.parent.timestampMs < dueMs) chain.decide()
    expect(onward().code).toBe('ok')
    chain.decideUntil(Math.ceil(chain.height / 5) * 5)
    expect(chain.state.get(key)).toBeNull()
  })

  it('happens so often at most', () => {
    const chain = chainOf({ stakeOperationsPerWindow: 100 })
    act(chain, 4, delegate(0, 20n * AIT))
    for (let time = 0; time < 8; time++) expect(act(chain, 4, redelegate(0, 1, AIT)).code).toBe('ok')
    expect(act(chain, 4, redelegate(0, 1, AIT))).toMatchObject({
      code: 'too-many-redelegations',
      data: { limit: '8' },
    })
  })
})

describe('compounding', () => {
  it('moves a delegation to the other pool and back, with all it is worth', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, 4n * AIT))
    expect(act(chain, 4, compound(0, true)).code).toBe('ok')
    expect(recordOf(chain, 0)).toMatchObject({
      paying: { stake: 10_000n * AIT },
      compounding: { stake: 4n * AIT },
      delegators: 2,
    })
    act(chain, 4, delegate(0, AIT))
    expect(recordOf(chain, 0).compounding.stake).toBe(5n * AIT)
    act(chain, 4, redelegate(0, 1, 5n * AIT))
    expect(recordOf(chain, 1).compounding.stake).toBe(5n * AIT)
    expect(act(chain, 4, compound(1, false)).code).toBe('ok')
    expect(recordOf(chain, 1)).toMatchObject({
      paying: { stake: 10_005n * AIT },
      compounding: { shares: 0n },
    })
  })
})

describe('the cool-down', () => {
  it('holds up who changes stake too often, until the window is over; claims and withdrawals do not count', () => {
    const chain = chainOf({ stakeOperationsPerWindow: 3, stakeWindowMs: 60_000 })
    act(chain, 4, delegate(0, 5n * AIT))
    const beganMs = chain.parent.timestampMs
    act(chain, 4, compound(0, true))
    act(chain, 4, claim(0))
    act(chain, 4, withdrawal(0))
    act(chain, 4, undelegate(0, AIT))
    const next = (timestampMs: number) => act(chain, 4, undelegate(0, AIT), timestampMs)
    expect(next(beganMs + 59_999)).toMatchObject({
      code: 'stake-cooling-down',
      data: { endsAtMs: String(beganMs + 60_000) },
    })
    expect(act(chain, 5, delegate(0, AIT)).code).toBe('ok')
    expect(next(beganMs + 61_000).code).toBe('ok')
    while (chain.parent.timestampMs < beganMs + 180_000) chain.decideUntil(chain.height + 5)
    expect(chain.state.keysOf('stakeActivity')).toEqual([])
  })
})

it('a validator that comes back finds those who stayed with it', () => {
  const chain = chainOf()
  act(chain, 4, delegate(3, 2n * AIT))
  act(chain, 3, { type: 'validator.exit' })
  chain.decideUntil(10)
  expect(act(chain, 4, delegate(3, AIT)).code).toBe('validator-closed')
  expect(act(chain, 3, registration(3)).code).toBe('ok')
  expect(recordOf(chain, 3)).toMatchObject({ paying: { stake: 10_002n * AIT }, delegators: 2 })
  expect(act(chain, 4, delegate(3, AIT)).code).toBe('ok')
})
