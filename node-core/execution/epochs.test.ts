import { describe, expect, it } from 'vitest'
import { pendingSetChange } from '../economy/validator-set.ts'
import { addressBytes } from '../protocol/address.ts'
import { createProposerSchedule } from '../protocol/proposer-priority.ts'
import type { Payload } from '../protocol/transaction.ts'
import { keyOwnerKey, unbondingKey, validatorKey } from '../state/keys.ts'
import { accountOf, supplyOf } from '../state/ledger.ts'
import { stakeOf } from '../state/records.ts'
import { epochOf, loadValidatorSet, validatorSetOf } from '../state/validator-sets.ts'
import { AIT, addressNumber, type ChainOptions, registration, TestChain } from './test-chain.ts'

/** Epochs of 5 blocks: epoch e ends at height 5 · (e + 1). */
const endOf = (epoch: number) => 5 * (epoch + 1)

function members(chain: TestChain, epoch: number): string[] {
  return validatorSetOf(chain.state, epoch).members.map((member) => member.address)
}

const numbers = (...list: number[]) => list.map(addressNumber).sort()
const pending = (chain: TestChain) => pendingSetChange(chain.state, chain.state.parameters)

/** Validators 0 … 3 in genesis; 4 registers in block 1 with a stake small enough for others to enter beside it. */
function chainWithCandidate(options: ChainOptions = {}): TestChain {
  const chain = new TestChain({ funded: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], ...options })
  chain.decide([chain.by(4, registration(4))])
  return chain
}

describe('the genesis', () => {
  it('has its validators in epochs 0 and 1, sorted, the priorities advanced between', () => {
    const chain = new TestChain()
    const [first, second] = [validatorSetOf(chain.state, 0), validatorSetOf(chain.state, 1)]
    expect([first.firstHeight, first.lastHeight, second.firstHeight, second.lastHeight]).toEqual([
      1, 5, 6, 10,
    ])
    expect(members(chain, 0)).toEqual(numbers(0, 1, 2, 3))
    expect(members(chain, 1)).toEqual(numbers(0, 1, 2, 3))
    expect(second.members.map((member) => member.priority)).toEqual(
      createProposerSchedule(first).prioritiesAfter(5),
    )
    expect(addressBytes(first.members[0]!.address)).toHaveLength(20)
    expect(supplyOf(chain.state)).toMatchObject({ bonded: 40_000n * AIT, genesis: 540_000n * AIT })
  })

  it('goes round all proposers across epochs when all weigh the same', () => {
    const chain = new TestChain()
    const proposers: string[] = []
    for (let height = 1; height <= 12; height++) {
      proposers.push(createProposerSchedule(chain.set).proposerAt(height, 0))
      chain.decide()
    }
    for (const start of [0, 4, 8])
      expect(proposers.slice(start, start + 4).sort()).toEqual(numbers(0, 1, 2, 3))
  })
})

