import { describe, expect, it } from 'vitest'
import { mintedFor } from '../economy/rewards.ts'
import { earnedBy } from '../economy/stakes.ts'
import { pendingSetChange } from '../economy/validator-set.ts'
import type { Address } from '../protocol/ids.ts'
import { createProposerSchedule } from '../protocol/proposer-priority.ts'
import type { SinglePayload } from '../protocol/transaction.ts'
import { delegationKey, PARTICIPATION_KEY, PENDING_REWARDS_KEY, validatorKey } from '../state/keys.ts'
import { accountOf, supplyOf } from '../state/ledger.ts'
import { stakeOf } from '../state/records.ts'
import { AIT, addressNumber, registration, TestChain } from './test-chain.ts'

/** Epochs of 20 blocks, 10 s apart while nothing happens; four validators with 10,000 AIT each, commission 5 %. */
const EPOCH_BLOCKS = 20
const endOf = (epoch: number) => EPOCH_BLOCKS * (epoch + 1)

function chainOf(annualReward = 1_000_000): TestChain {
  return new TestChain({
    funded: [0, 1, 2, 3, 4, 5],
    parameters: { epochBlocks: EPOCH_BLOCKS, annualReward, unbondingMs: 500_000 },
  })
}

/** Everyone proposes when it is its turn; the turns of who is absent are the next one's. */
function run(chain: TestChain, height: number, absent: readonly number[] = []): void {
  const away = absent.map(addressNumber)
  while (chain.height < height) chain.decide([], { absent: away, proposer: proposerOf(chain, away) })
}

function proposerOf(chain: TestChain, away: readonly Address[]): Address {
  const schedule = createProposerSchedule(chain.set)
  let round = 0
  while (away.includes(schedule.proposerAt(chain.height + 1, round))) round++
  return schedule.proposerAt(chain.height + 1, round)
}

function act(chain: TestChain, n: number, payload: SinglePayload): void {
  const { outcome } = chain.decide([chain.by(n, payload)], { proposer: proposerOf(chain, []) })
  expect(outcome.receipts[0]!.code).toBe('ok')
}

const delegate = (at: number, amount: bigint): SinglePayload => ({
  type: 'stake.delegate',
  validator: addressNumber(at),
  amount,
})
const recordOf = (chain: TestChain, n: number) => chain.state.get(validatorKey(addressNumber(n)))!
const pendingOf = (chain: TestChain, n: number) =>
  chain.state.get(PENDING_REWARDS_KEY)!.find(({ address }) => address === addressNumber(n))?.amount ?? 0n
const earned = (chain: TestChain, at: number, n: number) =>
  earnedBy(recordOf(chain, at), chain.state.get(delegationKey(addressNumber(at), addressNumber(n)))!)

