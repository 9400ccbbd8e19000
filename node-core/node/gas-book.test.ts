import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decidedBlocks, transactions } from '../protocol/arbitraries.ts'
import type { Address } from '../protocol/ids.ts'
import type { Payload } from '../protocol/transaction.ts'
import { REPORTED_BLOCKS } from './constants.ts'
import { GasBook } from './gas-book.ts'

const [template] = fc.sample(transactions, { numRuns: 1, seed: 4 })
const [decided] = fc.sample(decidedBlocks, { numRuns: 1, seed: 9 })
const SAVED = 15_000

const address = (number: number) => `0x${number.toString(16).padStart(40, '0')}` as Address
const transfer: Payload = { type: 'transfer', to: address(9), amount: 1n }
const claim: Payload = { type: 'stake.claimRewards', validator: address(9) }
const drip: Payload = { type: 'faucet.drip' }
const GAS: Readonly<Record<string, number>> = {
  transfer: 21_000,
  'stake.claimRewards': 60_000,
  'faucet.drip': 21_000,
}

/** Each pays 100 a gas. */
function block(height: number, content: readonly (readonly [number, Payload, string?])[]) {
  return {
    block: {
      header: { ...decided!.block.header, height },
      body: {
        ...decided!.block.body,
        transactions: content.map(([sender, payload], nonce) => ({
          ...template!,
          sender: address(sender),
          payload,
          nonce,
        })),
      },
    },
    receipts: content.map(([, { type }, code = 'ok']) => ({
      code,
      data: {},
      gasUsed: GAS[type]!,
      feePaid: BigInt(GAS[type]!) * 100n,
    })),
  }
}

const bookOf = (...blocks: ReturnType<typeof block>[]) => {
  const book = new GasBook({ batchSavingGas: SAVED })
  for (const each of blocks) book.add(each)
  return book
}

describe('the gas report', () => {
  it('sums gas, fees and failures by operation, most gas first', () => {
    const book = bookOf(
      block(1, [
        [1, transfer],
        [2, claim, 'nothing-to-claim'],
      ]),
      block(2, [
        [1, transfer],
        [2, claim],
      ]),
    )
    expect(book.report(REPORTED_BLOCKS)).toMatchObject({
      fromHeight: 1,
      toHeight: 2,
      operations: [
        { type: 'stake.claimRewards', count: 2, failed: 1, gas: 120_000, fees: 12_000_000n },
        { type: 'transfer', count: 2, failed: 0, gas: 42_000, fees: 4_200_000n },
      ],
    })
    expect(book.report(1)).toMatchObject({
      fromHeight: 2,
      toHeight: 2,
      operations: [{ count: 1 }, { count: 1 }],
    })
  })

  it('tells what batches would have saved: of one sender in one block, but for what no batch takes', () => {
    const book = bookOf(
      block(1, [
        [1, transfer],
        [2, transfer],
        [1, claim],
        [1, transfer],
        [3, transfer],
        [3, drip],
        [3, transfer],
      ]),
      block(2, [[2, transfer]]),
    )
    expect(book.report(REPORTED_BLOCKS)?.batching).toEqual({
      transactions: 3,
      gasSaved: 2 * SAVED,
      feesSaved: 2n * BigInt(SAVED) * 100n,
    })
  })

  it('is of so many blocks at most, and of blocks that follow each other', () => {
    const blocks = Array.from({ length: REPORTED_BLOCKS + 5 }, (_, i) => block(i + 1, [[1, transfer]]))
    const book = bookOf(...blocks)
    expect(book.report(REPORTED_BLOCKS)).toMatchObject({
      fromHeight: 6,
      operations: [{ count: REPORTED_BLOCKS }],
    })
    book.add(block(5_000, []))
    expect(book.report(REPORTED_BLOCKS)).toMatchObject({ fromHeight: 5_000, operations: [] })
  })

  it('has nothing to say before the first block', () => {
    expect(bookOf().report(REPORTED_BLOCKS)).toBeNull()
  })
})
