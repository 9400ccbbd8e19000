import { describe, expect, it } from 'vitest'
import { AIT, addressNumber, TestChain } from '../execution/test-chain.ts'
import type { Address, Amount } from '../protocol/ids.ts'
import { assertRecounted } from '../state/invariants.ts'
import { delegationKey, PENDING_REWARDS_KEY, validatorKey } from '../state/keys.ts'
import { accountOf, bond, burn, mint, supplyOf } from '../state/ledger.ts'
import type { Draft } from '../state/store.ts'
import { mintedFor, payRewards, performanceMultiplier, setRewardsAside } from './rewards.ts'
import { earnedBy, PAYING, payEarned, putStake, takeStake } from './stakes.ts'

const VALIDATOR = addressNumber(0)
const [ANNA, BERT] = [addressNumber(1), addressNumber(2)]
const YEAR_MS = 365 * 24 * 3_600_000

/** One validator with 10 base units of its own that keeps half of its delegators' rewards. */
function smallChain(commission = 500_000): Draft {
  const draft = new TestChain({ validatorStakes: [10n], funded: [1, 2] }).state.overlay()
  draft.set(validatorKey(VALIDATOR), { ...draft.get(validatorKey(VALIDATOR))!, commission })
  return draft
}

function delegate(draft: Draft, delegator: Address, amount: Amount, kind = PAYING): void {
  bond(draft, delegator, amount)
  putStake(draft, { validator: VALIDATOR, delegator }, amount, kind)
}

/** Rewards of one epoch, all of this validator, set aside and paid. */
function reward(draft: Draft, amount: Amount): void {
  mint(draft, amount - supplyOf(draft).rewardPool)
  setRewardsAside(draft, [{ address: VALIDATOR, weight: 1n }])
  payRewards(draft)
}

/** Millionths of the stake: what the pool has changes, and nobody's shares. */
function slashPool(draft: Draft, fraction: number): void {
  const record = draft.get(validatorKey(VALIDATOR))!
  const taken = (record.paying.stake * BigInt(fraction)) / 1_000_000n
  draft.set(validatorKey(VALIDATOR), {
    ...record,
    paying: { ...record.paying, stake: record.paying.stake - taken },
  })
  burn(draft, 'bonded', taken)
}

function earned(draft: Draft, delegator: Address): Amount {
  return earnedBy(draft.get(validatorKey(VALIDATOR))!, draft.get(delegationKey(VALIDATOR, delegator))!)
}

const commissionOf = (draft: Draft) => draft.get(validatorKey(VALIDATOR))!.heldCommission
const balance = (draft: Draft, of: Address) => accountOf(draft, of).balance

/** Parts of a base unit, for R. */
const FINE = 10n ** 18n

interface Member {
  readonly stake: Amount
  /** R when it came, or was paid last. */
  readonly since: bigint
  /** Slashes before it came: none of its own. */
  readonly slashes: number
}

/**
 * F1 as it is published, beside the chain: R grows by rewards · (1 − commission) / stake; whoever asks has earned the sum of
 * (R_k − R_{k−1}) · stake up to each slash k, with a stake of (1 − f_k) from there on, and the last stretch.
 */
class Example {
  readonly draft = smallChain()
  readonly #members = new Map<Address, Member>([[VALIDATOR, { stake: 10n, since: 0n, slashes: 0 }]])
  readonly #slashes: { readonly r: bigint; readonly fraction: number }[] = []
  #r = 0n
  #total = 10n
  #commission = 0n

  reward(amount: Amount): void {
    reward(this.draft, amount)
    this.#commission += amount / 2n
    this.#r += ((amount - amount / 2n) * FINE) / this.#total
  }

  slash(fraction: number): void {
    slashPool(this.draft, fraction)
    this.#slashes.push({ r: this.#r, fraction })
    this.#total -= (this.#total * BigInt(fraction)) / 1_000_000n
  }

  join(delegator: Address, stake: Amount): void {
    delegate(this.draft, delegator, stake)
    this.#members.set(delegator, { stake, since: this.#r, slashes: this.#slashes.length })
    this.#total += stake
  }

