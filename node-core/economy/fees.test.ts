import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Payload } from '../protocol/transaction.ts'
import { effectiveTip, feeShares } from './fees.ts'
import { gasOf } from './gas.ts'

const GAS = {
  transferGas: 21_000,
  stakeOperationGas: 60_000,
  consensusOperationGas: 80_000,
  contractOperationGas: 31_500,
  contractByteGas: 24,
  batchSavingGas: 10_000,
}
const transfer = { type: 'transfer', to: `0x${'00'.repeat(20)}`, amount: 1n } as Payload & {
  type: 'transfer'
}

describe('gas', () => {
  it.each<[string, Payload, number]>([
    ['transfer', transfer, 21_000],
    ['drip', { type: 'faucet.drip' }, 21_000],
    ['validator operation', { type: 'validator.ready' }, 60_000],
    ['batch of one', { type: 'batch', payloads: [transfer] }, 21_000],
    ['batch of three', { type: 'batch', payloads: [transfer, { type: 'validator.exit' }, transfer] }, 82_000],
  ])('of a %s', (_title, payload, gas) => {
    expect(gasOf(payload, GAS)).toBe(gas)
  })
})

describe('fees', () => {
  it.each([
    { max: 150n, priority: 20n, base: 100n, tip: 20n },
    { max: 110n, priority: 20n, base: 100n, tip: 10n },
    { max: 100n, priority: 20n, base: 100n, tip: 0n },
    { max: 90n, priority: 20n, base: 100n, tip: -10n },
  ])('tip of an offer of $max at a base fee of $base', ({ max, priority, base, tip }) => {
    expect(effectiveTip({ maxFeePerGas: max, maxPriorityFeePerGas: priority }, base)).toBe(tip)
  })

  it('gives half of the base fee to the fire, half to the pool, the tip to the proposer', () => {
    const offer = { maxFeePerGas: 2_000n, maxPriorityFeePerGas: 5n }
    expect(feeShares(offer, 21_000, { baseFeePerGas: 1_001n, burnedFee: 500_000 })).toEqual({
      paid: 21_126_000n,
      burned: 10_510_500n,
      rewardPool: 10_510_500n,
      tip: 105_000n,
    })
  })

  it('loses nothing in rounding', () => {
    const fee = fc.bigInt({ min: 0n, max: 10n ** 6n })
    fc.assert(
      fc.property(
        fee,
        fee,
        fee,
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.nat(100_000_000),
        (base, room, tip, burnedFee, gas) => {
          const offer = { maxFeePerGas: base + room, maxPriorityFeePerGas: tip }
          const shares = feeShares(offer, gas, { baseFeePerGas: base, burnedFee })
          expect(shares.burned + shares.rewardPool + shares.tip).toBe(shares.paid)
          expect(shares.paid <= BigInt(gas) * offer.maxFeePerGas).toBe(true)
        },
      ),
    )
  })
})
