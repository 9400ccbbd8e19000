import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StakePool } from '../state/records.ts'
import {
  canDeposit,
  deposit,
  EMPTY_POOL,
  shareOf,
  sharesFor,
  sharesWorth,
  withdraw,
  worthOf,
} from './stake-pool.ts'

/** Of one delegation after the other: 10 and 30, then rewards of 20 and a slash of half. */
const POOL: StakePool = { stake: 30n, shares: 40n }

describe('a pool', () => {
  it('gives the first one share a base unit, later ones by what shares are worth then', () => {
    expect(deposit(EMPTY_POOL, 10n)).toEqual({ pool: { stake: 10n, shares: 10n }, shares: 10n })
    expect(deposit(POOL, 30n)).toEqual({ pool: { stake: 60n, shares: 80n }, shares: 40n })
    expect(worthOf(POOL, 10n)).toBe(7n)
  })

  it('shares a slash and a reward by shares alone', () => {
    const slashed = { ...POOL, stake: POOL.stake - shareOf(POOL.stake, 500_000) }
    expect([10n, 30n].map((shares) => worthOf(slashed, shares))).toEqual([3n, 11n])
  })

  it('ends a delegation with all its shares, and empty with the last one', () => {
    expect(sharesWorth(POOL, 7n, 10n)).toBe(10n)
    const rest = withdraw(POOL, 10n, 7n)
    expect(withdraw(rest, 30n, worthOf(rest, 30n))).toEqual(EMPTY_POOL)
  })

  it('that was slashed to next to nothing takes no more', () => {
    expect(canDeposit({ stake: 0n, shares: 10n })).toBe(false)
    expect(canDeposit({ stake: 1n, shares: 10n ** 15n })).toBe(false)
    expect(canDeposit({ stake: 1n, shares: 1_000n })).toBe(true)
    expect(canDeposit(EMPTY_POOL)).toBe(true)
  })
})

type Step =
  | { readonly kind: 'put' | 'take'; readonly who: number; readonly part: number }
  | { readonly kind: 'reward' | 'slash'; readonly part: number }

const part = fc.integer({ min: 1, max: 1_000_000 })
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('put' as const, 'take' as const), who: fc.nat(3), part }),
    fc.record({ kind: fc.constantFrom('reward' as const, 'slash' as const), part }),
  ),
  { maxLength: 40 },
)

it('nobody gets a base unit too much by rounding, whatever others do', () => {
  fc.assert(
    fc.property(steps, (run) => {
      let pool: StakePool = EMPTY_POOL
      const owned = [0n, 0n, 0n, 0n]
      const worths = () => owned.map((shares) => worthOf(pool, shares))
      for (const step of run as Step[]) {
        const amount = shareOf(pool.stake, step.part)
        if (step.kind === 'reward' && pool.stake > 0n) pool = { ...pool, stake: pool.stake + amount }
        if (step.kind === 'slash') pool = { ...pool, stake: pool.stake - amount }
        if (step.kind !== 'put' && step.kind !== 'take') continue
        const before = worths()
        const change = step.kind === 'put' ? BigInt(step.part) : -shareOf(before[step.who]!, step.part)
        if (step.kind === 'put') {
          if (!canDeposit(pool) || sharesFor(pool, change) === 0n) continue
          const put = deposit(pool, change)
          pool = put.pool
          owned[step.who] = owned[step.who]! + put.shares
        } else {
          const given = sharesWorth(pool, -change, owned[step.who]!)
          if (given === pool.shares && -change < pool.stake) continue
          pool = withdraw(pool, given, -change)
          owned[step.who] = owned[step.who]! - given
        }
        const after = worths()
        expect(after[step.who]! <= before[step.who]! + change).toBe(true)
        for (const who of [0, 1, 2, 3]) if (who !== step.who) expect(after[who]! >= before[who]!).toBe(true)
        expect(after.reduce((sum, worth) => sum + worth, 0n) <= pool.stake).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
