import { beforeEach, describe, expect, it } from 'vitest'
import { REWARD_SCALE } from '../economy/stakes.ts'
import { createGenesis } from '../execution/genesis.ts'
import { AIT, addressNumber, genesisValidator, testGenesis } from '../execution/test-chain.ts'
import type { Address } from '../protocol/ids.ts'
import { delegationKey, PENDING_REWARDS_KEY, validatorKey } from '../state/keys.ts'
import type { Delegation, ValidatorRecord } from '../state/records.ts'
import type { Overlay } from '../state/store.ts'
import {
  type Before,
  type Earner,
  earnersOf,
  lookBefore,
  paidRewards,
  rateOf,
  ratesOf,
} from './epoch-note.ts'

const YEAR_MS = 365 * 24 * 3_600_000
const [validator, other] = [genesisValidator(1).address, genesisValidator(2).address]
const [payee, saver] = [addressNumber(71), addressNumber(72)]

let state: Overlay
let before: Before

/** Two delegators with 1,000 AIT each beside the validator's own 1,000: one is paid, the other's rewards join its stake. */
beforeEach(() => {
  const validators = [1, 2].map((number) => genesisValidator(number, 1_000n * AIT))
  state = createGenesis({ ...testGenesis(), validators }).state.overlay()
  change(validator, ({ paying }) => ({
    paying: { stake: paying.stake + 1_000n * AIT, shares: paying.shares + 1_000n * AIT },
    compounding: { stake: 1_000n * AIT, shares: 1_000n * AIT },
    delegators: 3,
  }))
  delegate(payee, { compounding: false, shares: 1_000n * AIT })
  delegate(saver, { compounding: true, shares: 1_000n * AIT })
  before = lookBefore(state)
})

function change(of: Address, changes: (record: ValidatorRecord) => Partial<ValidatorRecord>): void {
  const record = state.get(validatorKey(of))!
  state.set(validatorKey(of), { ...record, ...changes(record) })
}

function delegate(who: Address, terms: Pick<Delegation, 'compounding' | 'shares'>): void {
  state.set(delegationKey(validator, who), { rewardPerShare: 0n, principal: terms.shares, ...terms })
}

/** As the end of an epoch does: so much for each AIT of stake, and commission. */
function pay(forAit: bigint, commission: bigint): void {
  change(validator, (record) => ({
    rewardPerShare: record.rewardPerShare + (forAit * REWARD_SCALE) / AIT,
    heldCommission: record.heldCommission + commission,
    compounding: {
      ...record.compounding,
      stake: record.compounding.stake + (record.compounding.stake * forAit) / AIT,
    },
  }))
}

const earned = (earners: readonly Earner[]) =>
  Object.fromEntries(earners.map((each) => [each.address, each.earned]))

describe('the end of an epoch', () => {
  it('adds what each has earned: paid, joined to its stake, and commission', () => {
    pay(100n, 7_000n)
    const first = earnersOf(state, before, [])
    expect(earned(first)).toEqual({
      [validator]: 107_000n,
      [payee]: 100_000n,
      [saver]: 100_000n,
      [other]: 0n,
    })
    before = lookBefore(state)
    pay(100n, 7_000n)
    const { [saver]: saved, [payee]: paid } = earned(earnersOf(state, before, first))
    expect(paid).toBe(200_000n)
    // Of a stake that is 100,000 more.
    expect(saved).toBe(200_000n)
  })

  it('counts what was claimed in between, and a slash as no loss of what was earned', () => {
    pay(100n, 7_000n)
    const first = earnersOf(state, before, [])
    // All is claimed, half of the stake is lost.
    change(validator, (record) => ({
      heldCommission: 0n,
      paying: { ...record.paying, stake: record.paying.stake / 2n },
      compounding: { ...record.compounding, stake: record.compounding.stake / 2n },
    }))
    const { rewardPerShare } = state.get(validatorKey(validator))!
    state.set(delegationKey(validator, payee), {
      ...state.get(delegationKey(validator, payee))!,
      rewardPerShare,
    })
    before = lookBefore(state)
    const second = earnersOf(state, before, first)
    expect(earned(second)).toEqual(earned(first))
    expect(second.find(({ address }) => address === payee)?.stake).toBe(500n * AIT)
  })

  it('begins with what can be claimed where the end before was not lived through', () => {
    pay(100n, 7_000n)
    before = lookBefore(state)
    pay(100n, 0n)
    const { [payee]: paid, [validator]: own } = earned(earnersOf(state, before, null))
    expect([paid, own]).toEqual([200_000n, 207_000n])
  })

  it('tells a year by it, of a pool that pays and of one that compounds', () => {
    pay(1_000_000n, 0n)
    // A thousandth in a tenth of a year: a hundredth in one.
    const rate = (of: Address) =>
      ratesOf(state, before, YEAR_MS / 10).find(({ address }) => address === of)?.rate
    expect([rate(validator), rate(other)]).toEqual([10_000, 0])
    change(validator, () => ({ paying: { stake: 0n, shares: 0n } }))
    expect(rate(validator)).toBe(10_000)
  })

  it('pays nothing to who was punished since', () => {
    state.set(PENDING_REWARDS_KEY, [
      { address: validator, amount: 50n },
      { address: other, amount: 30n },
    ])
    before = lookBefore(state)
    expect(paidRewards(before, state)).toBe(80n)
    change(other, () => ({ jail: { reason: 'unavailable', releasesAtMs: 1 } }))
    expect(paidRewards(before, state)).toBe(50n)
  })
})

describe('a rate', () => {
  const point = (atMs: number, earnedBy: bigint, stake: bigint) => ({ atMs, earned: earnedBy, stake })

  it('is of the stake that was there meanwhile', () => {
    expect(rateOf([point(0, 0n, 9n * AIT), point(YEAR_MS, AIT, 20n * AIT)])).toBe(50_000)
  })

  it('needs two ends and stake', () => {
    expect(rateOf([point(0, 0n, AIT)])).toBeNull()
    expect(rateOf([point(0, 0n, AIT), point(YEAR_MS, 0n, 0n)])).toBeNull()
  })
})
