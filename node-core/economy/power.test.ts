import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cappedPowers, proposerWeight } from './power.ts'

const CAP = { powerCap: 200_000, powerCapFromValidators: 8 }

describe('capped powers', () => {
  it.each([
    { title: 'few members are not capped', stakes: [100n, 1n, 1n], powers: [100n, 1n, 1n] },
    { title: 'equal members are not capped', stakes: Array(8).fill(5n), powers: Array(8).fill(5n) },
    {
      title: 'one giant is cut to a fifth of the total after the cut',
      stakes: [1_000n, 10n, 10n, 10n, 10n, 10n, 10n, 20n],
      powers: [20n, 10n, 10n, 10n, 10n, 10n, 10n, 20n],
    },
    {
      title: 'several giants are cut alike',
      stakes: [10n, 900n, 10n, 800n, 10n, 10n, 10n, 10n],
      powers: [10n, 20n, 10n, 20n, 10n, 10n, 10n, 10n],
    },
  ])('$title', ({ stakes, powers }) => {
    expect(cappedPowers(stakes, CAP)).toEqual(powers)
  })

  it('nobody has more than the cap, nobody gains, order is kept', () => {
    const stake = fc.bigInt({ min: 1_000n, max: 10n ** 12n })
    fc.assert(
      fc.property(fc.array(stake, { minLength: 8, maxLength: 40 }), (stakes) => {
        const powers = cappedPowers(stakes, CAP)
        const total = powers.reduce((sum, power) => sum + power, 0n)
        for (const [i, power] of powers.entries()) {
          expect(power * 5n <= total).toBe(true)
          expect(power > 0n && power <= stakes[i]!).toBe(true)
          for (const [j, other] of powers.entries())
            if (stakes[i]! < stakes[j]!) expect(power <= other).toBe(true)
        }
      }),
    )
  })
})

describe('proposer weight', () => {
  it.each([
    ['round-robin', 1n],
    ['stake-weighted', 5_000n],
    ['reputation-based', 900_000n],
    ['hybrid', 4_500_000_000n],
  ] as const)('%s', (proposerSelection, weight) => {
    expect(proposerWeight({ power: 5_000n, performance: 900_000 }, { proposerSelection })).toBe(weight)
  })

  it.each(['round-robin', 'stake-weighted', 'reputation-based', 'hybrid'] as const)(
    '%s is at least 1',
    (proposerSelection) => {
      expect(proposerWeight({ power: 0n, performance: 0 }, { proposerSelection })).toBe(1n)
    },
  )
})
