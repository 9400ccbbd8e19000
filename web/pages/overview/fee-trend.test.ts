import { expect, it } from 'vitest'
import { feeTrend } from './fee-trend.ts'

/** Base fees from the newest block backwards. */
function fees(...newestFirst: readonly number[]) {
  const recent = newestFirst.map((fee, index) => ({
    height: 100 - index,
    baseFeePerGas: String(fee),
    gasUsed: 0,
    gasLimit: 1,
  }))
  return { baseFeePerGas: String(newestFirst[0] ?? 100), recent }
}

it('says for how many blocks the fee has stood, whatever the order of the blocks', () => {
  const steady = fees(108, 108, 108, 108, 90)
  expect(feeTrend(steady)).toBe('steady for 4 blocks')
  expect(feeTrend({ ...steady, recent: steady.recent.toReversed() })).toBe('steady for 4 blocks')
})

it('says whether it rises or falls', () => {
  expect(feeTrend(fees(110, 109, 108))).toBe('rising')
  expect(feeTrend(fees(90, 95, 99))).toBe('falling')
  expect(feeTrend(fees())).toBe('first block')
})