describe('the rewards of an epoch', () => {
  it('are what it mints by its time and the fees of its blocks, in equal parts for equal work', () => {
    const chain = chainOf()
    run(chain, endOf(0))
    expect(supplyOf(chain.state)).toMatchObject({ minted: 0n, rewards: 0n })
    const { timestampMs } = chain.parent
    act(chain, 4, { type: 'transfer', to: addressNumber(5), amount: 1n })
    const fees = supplyOf(chain.state).rewardPool
    expect(fees).toBeGreaterThan(0n)
    run(chain, endOf(1))
    const minted = mintedFor(40_000n * AIT, chain.parent.timestampMs - timestampMs, {
      annualReward: 1_000_000,
    })
    expect(supplyOf(chain.state).minted).toBe(minted)
    const parts = [0, 1, 2, 3].map((n) => pendingOf(chain, n))
    expect(parts).toEqual(Array(4).fill((minted + fees) / 4n))
    expect(supplyOf(chain.state)).toMatchObject({ rewards: parts[0]! * 4n, rewardPool: (minted + fees) % 4n })
  })

  it('are paid at the end of the next one, less the commission', () => {
    const chain = chainOf()
    run(chain, endOf(1))
    const pending = pendingOf(chain, 0)
    run(chain, endOf(2) - 1)
    expect(recordOf(chain, 0)).toMatchObject({ heldRewards: 0n, heldCommission: 0n })
    run(chain, endOf(2))
    const commission = pending / 20n
    expect(recordOf(chain, 0)).toMatchObject({
      heldRewards: pending - commission,
      heldCommission: commission,
    })
    const before = accountOf(chain.state, addressNumber(0)).balance
    const { outcome, header } = chain.decide([
      chain.by(0, { type: 'stake.claimRewards', validator: addressNumber(0) }, { tip: 0n }),
    ])
    expect(outcome.receipts[0]!.code).toBe('ok')
    const dust = recordOf(chain, 0).heldRewards
    expect(dust).toBeLessThanOrEqual(1n)
    const fee = 60_000n * header.baseFeePerGas
    expect(accountOf(chain.state, addressNumber(0)).balance).toBe(before + pending - dust - fee)
  })

  it('are for those who have shares when they are paid, by stake: who joins in between, and not who left', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, 10_000n * AIT))
    run(chain, endOf(1))
    const pending = pendingOf(chain, 0)
    const before = accountOf(chain.state, addressNumber(4)).balance
    act(chain, 5, delegate(0, 10_000n * AIT))
    act(chain, 4, { type: 'stake.undelegate', validator: addressNumber(0), amount: 10_000n * AIT })
    run(chain, endOf(2))
    const half = (pending - pending / 20n) / 2n
    expect(half - earned(chain, 0, 5)).toBeLessThanOrEqual(1n)
    expect(half - earned(chain, 0, 0)).toBeLessThanOrEqual(1n)
    expect(accountOf(chain.state, addressNumber(4)).balance).toBeLessThanOrEqual(before)
  })

  it('count stake from the epoch in which it backs power', () => {
    const chain = chainOf()
    run(chain, endOf(0))
    act(chain, 4, delegate(0, 10_000n * AIT))
    run(chain, endOf(1))
    expect(pendingOf(chain, 0)).toBe(pendingOf(chain, 1))
    run(chain, endOf(2))
    expect(pendingOf(chain, 0)).toBe(pendingOf(chain, 1))
    run(chain, endOf(3))
    expect(pendingOf(chain, 0)).toBeGreaterThan((pendingOf(chain, 1) * 3n) / 2n)
  })

  it('go by who works: an absent one gets nothing and the others more', () => {
    const chain = chainOf()
    run(chain, endOf(0))
    run(chain, endOf(1), [3])
    const { rewards } = supplyOf(chain.state)
    expect(pendingOf(chain, 3)).toBe(0n)
    expect(rewards - pendingOf(chain, 0) - pendingOf(chain, 1) - pendingOf(chain, 2)).toBe(0n)
  })

  it('count the proposers of the blocks that were decided', () => {
    const chain = chainOf()
    run(chain, 6)
    const counts = chain.state.get(PARTICIPATION_KEY)!
    const of = (n: number) => counts.find(({ address }) => address === addressNumber(n))!
    expect([0, 1, 2, 3].reduce((sum, n) => sum + of(n).proposed, 0)).toBe(6)
    expect([0, 1, 2, 3].map((n) => of(n).signed)).toEqual([5, 5, 5, 5])
  })
})

describe('rewards that are not paid', () => {
  it('of a validator that was put in jail or removed in between are for all in the next epoch', () => {
    for (const punished of [
      { jail: { reason: 'invalid-block' as const, releasesAtMs: 9_999_999 } },
      { tombstoned: true },
    ]) {
      const chain = chainOf(0)
      act(chain, 4, { type: 'transfer', to: addressNumber(5), amount: 1n })
      run(chain, endOf(0))
      const lost = pendingOf(chain, 3)
      expect(lost).toBeGreaterThan(0n)
      const overlay = chain.state.overlay()
      overlay.set(validatorKey(addressNumber(3)), { ...recordOf(chain, 3), ...punished })
      overlay.adopt()
      run(chain, endOf(1))
      expect(recordOf(chain, 3)).toMatchObject({ heldRewards: 0n, heldCommission: 0n })
      const others = [0, 1, 2].map((n) => pendingOf(chain, n))
      expect(pendingOf(chain, 3)).toBe(0n)
      const { rewardPool } = supplyOf(chain.state)
      expect(others.reduce((sum, amount) => sum + amount, 0n) + rewardPool).toBeGreaterThanOrEqual(lost)
    }
  })

  it('of one that has left with all stake are too', () => {
    const chain = chainOf()
    act(chain, 3, { type: 'validator.exit' })
    run(chain, endOf(1))
    expect(pendingOf(chain, 3)).toBeGreaterThan(0n)
    run(chain, endOf(2))
    const held = supplyOf(chain.state).rewards
    const records = [0, 1, 2, 3].map(
      (n) => recordOf(chain, n).heldRewards + recordOf(chain, n).heldCommission,
    )
    const pending = [0, 1, 2].map((n) => pendingOf(chain, n))
    expect([...records, ...pending].reduce((sum, amount) => sum + amount, 0n)).toBe(held)
  })
})

