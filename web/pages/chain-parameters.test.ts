import { expect, test } from 'vitest'
import { readParameters } from './chain-parameters.ts'

test('amounts become integers, and what is missing or odd is null', () => {
  const read = readParameters({
    minimumSelfStake: '1000000000000',
    faucetDrip: '0',
    blockTimeMs: 1_000,
    unbondingMs: 'soon',
  })
  expect(read.minimumSelfStake).toBe(1_000_000_000_000n)
  expect(read.faucetDrip).toBe(0n)
  expect(read.blockTimeMs).toBe(1_000)
  expect(read.unbondingMs).toBeNull()
  expect(readParameters({}).maximumCommission).toBe(1_000_000)
})