  pay(delegator: Address): Amount {
    const due = this.#owed(delegator)
    this.#members.set(delegator, { ...this.#members.get(delegator)!, since: this.#r })
    expect(payEarned(this.draft, { validator: VALIDATOR, delegator })).toBe(due)
    return due
  }

  /** What the chain has for everybody is what the rule gives: of each that is named, then the commission. */
  everybody(): Amount[] {
    const members = [...this.#members.keys()]
    const chain = [...members.map((each) => earned(this.draft, each)), commissionOf(this.draft)]
    expect(chain).toEqual([...members.map((each) => this.#owed(each)), this.#commission])
    return chain
  }

  #owed(delegator: Address): Amount {
    const { stake: atFirst, since, slashes } = this.#members.get(delegator)!
    let [stake, from, sum] = [atFirst * FINE, since, 0n]
    for (const { r, fraction } of this.#slashes.slice(slashes)) {
      if (r > from) sum += (r - from) * stake
      from = r > from ? r : from
      stake -= (stake * BigInt(fraction)) / 1_000_000n
    }
    return (sum + (this.#r - from) * stake) / FINE ** 2n
  }
}

const HALF = 500_000

describe('the published examples of F1', () => {
  it('one delegator with the whole pool at half commission: half each', () => {
    const example = new Example()
    example.reward(10n)
    expect(example.everybody()).toEqual([5n, 5n])
  })

  it('two with as much each: the half is theirs in equal parts', () => {
    const example = new Example()
    example.join(ANNA, 10n)
    example.reward(20n)
    expect(example.everybody()).toEqual([5n, 5n, 10n])
  })

  it('a slash between two rewards takes nothing of what was earned, nor of what comes', () => {
    const example = new Example()
    example.reward(10n)
    example.slash(HALF)
    example.reward(10n)
    expect(example.everybody()).toEqual([10n, 10n])
  })

  it('who comes after a slash with as much as is left has an equal part from then on: 15, 5, and 20', () => {
    const example = new Example()
    example.reward(20n)
    example.slash(HALF)
    example.join(ANNA, 5n)
    example.reward(20n)
    expect(example.everybody()).toEqual([15n, 5n, 20n])
    example.slash(HALF)
    example.reward(20n)
    expect(example.everybody()).toEqual([20n, 10n, 30n])
    assertRecounted(example.draft)
  })

  it('slashes of different fractions, one after another, shrink each stake by each of them', () => {
    const example = new Example()
    example.join(ANNA, 30n)
    example.reward(80n)
    example.slash(HALF)
    example.join(BERT, 20n)
    example.reward(80n)
    example.slash(250_000)
    example.slash(200_000)
    example.reward(240n)
    expect(example.everybody()).toEqual([30n, 90n, 80n, 200n])
    assertRecounted(example.draft)
  })

  it('who is paid in between gets the same in two parts as in one', () => {
    const example = new Example()
    example.join(ANNA, 10n)
    const before = balance(example.draft, ANNA)
    example.reward(20n)
    expect(example.pay(ANNA)).toBe(5n)
    example.reward(20n)
    expect(example.pay(ANNA)).toBe(5n)
    expect(balance(example.draft, ANNA) - before).toBe(10n)
    expect(example.everybody()).toEqual([10n, 0n, 20n])
  })
})

describe('what rounding leaves over', () => {
  it('stays with the validator, and is for all when nobody has a share any more', () => {
    const draft = smallChain(0)
    delegate(draft, ANNA, 20n)
    reward(draft, 10n)
    expect([earned(draft, VALIDATOR), earned(draft, ANNA)]).toEqual([3n, 6n])
    takeStake(draft, { validator: VALIDATOR, delegator: ANNA }, 20n)
    expect(draft.get(validatorKey(VALIDATOR))!.heldRewards).toBe(4n)
    takeStake(draft, { validator: VALIDATOR, delegator: VALIDATOR }, 10n)
    expect(draft.get(validatorKey(VALIDATOR))!.heldRewards).toBe(0n)
    expect(supplyOf(draft)).toMatchObject({ rewards: 0n, rewardPool: 1n })
  })

  it('of a division among validators stays in the reward pool', () => {
    const draft = smallChain()
    mint(draft, 10n)
    setRewardsAside(draft, [
      { address: VALIDATOR, weight: 1n },
      { address: ANNA, weight: 2n },
      { address: BERT, weight: 0n },
    ])
    expect(draft.get(PENDING_REWARDS_KEY)).toEqual([
      { address: VALIDATOR, amount: 3n },
      { address: ANNA, amount: 6n },
    ])
    expect(supplyOf(draft)).toMatchObject({ rewards: 9n, rewardPool: 1n })
  })

  it('is all of it where nobody has earned anything', () => {
    const draft = smallChain()
    mint(draft, 10n)
    setRewardsAside(draft, [{ address: VALIDATOR, weight: 0n }])
    expect(supplyOf(draft)).toMatchObject({ rewards: 0n, rewardPool: 10n })
  })
})

it('compounding and claiming get the same of one reward, to a base unit', () => {
  const draft = smallChain(100_000)
  delegate(draft, ANNA, 7n * AIT)
  delegate(draft, BERT, 7n * AIT, { compounding: true })
  const before = balance(draft, ANNA)
  reward(draft, 1_000_003n)
  payEarned(draft, { validator: VALIDATOR, delegator: ANNA })
  const { compounding } = draft.get(validatorKey(VALIDATOR))!
  const [claimed, joined] = [balance(draft, ANNA) - before, compounding.stake - 7n * AIT]
  expect(claimed - joined).toBeLessThanOrEqual(1n)
  expect(joined - claimed).toBeLessThanOrEqual(1n)
  expect(claimed).toBe(450_001n)
  assertRecounted(draft)
})

it('where less than a share would be left, all is taken', () => {
  const draft = smallChain(0)
  delegate(draft, ANNA, 2n, { compounding: true })
  const record = draft.get(validatorKey(VALIDATOR))!
  draft.set(validatorKey(VALIDATOR), { ...record, compounding: { stake: 14n, shares: 2n } })
  const parties = { validator: VALIDATOR, delegator: ANNA }
  expect(takeStake(draft, parties, 5n)).toBe(5n)
  expect(draft.get(validatorKey(VALIDATOR))!.compounding).toEqual({ stake: 9n, shares: 1n })
  expect(takeStake(draft, parties, 8n)).toBe(9n)
  expect(draft.get(validatorKey(VALIDATOR))).toMatchObject({ delegators: 1, compounding: { shares: 0n } })
})

describe('what is minted', () => {
  it('is the annual rate of what is bonded, by time, rounded down', () => {
    expect(mintedFor(1_000n * AIT, YEAR_MS, { annualReward: 50_000 })).toBe(50n * AIT)
    expect(mintedFor(1_000n * AIT, 10_000, { annualReward: 50_000 })).toBe(15_854n)
    expect(mintedFor(1_000n * AIT, 0, { annualReward: 50_000 })).toBe(0n)
  })
})

describe('how much the stake of a member counts', () => {
  /** 25 + 100 · 0.1 + 0.05 + 0.01 = 35.06 credits. */
  const perfect = { proposed: 25, signed: 100, expected: 100, possible: 100, turns: 25_000_000 }

  it.each([
    ['all that a perfect member does', {}, 1_500_000],
    ['the least uptime that is rewarded', { signed: 95 }, 985_738],
    ['uptime below it', { signed: 90 }, 874_072],
    ['the least participation', { signed: 80 }, 754_135],
    ['too little participation', { signed: 79 }, 0],
    ['a pause of half the epoch', { signed: 50, expected: 50 }, 427_837],
    ['a pause of all of it', { signed: 0, expected: 0, proposed: 0 }, 0],
    ['none of its turns', { proposed: 0 }, 430_404],
    ['more turns than its weight, others’ that failed', { proposed: 26 }, 1_542_783],
  ])('%s', (_title, changes, multiplier) => {
    expect(performanceMultiplier({ ...perfect, ...changes })).toBe(multiplier)
  })
})
