/** Whose stake a slash takes, in which order, and how much when many are slashed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { punishProved } from '../economy/punishment.ts'
import { delegatedStake } from '../economy/stakes.ts'
import type { SinglePayload } from '../protocol/transaction.ts'
import { assertRecounted } from '../state/invariants.ts'
import { delegationKey, PENDING_REWARDS_KEY, SLASHES_KEY, unbondingKey } from '../state/keys.ts'
import { accountOf, supplyOf, totalSupply } from '../state/ledger.ts'
import { stakeOf, type Unbonding } from '../state/records.ts'
import { epochOf } from '../state/validator-sets.ts'
import { doubleSign, evidence, invalidBlock, recordOf, submit } from './evidence.test-kit.ts'
import { AIT, addressNumber, TestChain } from './test-chain.ts'

const STAKE = 10_000n * AIT
const REPORTER = 9

function chainOf(validators = 4, parameters = {}): TestChain {
  return new TestChain({
    validators,
    funded: [4, 5, 6, 7, 8, REPORTER],
    parameters: { annualReward: 0, burnedFee: 1_000_000, ...parameters },
  })
}

function act(chain: TestChain, n: number, payload: SinglePayload): void {
  expect(chain.decide([chain.by(n, payload)]).outcome.receipts).toMatchObject([{ code: 'ok' }])
}

const to = (n: number) => addressNumber(n)
const delegate = (n: number, amount: bigint) =>
  ({ type: 'stake.delegate', validator: to(n), amount }) as const
const undelegate = (n: number, amount: bigint) =>
  ({ type: 'stake.undelegate', validator: to(n), amount }) as const
const worth = (chain: TestChain, n: number, by: number) =>
  delegatedStake(chain.state, recordOf(chain, n), to(by))

/** Persons 4, 5 and 6 stake 1,000 AIT each with validator 3, which has its power by it from the next sets on. */
function withDelegators(): TestChain {
  const chain = chainOf()
  for (const n of [4, 5, 6]) act(chain, n, delegate(3, 1_000n * AIT))
  chain.decideUntil(11)
  return chain
}

describe('a slash', () => {
  it('is shared by all who have stake with the validator', () => {
    const chain = withDelegators()
    act(chain, 4, { type: 'stake.compound', validator: to(3), enabled: true })
    submit(chain, REPORTER, doubleSign(chain, 3, 11))
    expect([3, 4, 5, 6].map((n) => worth(chain, 3, n))).toEqual(
      [5_000n, 500n, 500n, 500n].map((ait) => ait * AIT),
    )
    expect(chain.state.get(delegationKey(to(3), to(4)))).toMatchObject({ principal: 1_000n * AIT })
  })

  it('takes what left since, as much of it as of what stayed', () => {
    const chain = withDelegators()
    act(chain, 4, undelegate(3, 1_000n * AIT))
    act(chain, 5, { type: 'stake.redelegate', from: to(3), to: to(2), amount: 1_000n * AIT })
    submit(chain, REPORTER, doubleSign(chain, 3, 11))
    expect(chain.state.get(unbondingKey(0))).toMatchObject({
      amount: 500n * AIT,
      initialAmount: 1_000n * AIT,
    })
    expect(worth(chain, 2, 5)).toBe(500n * AIT)
    expect(chain.state.get(delegationKey(to(2), to(5)))).toMatchObject({ principal: 1_000n * AIT })
    expect([3, 6].map((n) => worth(chain, 3, n))).toEqual([5_000n * AIT, 500n * AIT])
    expect(stakeOf(recordOf(chain, 2))).toBe(STAKE + 500n * AIT)
  })

  it('takes what left before the offence and still backed the power in it', () => {
    const chain = withDelegators()
    act(chain, 4, undelegate(3, 1_000n * AIT))
    chain.decideUntil(18)
    submit(chain, REPORTER, doubleSign(chain, 3, 17))
    expect(chain.state.get(unbondingKey(0))).toMatchObject({ lastEpoch: 3, amount: 500n * AIT })
  })

  it('leaves alone what had left before', () => {
    const chain = withDelegators()
    act(chain, 4, undelegate(3, 1_000n * AIT))
    act(chain, 5, { type: 'stake.redelegate', from: to(3), to: to(2), amount: 1_000n * AIT })
    chain.decideUntil(22)
    submit(chain, REPORTER, doubleSign(chain, 3, 21))
    expect(chain.state.get(unbondingKey(0))).toMatchObject({ amount: 1_000n * AIT })
    expect(worth(chain, 2, 5)).toBe(1_000n * AIT)
    expect(worth(chain, 3, 6)).toBe(500n * AIT)
  })

  it('follows moved stake into its unbonding at the receiver', () => {
    const chain = withDelegators()
    act(chain, 5, { type: 'stake.redelegate', from: to(3), to: to(2), amount: 1_000n * AIT })
    act(chain, 5, undelegate(2, 800n * AIT))
    submit(chain, REPORTER, doubleSign(chain, 3, 11))
    expect(worth(chain, 2, 5)).toBe(0n)
    expect(chain.state.get(unbondingKey(0))).toMatchObject({ amount: 500n * AIT })
    expect(stakeOf(recordOf(chain, 2))).toBe(STAKE)
  })

  it('takes rewards that wait, and no others', () => {
    const chain = chainOf(4, { annualReward: 1_000_000 })
    chain.decideUntil(10)
    const pending = chain.state.get(PENDING_REWARDS_KEY)!
    expect(pending.map(({ address }) => address)).toContain(to(3))
    const { amount } = pending.find(({ address }) => address === to(3))!
    const { rewardPool } = supplyOf(chain.state)
    const held = recordOf(chain, 3).heldRewards
    submit(chain, REPORTER, doubleSign(chain, 3, 9))
    const left = chain.state.get(PENDING_REWARDS_KEY)!
    expect(left).toEqual(pending.filter(({ address }) => address !== to(3)))
    expect(supplyOf(chain.state).rewardPool).toBe(rewardPool + amount)
    expect(recordOf(chain, 3).heldRewards).toBe(held)
    chain.decideUntil(15)
    expect(recordOf(chain, 3).heldRewards).toBe(held)
    expect(chain.state.get(PENDING_REWARDS_KEY)!.some(({ address }) => address === to(3))).toBe(false)
  })
})