describe('compounding', () => {
  it('grows the pool, the delegation and the power to come, with nothing to claim', () => {
    const chain = chainOf()
    act(chain, 4, delegate(0, 10_000n * AIT))
    act(chain, 4, { type: 'stake.compound', validator: addressNumber(0), enabled: true })
    run(chain, endOf(1))
    const pending = pendingOf(chain, 0)
    const before = recordOf(chain, 0)
    run(chain, endOf(2))
    const { compounding } = recordOf(chain, 0)
    const shared = pending - pending / 20n
    const joined = compounding.stake - before.compounding.stake
    expect(joined).toBe((shared * before.compounding.stake) / stakeOf(before))
    expect(joined).toBeGreaterThan(0n)
    expect(compounding.shares).toBe(before.compounding.shares)
    expect(earned(chain, 0, 4)).toBe(0n)
    const { outcome } = chain.decide([
      chain.by(4, { type: 'stake.claimRewards', validator: addressNumber(0) }),
    ])
    expect(outcome.receipts[0]).toMatchObject({ code: 'nothing-to-claim' })
    run(chain, endOf(3))
    const member = chain.set.members.find(({ address }) => address === addressNumber(0))!
    expect(member.power).toBe(10_000n * AIT + compounding.stake)
  })
})

it('rewards that compound from epoch to epoch leave an idle chain at rest', () => {
  const chain = chainOf()
  act(chain, 4, delegate(0, 10_000n * AIT))
  act(chain, 4, { type: 'stake.compound', validator: addressNumber(0), enabled: true })
  expect(pendingSetChange(chain.state, chain.state.parameters)).toBe(true)
  run(chain, endOf(3))
  const before = recordOf(chain, 0).compounding.stake
  for (let block = 0; block < EPOCH_BLOCKS; block++) {
    expect(pendingSetChange(chain.state, chain.state.parameters)).toBe(false)
    run(chain, chain.height + 1)
  }
  expect(recordOf(chain, 0).compounding.stake).toBeGreaterThan(before)
})

describe('the commission', () => {
  it('that was announced takes from the payments of its first epoch on', () => {
    const chain = chainOf()
    run(chain, endOf(0))
    act(chain, 0, { type: 'validator.update', name: 'dear', commission: 100_000 })
    run(chain, endOf(1))
    const second = pendingOf(chain, 0)
    run(chain, endOf(2))
    expect(recordOf(chain, 0).heldCommission).toBe(second / 20n)
    const third = pendingOf(chain, 0)
    run(chain, endOf(3))
    expect(recordOf(chain, 0).heldCommission).toBe(second / 20n + third / 10n)
  })
})

it('validators that join earn from their first epoch with power, later by their stake as others do', () => {
  const chain = chainOf()
  act(chain, 4, registration(4, 4_000n * AIT))
  act(chain, 4, { type: 'validator.ready' })
  run(chain, endOf(1))
  expect(pendingOf(chain, 4)).toBe(0n)
  run(chain, endOf(2))
  expect(pendingOf(chain, 4)).toBeGreaterThan(0n)
  let [joined, other] = [0n, 0n]
  for (let epoch = 3; epoch < 13; epoch++) {
    run(chain, endOf(epoch))
    joined += pendingOf(chain, 4)
    other += pendingOf(chain, 0)
  }
  expect(Number(joined) / Number(other)).toBeCloseTo(0.4, 1)
})