describe('joining', () => {
  it('takes from ready in epoch e to power in epoch e + 2', () => {
    const chain = chainWithCandidate()
    expect(pending(chain)).toBe(false)
    chain.decide([chain.by(4, { type: 'validator.ready' })])
    expect(pending(chain)).toBe(true)
    chain.decideUntil(endOf(0))
    expect(members(chain, 1)).toEqual(numbers(0, 1, 2, 3))
    expect(members(chain, 2)).toEqual(numbers(0, 1, 2, 3, 4))
    expect(pending(chain)).toBe(true)
    chain.decideUntil(endOf(1))
    expect(chain.set.members).toHaveLength(5)
    expect(pending(chain)).toBe(false)
    const newcomer = chain.set.members.find((member) => member.address === addressNumber(4))!
    expect(chain.set.members.every((member) => member.priority >= newcomer.priority)).toBe(true)
    chain.decideUntil(endOf(2))
    expect(chain.state.get(validatorKey(addressNumber(4)))).toMatchObject({ performance: 1_000_000 })
  })

  it('waits while it is not ready, and the chain rests', () => {
    const chain = chainWithCandidate()
    chain.decide([
      chain.by(4, { type: 'validator.ready' }),
      chain.by(4, { type: 'validator.pause' }, { nonce: 2 }),
    ])
    expect(pending(chain)).toBe(false)
    chain.decideUntil(endOf(2))
    expect(members(chain, 4)).toEqual(numbers(0, 1, 2, 3))
    expect(pending(chain)).toBe(false)
  })

  it('queues beyond one an epoch here, and needs to be ready again', () => {
    const chain = chainWithCandidate()
    chain.decide([chain.by(5, registration(5))])
    chain.decide([chain.by(4, { type: 'validator.ready' }), chain.by(5, { type: 'validator.ready' })])
    chain.decideUntil(endOf(0))
    const entered = members(chain, 2)
    expect(entered).toHaveLength(5)
    const queued = entered.includes(addressNumber(4)) ? 5 : 4
    chain.decideUntil(endOf(1))
    expect(members(chain, 3)).toEqual(entered)
    expect(pending(chain)).toBe(false)
    chain.decide([chain.by(queued, { type: 'validator.ready' })])
    chain.decideUntil(endOf(2))
    expect(members(chain, 4)).toHaveLength(6)
  })

  it('is named by the headers of the epoch before', () => {
    const chain = chainWithCandidate()
    chain.decide([chain.by(4, { type: 'validator.ready' })])
    chain.decideUntil(endOf(0))
    const announced = chain.decide().header.nextValidatorsHash
    expect(announced).not.toBe(chain.parent.header!.validatorsHash)
    chain.decideUntil(endOf(1))
    expect(chain.decide().header.validatorsHash).toBe(announced)
  })
})

describe('leaving', () => {
  it('keeps power until the first set not announced, then the stake unbonds by block time and is withdrawn', () => {
    const chain = new TestChain()
    chain.decide([chain.by(3, { type: 'validator.exit' })])
    expect(pending(chain)).toBe(true)
    chain.decideUntil(endOf(0))
    expect(members(chain, 1)).toEqual(numbers(0, 1, 2, 3))
    expect(members(chain, 2)).toEqual(numbers(0, 1, 2))
    expect(chain.state.get(unbondingKey(0))).toBeNull()
    chain.decideUntil(endOf(1))
    const { timestampMs } = chain.parent
    expect(chain.state.get(unbondingKey(0))).toMatchObject({
      address: addressNumber(3),
      amount: 10_000n * AIT,
      lastEpoch: 1,
    })
    expect(chain.state.get(validatorKey(addressNumber(3)))).toMatchObject({ exiting: true, delegators: 0 })
    expect(supplyOf(chain.state)).toMatchObject({ bonded: 30_000n * AIT, unbonding: 10_000n * AIT })
    expect(pending(chain)).toBe(false)
    const withdrawAt = (timeMs: number) =>
      chain.decide([chain.by(3, { type: 'stake.withdraw', position: 0 })], { timestampMs: timeMs }).outcome
        .receipts[0]!
    expect(withdrawAt(timestampMs + 119_999)).toMatchObject({
      code: 'still-unbonding',
      data: { releasesAtMs: String(timestampMs + 120_000) },
    })
    const before = accountOf(chain.state, addressNumber(3)).balance
    const { code, feePaid } = withdrawAt(timestampMs + 120_000)
    expect(code).toBe('ok')
    expect(accountOf(chain.state, addressNumber(3)).balance).toBe(before + 10_000n * AIT - feePaid)
    expect(supplyOf(chain.state).unbonding).toBe(0n)
  })

  it('by a pause keeps the stake, and resuming and being ready brings it back', () => {
    const chain = new TestChain()
    chain.decide([chain.by(3, { type: 'validator.pause' })])
    chain.decideUntil(endOf(1))
    expect(chain.set.members).toHaveLength(3)
    expect(supplyOf(chain.state).bonded).toBe(40_000n * AIT)
    chain.decide([
      chain.by(3, { type: 'validator.resume' }),
      chain.by(3, { type: 'validator.ready' }, { nonce: 2 }),
    ])
    chain.decideUntil(endOf(3))
    expect(chain.set.members).toHaveLength(4)
  })

  it('frees keys and address once none of its epochs can be punished', () => {
    const chain = new TestChain({ parameters: { unbondingMs: 20_000 }, funded: [3, 4] })
    const keyOfThree = { ...registration(4), validatorKey: registration(3).validatorKey }
    const register = () => chain.decide([chain.by(4, keyOfThree)]).outcome.receipts[0]
    chain.decide([chain.by(3, { type: 'validator.exit' })])
    chain.decideUntil(endOf(1))
    expect(register()).toMatchObject({ code: 'key-in-use', data: { address: addressNumber(3) } })
    chain.decideUntil(endOf(2))
    expect(chain.state.get(validatorKey(addressNumber(3)))).toBeNull()
    expect(register()).toMatchObject({ code: 'ok' })
    const { outcome } = chain.decide([chain.by(3, registration(5))])
    expect(outcome.receipts).toMatchObject([{ code: 'ok' }])
  })

  it('leaves the way back open: with other keys, or with its own', () => {
    for (const keys of [3, 5]) {
      const chain = new TestChain()
      chain.decide([chain.by(3, { type: 'validator.exit' })])
      chain.decideUntil(endOf(0))
      const register = () => chain.decide([chain.by(3, registration(keys))]).outcome.receipts[0]
      expect(register()).toMatchObject({ code: 'already-registered' })
      chain.decideUntil(endOf(1))
      expect(register()).toMatchObject({ code: 'ok' })
      const record = chain.state.get(validatorKey(addressNumber(3)))
      expect(record).toMatchObject({ exiting: false, delegators: 1, registeredAtHeight: 11 })
      for (const n of [3, keys])
        expect(chain.state.get(keyOwnerKey(registration(n).validatorKey))).toMatchObject({
          address: addressNumber(3),
        })
    }
  })

  it('never empties the set, and then the chain rests', () => {
    const chain = new TestChain({ validators: 2 })
    chain.decide([chain.by(0, { type: 'validator.exit' }), chain.by(1, { type: 'validator.exit' })])
    chain.decideUntil(endOf(6))
    expect(chain.set.members).toHaveLength(1)
    expect(pending(chain)).toBe(false)
    expect(supplyOf(chain.state).bonded).toBe(10_000n * AIT)
  })
})