describe('evidence in the block that pays the rewards of an epoch', () => {
  it('takes what the accused waited for, which is for all again, and pays the others', () => {
    const chain = chainOf(4, { annualReward: 1_000_000 })
    act(chain, 4, delegate(3, 1_000n * AIT))
    act(chain, 4, { type: 'stake.compound', validator: to(3), enabled: true })
    act(chain, 5, delegate(2, 1_000n * AIT))
    act(chain, 5, { type: 'stake.compound', validator: to(2), enabled: true })
    chain.decideUntil(14)
    const pending = new Map(chain.state.get(PENDING_REWARDS_KEY)!.map((each) => [each.address, each.amount]))
    const before = [0, 1, 2, 3].map((n) => recordOf(chain, n))
    const supply = supplyOf(chain.state)
    expect(pending.size).toBe(4)

    expect(submit(chain, REPORTER, doubleSign(chain, 3, 13))).toMatchObject({ code: 'ok' })
    const after = [0, 1, 2, 3].map((n) => recordOf(chain, n))
    const grown = (n: number) =>
      after[n]!.heldRewards +
      after[n]!.heldCommission +
      after[n]!.compounding.stake -
      (before[n]!.heldRewards + before[n]!.heldCommission + before[n]!.compounding.stake)
    expect([0, 1, 2].map(grown)).toEqual([0, 1, 2].map((n) => pending.get(to(n))))
    expect(after[2]!.compounding.stake).toBeGreaterThan(before[2]!.compounding.stake)

    // Its commission was 5 % and nothing of the epoch reached its pools: half of them is gone, and that is all.
    const { paying, compounding, heldRewards, heldCommission } = before[3]!
    expect(after[3]).toMatchObject({ heldRewards, heldCommission })
    const lost = stakeOf(before[3]!) - stakeOf(after[3]!)
    expect(lost).toBe(chain.state.get(SLASHES_KEY)!.slashes[0]!.amount)
    expect(after[3]!.paying.stake).toBe(paying.stake - (lost * paying.stake) / stakeOf(before[3]!))
    expect(after[3]!.compounding.stake).toBeLessThan(compounding.stake)

    const next = chain.state.get(PENDING_REWARDS_KEY)!
    expect(next.map(({ address }) => address)).not.toContain(to(3))
    const now = supplyOf(chain.state)
    const forAll = supply.rewardPool + pending.get(to(3))! + now.minted - supply.minted
    expect(next.reduce((sum, { amount }) => sum + amount, now.rewardPool)).toBe(forAll)
    assertRecounted(chain.state)
  })
})

describe('many slashed in one epoch', () => {
  it('lose (3·k/n)² of their stake, where k were slashed before them', () => {
    const chain = chainOf(10, { epochBlocks: 20 })
    chain.decideUntil(2)
    for (const n of [0, 1, 2, 3, 4, 5])
      submit(chain, REPORTER, invalidBlock(chain, n, 1, [0, 1, 2, 3, 4, 5, 6]))
    const { slashes } = chain.state.get(SLASHES_KEY)!
    expect(slashes.map(({ fraction }) => fraction)).toEqual([
      300_000, 300_000, 360_000, 810_000, 1_000_000, 1_000_000,
    ])
    expect(stakeOf(recordOf(chain, 5))).toBe(0n)
    expect(stakeOf(recordOf(chain, 3))).toBe((STAKE * 19n) / 100n)
    assertRecounted(chain.state)
  })

  it('a second offence of one is not many, and the next epoch counts anew', () => {
    const chain = chainOf()
    chain.decideUntil(2)
    submit(chain, REPORTER, invalidBlock(chain, 3, 1))
    submit(chain, REPORTER, invalidBlock(chain, 3, 2))
    chain.decideUntil(5)
    submit(chain, REPORTER, invalidBlock(chain, 2, 4))
    expect(chain.state.get(SLASHES_KEY)).toMatchObject({ epoch: 1, slashes: [{ fraction: 300_000 }] })
  })
})

