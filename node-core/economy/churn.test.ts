import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { newValidator } from '../state/records.ts'
import { type Candidate, isEligible, nextMembers } from './churn.ts'

const PARAMETERS = {
  maxValidators: 10,
  minimumSelfStake: 10n,
  admission: 'stake' as const,
  enteringPower: 100_000,
  leavingPower: 333_333,
}
const EPOCH = 7

const at = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address

/** `stake`: all of it its own, unless `selfStake` says otherwise. */
function validator(n: number, changes: Partial<Candidate> = {}): Candidate {
  const stake = changes.stake ?? 100n
  const terms = {
    address: at(n),
    name: `v${n}`,
    validatorKey: new Uint8Array(32),
    randomnessKey: new Uint8Array(32),
    commission: 0,
    stake,
  }
  const origin = { registeredAtHeight: 0, funder: null, admitted: false }
  return { ...newValidator(terms, origin), stake, selfStake: stake, ...changes }
}

function setOf(validators: readonly Candidate[]): ValidatorSet {
  const members = validators
    .map(({ address, stake, validatorKey, randomnessKey }) => ({
      address,
      validatorKey,
      randomnessKey,
      power: stake,
      weight: 1n,
      priority: 0n,
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1))
  return {
    epoch: EPOCH + 1,
    firstHeight: 1,
    lastHeight: 10,
    members,
    totalPower: members.reduce((sum, { power }) => sum + power, 0n),
  }
}

function next(members: readonly Candidate[], others: readonly Candidate[] = [], parameters = {}): number[] {
  const chosen = nextMembers({
    announced: setOf(members),
    validators: [...members, ...others],
    epoch: EPOCH,
    parameters: { ...PARAMETERS, ...parameters },
  })
  return [...chosen].map((address) => Number(address)).sort((a, b) => a - b)
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const five = range(1, 5).map((n) => validator(n))
const ready = (n: number, changes: Partial<Candidate> = {}) => validator(n, { readyEpoch: EPOCH, ...changes })

describe('entering', () => {
  it('takes who said ready in the epoch, and nobody else', () => {
    expect(next(five, [ready(6)])).toEqual([1, 2, 3, 4, 5, 6])
    for (const changes of [
      { readyEpoch: EPOCH - 1 },
      { readyEpoch: null },
      { paused: true },
      { exiting: true },
      { jail: { reason: 'unavailable' as const, releasesAtMs: 0 } },
      { tombstoned: true },
      { stake: 9n },
    ])
      expect(next(five, [ready(6, changes)])).toEqual([1, 2, 3, 4, 5])
  })

  it('takes one however large, then no more than a tenth of the power', () => {
    expect(next(five, [ready(6, { stake: 900n }), ready(7)])).toEqual([1, 2, 3, 4, 5, 6])
    const small = range(6, 12).map((n) => ready(n, { stake: 20n }))
    expect(next(five, small, { maxValidators: 100 })).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('prefers the larger stake, then the lower address', () => {
    expect(next(five, [ready(6), ready(7, { stake: 101n })])).toEqual([1, 2, 3, 4, 5, 7])
    expect(next(five, [ready(7), ready(6)])).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('into a full set needs more stake than the smallest member, who makes room', () => {
    const members = [...five.slice(1), validator(1, { stake: 50n })]
    expect(next(members, [ready(6)], { maxValidators: 5 })).toEqual([2, 3, 4, 5, 6])
    expect(next(members, [ready(6, { stake: 50n })], { maxValidators: 5 })).toEqual([1, 2, 3, 4, 5])
  })

  it('never makes a set larger than its limit, even when leavers queue', () => {
    const members = range(1, 5).map((n) => validator(n, { paused: true }))
    expect(next(members, [ready(6)], { maxValidators: 5, leavingPower: 0 })).toEqual([2, 3, 4, 5, 6])
  })
})

describe('several of one entity', () => {
  const wide = { maxValidators: 100, enteringPower: 1_000_000 }
  const funded = (n: number, funder: number, stake = 40n) => ready(n, { funder: at(funder), stake })

  it('enter one an epoch, after all others, while they would hold more than a tenth', () => {
    const same = [funded(6, 90), funded(7, 90, 41n)]
    const others = [ready(8, { stake: 20n }), ready(9, { stake: 20n })]
    expect(next(five, [...same, ...others], wide)).toEqual([1, 2, 3, 4, 5, 7, 8, 9])
    const narrow = { maxValidators: 100, enteringPower: 80_000 }
    expect(next(five, [...same, ...others], narrow)).toEqual([1, 2, 3, 4, 5, 8, 9])
    expect(next([...five, same[1]!], [same[0]!], wide)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('enter as others do where they stay below', () => {
    const same = [funded(6, 90, 20n), funded(7, 90, 20n)]
    expect(next(five, same, wide)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('are counted with the validator that funded them, and with those whom they fund', () => {
    expect(next(five, [funded(6, 1, 20n), funded(7, 1, 20n)], wide)).toEqual([1, 2, 3, 4, 5, 6])
    expect(next(five, [funded(6, 90, 30n), funded(7, 6, 30n)], wide)).toEqual([1, 2, 3, 4, 5, 6])
    expect(next(five, [funded(6, 90, 30n), funded(7, 91, 30n)], wide)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('are not one for having had their first money from the faucet or in the genesis', () => {
    expect(next(five, [ready(6), ready(7), ready(8)], wide)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('hold nobody up who is alone, however large', () => {
    expect(next(five, [funded(6, 90, 900n), ready(7, { stake: 20n })])).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('leaving', () => {
  it('lets go at most a third of the power, the smallest first', () => {
    const members = range(1, 6).map((n) => validator(n, { exiting: n <= 4, stake: n === 1 ? 101n : 100n }))
    expect(next(members)).toEqual([1, 4, 5, 6])
  })

  it('lets one go however large', () => {
    const members = [validator(1, { stake: 900n, paused: true }), validator(2), validator(3)]
    expect(next(members)).toEqual([2, 3])
  })

  it('keeps all where nobody would be left', () => {
    expect(next([validator(1, { exiting: true })])).toEqual([1])
    expect(next([validator(1, { exiting: true })], [ready(2)])).toEqual([2])
  })
})

describe('churn', () => {
  it('is within its limits for any set and candidates', () => {
    const some = fc.record({
      stake: fc.bigInt({ min: 5n, max: 500n }),
      paused: fc.boolean(),
      exiting: fc.boolean(),
      readyEpoch: fc.constantFrom(null, EPOCH - 1, EPOCH),
    })
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1, maxLength: 10 }),
        fc.array(some, { maxLength: 10 }),
        (inside, outside) => {
          const members = inside.map((changes, n) => validator(n, changes))
          const others = outside.map((changes, n) => validator(100 + n, changes))
          const after = new Set(next(members, others).map(at))
          const left = members.filter(({ address }) => !after.has(address))
          const entered = others.filter(({ address }) => after.has(address))
          const powerOf = (group: readonly Candidate[]) => group.reduce((sum, { stake }) => sum + stake, 0n)
          const total = powerOf(members)
          expect(after.size >= 1 && after.size <= PARAMETERS.maxValidators).toBe(true)
          expect(left.length <= 1 || powerOf(left) * 3n <= total).toBe(true)
          expect(entered.length <= 1 || powerOf(entered) * 10n <= total).toBe(true)
          for (const each of entered)
            expect(isEligible(each, PARAMETERS) && each.readyEpoch === EPOCH).toBe(true)
        },
      ),
    )
  })
})
