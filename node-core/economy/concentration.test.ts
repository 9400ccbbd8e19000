import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../protocol/ids.ts'
import { entitiesOf, giniOf, type Holder, largestOf, nakamotoOf } from './concentration.ts'

const DAY = 1_000
const address = (number: number) => `0x${number.toString(16).padStart(40, '0')}` as Address

function holder(number: number, over: Partial<Holder> = {}): Holder {
  return { address: address(number), power: 10n, funder: null, registeredAtHeight: 0, host: null, ...over }
}

const groups = (holders: readonly Holder[]) =>
  entitiesOf(holders, DAY).map(({ validators, because }) => [because, ...validators.map(Number)])

describe('how few could stop the chain', () => {
  it.each([
    [[10n, 10n, 10n, 10n], 2],
    [[10n, 10n, 10n], 2],
    [[34n, 33n, 33n], 1],
    [[], 0],
  ])('%s: %i', (powers, few) => expect(nakamotoOf(powers)).toBe(few))
})

describe('the Gini coefficient', () => {
  it('is 0 among equals and nearly one whole where one has all', () => {
    expect(giniOf([7n, 7n, 7n])).toBe(0)
    expect(giniOf([0n, 0n, 0n, 100n])).toBe(750_000)
    expect(giniOf([1n, 2n, 3n, 4n])).toBe(250_000)
    expect(giniOf([])).toBe(0)
  })

  it('is a share of one whole, whatever the order, and grows when the rich get richer', () => {
    const powers = fc.array(fc.bigInt({ min: 1n, max: 10n ** 18n }), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(powers, (all) => {
        const gini = giniOf(all)
        expect(gini).toBeGreaterThanOrEqual(0)
        expect(gini).toBeLessThan(1_000_000)
        expect(giniOf(all.toReversed())).toBe(gini)
        const most = largestOf(all)
        const richer = all.with(all.indexOf(most), 2n * most)
        expect(giniOf(richer)).toBeGreaterThanOrEqual(gini)
      }),
    )
  })
})

describe('one party', () => {
  it('is whom one account funded within a day, and not later', () => {
    const funder = address(99)
    const all = [0, 600, 1_500, 4_000].map((registeredAtHeight, i) =>
      holder(i + 1, { funder, registeredAtHeight }),
    )
    expect(groups(all)).toEqual([
      ['funder', 1, 2, 3],
      ['alone', 4],
    ])
  })

  it('is a validator and whom it funded, at any time', () => {
    const all = [holder(1), holder(2, { funder: address(1), registeredAtHeight: 9_000 }), holder(3)]
    expect(groups(all)).toEqual([
      ['funder', 1, 2],
      ['alone', 3],
    ])
  })

  it('is who is reached at one host; those without one and those of the genesis stand alone', () => {
    const all = [holder(1, { host: 'a' }), holder(2, { host: 'b' }), holder(3, { host: 'a' }), holder(4)]
    expect(groups(all)).toEqual([
      ['network-address', 1, 3],
      ['alone', 2],
      ['alone', 4],
    ])
  })

  it('goes over several links, with most power first, and loses no power', () => {
    const all = [
      holder(1, { host: 'a' }),
      holder(2, { host: 'a', funder: address(99), registeredAtHeight: 5 }),
      holder(3, { funder: address(99), registeredAtHeight: 6, power: 20n }),
      holder(4, { power: 15n }),
    ]
    const entities = entitiesOf(all, DAY)
    expect(entities).toEqual([
      { validators: [address(3), address(1), address(2)], power: 40n, because: 'funder' },
      { validators: [address(4)], power: 15n, because: 'alone' },
    ])
  })
})
