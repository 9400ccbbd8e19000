import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextBaseFee } from './base-fee.ts'
import {
  expectedWaits,
  FORECAST_BLOCKS,
  foretellBaseFees,
  LONGEST_WAIT_BLOCKS,
  tipsOf,
} from './fee-forecast.ts'

const GENESIS_FEE = 100n
const LIMIT = 30_000_000
const block = (baseFeePerGas: bigint, gasUsed: number) => ({ baseFeePerGas, gasUsed, gasLimit: LIMIT })

describe('tips', () => {
  it('are the 10th, 50th and 90th percentile of what was paid', () => {
    const paid = Array.from({ length: 100 }, (_, i) => BigInt(100 - i))
    expect(tipsOf(paid)).toEqual({ slow: 11n, standard: 51n, fast: 91n })
  })

  it('are the least where nobody paid any', () => {
    expect(tipsOf([])).toEqual({ slow: 1n, standard: 1n, fast: 1n })
  })
})

describe('the forecast', () => {
  it('is certain of the next block and leaves room behind it', () => {
    const conditions = { parent: block(100n, LIMIT), recentGas: [0, LIMIT / 2, LIMIT], waitingGas: 0 }
    const [next, second] = foretellBaseFees(conditions, GENESIS_FEE)
    expect(next).toEqual({ low: 112n, expected: 112n, high: 112n })
    expect(second).toEqual({ low: 98n, expected: 112n, high: 126n })
  })

  it('rises as long as what waits fills blocks, and falls again', () => {
    const conditions = { parent: block(800n, LIMIT / 2), recentGas: [0], waitingGas: 2 * LIMIT }
    const expected = foretellBaseFees(conditions, GENESIS_FEE).map((range) => range.expected)
    expect(expected).toEqual([800n, 900n, 1_012n, 886n, 776n])
  })

  it('has its low, expected and high in order, and meets what comes if that is like what was', () => {
    const gas = fc.integer({ min: 0, max: LIMIT })
    const chains = fc.record({
      fee: fc.bigInt({ min: 10n, max: 10_000n }),
      last: gas,
      each: gas,
      waitingGas: fc.integer({ min: 0, max: 10 * LIMIT }),
    })
    fc.assert(
      fc.property(chains, ({ fee, last, each, waitingGas }) => {
        const parent = block(fee, last)
        const ranges = foretellBaseFees({ parent, recentGas: Array(20).fill(each), waitingGas }, GENESIS_FEE)
        expect(ranges).toHaveLength(FORECAST_BLOCKS)
        for (const { low, expected, high } of ranges) expect(low <= expected && expected <= high).toBe(true)
        let at = parent
        for (const { low, high } of ranges) {
          const baseFeePerGas = nextBaseFee(at, GENESIS_FEE)
          expect(low <= baseFeePerGas && baseFeePerGas <= high).toBe(true)
          at = block(baseFeePerGas, each)
        }
      }),
    )
  })
})

describe('a wait', () => {
  const tips = { slow: 1n, standard: 10n, fast: 40n }

  it('is the next block where nothing is in the way', () => {
    expect(expectedWaits(tips, [], { recentGas: [21_000], gasLimit: LIMIT })).toEqual({
      slow: 1,
      standard: 1,
      fast: 1,
    })
  })

  it('counts what waits with the same tip or more, and what comes with more', () => {
    const waiting = [
      { tip: 40n, gas: LIMIT / 2 },
      { tip: 10n, gas: LIMIT },
      { tip: 1n, gas: LIMIT },
    ]
    // Half of each block comes anew: of it 9 tenths, a half and a tenth go ahead of the three.
    const waits = expectedWaits(tips, waiting, { recentGas: Array(20).fill(LIMIT / 2), gasLimit: LIMIT })
    expect(waits).toEqual({ slow: 5, standard: 3, fast: 1 })
  })

  it('ends at the longest that is told', () => {
    const waiting = [{ tip: 1n, gas: 1_000 * LIMIT }]
    const waits = expectedWaits(tips, waiting, { recentGas: [LIMIT], gasLimit: LIMIT })
    expect(waits).toEqual({ slow: LONGEST_WAIT_BLOCKS, standard: 1, fast: 1 })
  })
})