describe('whatever is slashed', () => {
  const people = fc.constantFrom(4, 5, 6, 7)
  const validators = fc.constantFrom(0, 1, 2, 3)
  const amounts = fc.bigInt({ min: 1n, max: 3_000n }).map((ait) => ait * AIT + 7n)
  const steps = fc.oneof(
    fc.record({
      kind: fc.constantFrom('delegate', 'undelegate'),
      by: people,
      at: validators,
      amount: amounts,
    }),
    fc.record({
      kind: fc.constant('redelegate'),
      by: people,
      at: validators,
      next: validators,
      amount: amounts,
    }),
    fc.record({ kind: fc.constant('compound'), by: people, at: validators, amount: amounts }),
    fc.record({ kind: fc.constantFrom('invalid', 'double'), by: people, at: validators, amount: amounts }),
    fc.record({ kind: fc.constant('blocks'), by: people, at: validators, amount: amounts }),
  )

  it('money is conserved, and nothing is taken that is not there', () => {
    fc.assert(
      fc.property(fc.array(steps, { minLength: 4, maxLength: 24 }), (run) => {
        const chain = chainOf(4, {
          annualReward: 900_000,
          burnedFee: 500_000,
          stakeOperationsPerWindow: 1_000,
        })
        chain.decideUntil(2)
        for (const step of run) {
          const before = supplyOf(chain.state)
          const { kind, by, at, amount } = step
          const next = 'next' in step ? step.next : at
          if (kind === 'blocks') chain.decideUntil(chain.height + 4)
          else if (kind === 'invalid' || kind === 'double') {
            const proof =
              kind === 'double' ? doubleSign(chain, at, chain.height) : invalidBlock(chain, at, chain.height)
            const rich = accountOf(chain.state, to(REPORTER)).balance
            const { code, feePaid } = submit(chain, REPORTER, proof)
            const after = supplyOf(chain.state)
            const gained = accountOf(chain.state, to(REPORTER)).balance - rich + feePaid
            if (code === 'ok') expect(gained * 20n).toBeLessThanOrEqual(before.bonded + before.unbonding)
            expect(after.burned).toBeGreaterThanOrEqual(before.burned)
          } else {
            const payloads = {
              delegate: delegate(at, amount),
              undelegate: undelegate(at, amount),
              redelegate: { type: 'stake.redelegate', from: to(at), to: to(next), amount },
              compound: { type: 'stake.compound', validator: to(at), enabled: amount % 2n === 0n },
            } as const
            chain.decide([chain.by(by, payloads[kind as keyof typeof payloads])])
          }
          assertRecounted(chain.state)
          const supply = supplyOf(chain.state)
          expect(totalSupply(supply)).toBe(supply.genesis + supply.minted + supply.faucet - supply.burned)
          chain.state.each<Unbonding>('unbonding', (entry) => {
            expect(entry.amount >= 0n && entry.amount <= entry.initialAmount).toBe(true)
          })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('a whole of it takes all, and no more', () => {
    const chain = chainOf()
    act(chain, 4, delegate(3, 777n * AIT + 3n))
    chain.decideUntil(12)
    const draft = chain.state.overlay()
    const parameters = { ...chain.state.parameters, doubleSignSlash: 1_000_000 }
    const context = {
      height: 13,
      epoch: epochOf(13, parameters),
      timestampMs: chain.parent.timestampMs,
      parameters,
    }
    const proved = { validator: to(3), offence: 'double-sign', height: 12, reporter: to(REPORTER) } as const
    punishProved(draft, proved, context)
    punishProved(draft, { ...proved, offence: 'invalid-block' }, context)
    assertRecounted(draft)
    expect(supplyOf(draft).bonded).toBe(3n * STAKE)
  })
})

it('evidence in the epoch’s last block changes the set that follows from it', () => {
  const chain = chainOf()
  chain.decideUntil(4)
  expect(
    chain.decide([chain.by(REPORTER, evidence(doubleSign(chain, 3, 3)))]).outcome.receipts,
  ).toMatchObject([{ code: 'ok' }])
  chain.decideUntil(11)
  expect(chain.set.members.map(({ address }) => address)).not.toContain(to(3))
})