describe('all of genesis leaving while four others stay', () => {
  it('takes its epochs, always with enough of them, and leaves the four', () => {
    const chain = new TestChain({ funded: [0, 1, 2, 3, 4, 5, 6, 7] })
    const others = [4, 5, 6, 7]
    chain.decide(others.map((n) => chain.by(n, registration(n))))
    const sizes: number[] = []
    const everyEpoch = (act: () => void) => {
      act()
      chain.decideUntil(endOf(epochOf(chain.height + 1, chain.state.parameters)))
      sizes.push(chain.set.members.length)
    }
    for (let epoch = 0; epoch < 6; epoch++)
      everyEpoch(() => chain.decide(others.map((n) => chain.by(n, { type: 'validator.ready' }))))
    expect(members(chain, 6)).toEqual(numbers(0, 1, 2, 3, 4, 5, 6, 7))
    everyEpoch(() => chain.decide([0, 1, 2, 3].map((n) => chain.by(n, { type: 'validator.exit' }))))
    while (pending(chain)) everyEpoch(() => chain.decide())
    expect(chain.set.members.map((member) => member.address)).toEqual(numbers(4, 5, 6, 7))
    for (const [i, size] of sizes.slice(1).entries()) {
      expect(size - sizes[i]!).toBeLessThanOrEqual(1)
      expect((sizes[i]! - size) * 3).toBeLessThanOrEqual(Math.max(sizes[i]!, 3))
    }
    const before = chain.parent.timestampMs
    chain.decideUntil(chain.height + 5)
    chain.decide([], { timestampMs: before + 500_000 })
    expect(supplyOf(chain.state)).toMatchObject({ bonded: 40_000n * AIT, unbonding: 40_000n * AIT })
  })
})

