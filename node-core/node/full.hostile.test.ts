/** What the node keeps, filled to its limit: it holds, says so with a code, and stays quick. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { decidedBlocks, transactions } from '../protocol/arbitraries.ts'
import { transactionId } from '../protocol/hash.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import { markVerified, type VerifiedTransaction } from '../protocol/transaction.ts'
import { INDEXED_BLOCKS, POOL_BYTES, POOL_PER_SENDER, POOL_TRANSACTIONS } from './constants.ts'
import { HistoryIndex } from './history-index.ts'
import { TransactionPool } from './transaction-pool.ts'

const REFUSED = 5_000

const [template] = fc.sample(transactions, { numRuns: 1, seed: 4 })

interface Terms {
  readonly sender: number
  readonly nonce: number
  readonly tip: bigint
  readonly bytes?: number
}

let made = 0
/** How often the pool has asked for a tip. */
let looks = 0
function transaction({ sender, nonce, tip, bytes = 100 }: Terms): VerifiedTransaction {
  const id = `0x${(++made).toString(16).padStart(64, '0')}` as Hash
  const address = `0x${sender.toString(16).padStart(40, '0')}` as Address
  const value = {
    ...template!,
    sender: address,
    nonce,
    maxFeePerGas: 1_000n,
    get maxPriorityFeePerGas() {
      looks++
      return tip
    },
    validUntilHeight: 100,
  }
  return markVerified(id, value, new Uint8Array(bytes))
}

const emptyPool = () =>
  new TransactionPool({
    nextNonce: () => 0,
    check: () => null,
    baseFeePerGas: 100n,
    senderGas: 15_000_000,
    gasOf: () => 21_000,
  })

describe('the pool', () => {
  it('takes so many of one sender, and says how many', () => {
    const pool = emptyPool()
    for (let nonce = 0; nonce < POOL_PER_SENDER; nonce++)
      expect(pool.add(transaction({ sender: 1, nonce, tip: 1n }), 0)).toMatchObject({ ok: true })
    expect(pool.add(transaction({ sender: 1, nonce: POOL_PER_SENDER, tip: 9n }), 0)).toMatchObject({
      ok: false,
      code: 'nonce-too-high',
      data: { limit: String(POOL_PER_SENDER) },
    })
    expect(pool.count).toBe(POOL_PER_SENDER)
  })

  it('takes so many of all, lets in who pays more in the place of who pays least, and refuses others without looking at all of them again', () => {
    const pool = emptyPool()
    for (let sender = 0; sender < POOL_TRANSACTIONS; sender++)
      pool.add(transaction({ sender, nonce: 0, tip: BigInt(2 + (sender % 7)) }), 0)
    expect(pool.count).toBe(POOL_TRANSACTIONS)
    looks = 0
    for (let i = 0; i < REFUSED; i++)
      expect(pool.add(transaction({ sender: POOL_TRANSACTIONS + i, nonce: 0, tip: 1n }), 0)).toMatchObject({
        ok: false,
        code: 'pool-full',
      })
    // Once at every sender, to find the cheapest; a look at all of them for each refusal would take a minute.
    expect(looks).toBeLessThanOrEqual(2 * POOL_TRANSACTIONS + 2 * REFUSED)
    expect(pool.add(transaction({ sender: POOL_TRANSACTIONS + 1, nonce: 0, tip: 50n }), 0)).toMatchObject({
      ok: true,
    })
    expect(pool.count).toBe(POOL_TRANSACTIONS)
    const tips = [...pool.entries()].map((entry) => entry.verified.transaction.maxPriorityFeePerGas)
    expect(tips).toContain(50n)
    expect(tips.filter((tip) => tip === 2n).length).toBe(Math.ceil(POOL_TRANSACTIONS / 7) - 1)
  })

  it('holds so many bytes', () => {
    const pool = emptyPool()
    const bytes = 64 * 1024
    for (let sender = 0; sender < 2 * (POOL_BYTES / bytes); sender++)
      pool.add(transaction({ sender, nonce: 0, tip: 1n, bytes }), 0)
    expect(pool.bytes).toBeLessThanOrEqual(POOL_BYTES)
    expect(pool.count).toBe(POOL_BYTES / bytes)
  })
})

describe('the index of transactions', () => {
  const [decided] = fc.sample(decidedBlocks, { numRuns: 1, seed: 9 })
  const blockOf = (height: number, first: number, count: number) => ({
    block: {
      header: { ...decided!.block.header, height },
      body: {
        ...decided!.block.body,
        transactions: Array.from({ length: count }, (_, i) => ({ ...template!, nonce: first + i })),
      },
    },
    certificate: decided!.certificate,
    receipts: [],
    observation: { decisionMs: null, ownCommit: null, signedPower: 1 },
  })

  it('forgets the oldest block beyond its number of blocks', () => {
    const index = new HistoryIndex(new MemoryDisk().open())
    for (let height = 1; height <= INDEXED_BLOCKS + 1; height++) index.add(height, blockOf(height, height, 1))
    expect(index.find(transactionId({ ...template!, nonce: 1 }))).toBeUndefined()
    expect(index.find(transactionId({ ...template!, nonce: 2 }))).toEqual({ height: 2, index: 0 })
  })

  it('and beyond its number of transactions, but never the newest', () => {
    const index = new HistoryIndex(new MemoryDisk().open(), 25)
    for (let height = 1; height <= 3; height++) index.add(height, blockOf(height, height * 10, 10))
    expect(index.find(transactionId({ ...template!, nonce: 10 }))).toBeUndefined()
    expect(index.find(transactionId({ ...template!, nonce: 20 }))).toEqual({ height: 2, index: 0 })
    index.add(4, blockOf(4, 1_000, 40))
    expect(index.find(transactionId({ ...template!, nonce: 30 }))).toBeUndefined()
    expect(index.find(transactionId({ ...template!, nonce: 1_039 }))).toEqual({ height: 4, index: 39 })
  })
})