describe('performance', () => {
  const scoreOf = (chain: TestChain, n: number) =>
    chain.state.get(validatorKey(addressNumber(n)))!.performance

  it('falls for who does not sign, and its weight with it two epochs on', () => {
    const chain = new TestChain()
    const absent = [addressNumber(2)]
    while (chain.height < endOf(0)) chain.decide([], { absent })
    expect(scoreOf(chain, 2)).toBe(750_000)
    expect(scoreOf(chain, 1)).toBe(1_000_000)
    const weights = validatorSetOf(chain.state, 2).members.map((member) => member.weight / member.power)
    expect(weights.toSorted((a, b) => Number(a - b))).toEqual([750_000n, 1_000_000n, 1_000_000n, 1_000_000n])
    expect(pending(chain)).toBe(false)
    chain.decideUntil(endOf(1))
    expect(scoreOf(chain, 2)).toBeGreaterThan(750_000)
  })

  it('does not fall in a declared pause', () => {
    const chain = new TestChain()
    chain.decide([chain.by(2, { type: 'validator.pause' })])
    while (chain.height < endOf(1)) chain.decide([], { absent: [addressNumber(2)] })
    expect(scoreOf(chain, 2)).toBe(1_000_000)
  })
})

it('sets of epochs gone by are forgotten, the last one kept for its certificates', () => {
  const chain = new TestChain()
  chain.decideUntil(endOf(3))
  const known = [1, 2, 3, 4, 5, 6].filter((epoch) => loadValidatorSet(chain.state, epoch))
  expect(known).toEqual([3, 4, 5])
})

describe('the set two epochs on', () => {
  /** Its members by number, as the block decides that ends epoch 0. */
  function nextOf(chain: TestChain, count: number) {
    const { members, totalPower } = validatorSetOf(chain.state, 2)
    const of = (n: number) => members.find(({ address }) => address === addressNumber(n))!
    return { totalPower, members: Array.from({ length: count }, (_, n) => of(n)) }
  }

  const stakes = [10_000n, 20_000n, 30_000n, 40_000n].map((ait) => ait * AIT)
  // Validator 3 signed nothing in epoch 0: its score is what three quarters of the one before leave.
  const scores = [1_000_000n, 1_000_000n, 1_000_000n, 750_000n]
  it.each([
    ['round-robin', [1n, 1n, 1n, 1n]],
    ['stake-weighted', stakes],
    ['reputation-based', scores],
    ['hybrid', stakes.map((stake, n) => stake * scores[n]!)],
  ] as const)('weighs proposers %s, by the parameter', (proposerSelection, weights) => {
    const chain = new TestChain({ validatorStakes: stakes, parameters: { proposerSelection } })
    while (chain.height < 5)
      chain.decide([], { absent: [addressNumber(3)], proposer: addressNumber(chain.height % 3) })
    const { members } = nextOf(chain, 4)
    expect(members.map(({ weight }) => weight)).toEqual(weights)
    expect(members.map(({ power }) => power)).toEqual(stakes)
  })

  it('gives a giant among eight a fifth of the power, whatever is behind it', () => {
    const chain = new TestChain({ validators: 8, funded: [9] })
    const giant: Payload = { type: 'stake.delegate', validator: addressNumber(0), amount: 90_000n * AIT }
    expect(chain.decide([chain.by(9, giant)]).outcome.receipts[0]!.code).toBe('ok')
    chain.decideUntil(5)
    const { members, totalPower } = nextOf(chain, 8)
    expect(stakeOf(chain.state.get(validatorKey(addressNumber(0)))!)).toBe(100_000n * AIT)
    expect(5n * members[0]!.power).toBeLessThanOrEqual(totalPower)
    // A quarter of what the seven others have.
    expect(members.map(({ power }) => power)).toEqual([17_500n * AIT, ...Array(7).fill(10_000n * AIT)])
  })

  it('caps nobody among seven', () => {
    const chain = new TestChain({ validatorStakes: [100_000n * AIT, ...Array(6).fill(10_000n * AIT)] })
    chain.decideUntil(5)
    expect(nextOf(chain, 7).members[0]!.power).toBe(100_000n * AIT)
  })
})
