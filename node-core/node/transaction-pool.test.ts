import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { transactions } from '../protocol/arbitraries.ts'
import type { Address, Hash } from '../protocol/ids.ts'
import { markVerified, type VerifiedTransaction } from '../protocol/transaction.ts'
import { POOL_BYTES, POOL_PER_SENDER, POOL_SENDER_BYTES, POOL_TRANSACTIONS } from './constants.ts'
import { type PoolChain, TransactionPool } from './transaction-pool.ts'

const [template] = fc.sample(transactions, { numRuns: 1, seed: 4 })
const BASE_FEE = 100n

interface Terms {
  readonly sender: number
  readonly nonce?: number
  readonly tip?: bigint
  readonly most?: bigint
  readonly until?: number
  readonly bytes?: number
}

let made = 0
const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`
const address = (sender: number) => hex(sender, 40) as Address

function transaction(terms: Terms): VerifiedTransaction {
  const { sender, nonce = 0, tip = 1n, most = 1_000n, until = 100, bytes = 100 } = terms
  return markVerified(
    hex(++made, 64) as Hash,
    {
      ...template!,
      sender: address(sender),
      nonce,
      maxFeePerGas: most,
      maxPriorityFeePerGas: tip,
      validUntilHeight: until,
    },
    new Uint8Array(bytes),
  )
}

const nonces = new Map<Address, number>()
const chain = {
  nextNonce: (sender: Address) => nonces.get(sender) ?? 0,
  check: () => null,
  baseFeePerGas: BASE_FEE,
  senderGas: 100_000,
  gasOf: () => 21_000,
} satisfies PoolChain
let pool: TransactionPool

beforeEach(() => {
  nonces.clear()
  pool = new TransactionPool(chain)
})

function fill(tip: (sender: number) => bigint = () => 5n): void {
  for (let sender = 1; sender <= POOL_TRANSACTIONS; sender++)
    pool.add(transaction({ sender, tip: tip(sender) }), 0)
}

describe('a replacement', () => {
  it('pays a tenth more of both fees, and says what it took the place of', () => {
    const first = transaction({ sender: 1, tip: 10n, most: 1_000n })
    pool.add(first, 0)
    for (const low of [
      { tip: 10n, most: 2_000n },
      { tip: 20n, most: 1_099n },
    ])
      expect(pool.add(transaction({ sender: 1, ...low }), 0)).toMatchObject({
        code: 'replacement-underpriced',
        data: { percent: '10', replaces: first.id },
      })
    const second = transaction({ sender: 1, tip: 11n, most: 1_100n })
    expect(pool.add(second, 0)).toEqual({
      ok: true,
      isNew: true,
      gaveWay: [{ transaction: first.transaction, reason: { code: 'replaced', data: { by: second.id } } }],
    })
    expect(pool.candidates()).toEqual([second])
  })
})

describe('a full pool', () => {
  it('lets in who tips more at the next base fee, and tells of who gave way', () => {
    fill((sender) => (sender === 7 ? 2n : 5n))
    const result = pool.add(transaction({ sender: 0, tip: 3n }), 0)
    expect(result).toMatchObject({
      ok: true,
      gaveWay: [{ transaction: { sender: address(7) }, reason: { code: 'pool-full' } }],
    })
    expect(pool.count).toBe(POOL_TRANSACTIONS)
  })

  it('goes by what is paid and not by what is promised', () => {
    fill()
    // It offers a tip of 50, and has room for 4 above the base fee.
    expect(pool.add(transaction({ sender: 0, tip: 50n, most: BASE_FEE + 4n }), 0)).toMatchObject({
      ok: false,
      code: 'pool-full',
    })
    expect(pool.add(transaction({ sender: 0, tip: 50n, most: BASE_FEE + 6n }), 0)).toMatchObject({ ok: true })
  })

  it('drops nobody for one that still does not fit', () => {
    const bytes = 64 * 1024
    for (let sender = 1; sender <= POOL_BYTES / bytes; sender++)
      pool.add(transaction({ sender, tip: 1n, bytes: bytes - 1 }), 0)
    const before = pool.count
    expect(pool.add(transaction({ sender: 0, tip: 9n, bytes: 2 * bytes }), 0)).toMatchObject({
      code: 'pool-full',
    })
    expect(pool.count).toBe(before)
  })

  it('drops no transaction for a later one of its own sender', () => {
    fill((sender) => (sender === 7 ? 1n : 5n))
    expect(pool.add(transaction({ sender: 7, nonce: 1, tip: 9n }), 0)).toMatchObject({ code: 'pool-full' })
  })
})

describe('one sender', () => {
  it('has so many transactions waiting', () => {
    for (let nonce = 0; nonce < POOL_PER_SENDER; nonce++) pool.add(transaction({ sender: 1, nonce }), 0)
    expect(pool.add(transaction({ sender: 1, nonce: POOL_PER_SENDER }), 0)).toMatchObject({
      code: 'nonce-too-high',
      data: { limit: String(POOL_PER_SENDER) },
    })
  })

  it('has so many bytes waiting, and others theirs', () => {
    const bytes = POOL_SENDER_BYTES / 8
    for (let nonce = 0; nonce < 8; nonce++)
      expect(pool.add(transaction({ sender: 1, nonce, bytes }), 0)).toMatchObject({ ok: true })
    expect(pool.add(transaction({ sender: 1, nonce: 8, bytes: 100 }), 0)).toMatchObject({
      code: 'sender-pool-share',
      data: { bytes: String(POOL_SENDER_BYTES), limit: String(POOL_SENDER_BYTES) },
    })
    // In the place of one of its own there is room for as much.
    expect(pool.add(transaction({ sender: 1, nonce: 3, tip: 2n, most: 2_000n, bytes }), 0)).toMatchObject({
      ok: true,
    })
    expect(pool.add(transaction({ sender: 2, bytes }), 0)).toMatchObject({ ok: true })
  })

  it('puts no more into a block than its share of the gas', () => {
    for (let nonce = 0; nonce < 8; nonce++) pool.add(transaction({ sender: 1, nonce }), 0)
    pool.add(transaction({ sender: 2 }), 0)
    const taken = pool.candidates().map(({ transaction: { sender, nonce } }) => [sender, nonce])
    expect(taken).toEqual([...[0, 1, 2, 3].map((nonce) => [address(1), nonce]), [address(2), 0]])
  })

  it('gets the nonce behind what waits', () => {
    nonces.set(address(1), 4)
    for (const nonce of [4, 5, 7]) pool.add(transaction({ sender: 1, nonce }), 0)
    expect(pool.nextNonce(address(1))).toBe(6)
    expect(pool.candidates().map(({ transaction: { nonce } }) => nonce)).toEqual([4, 5])
  })
})

describe('a decided block', () => {
  it('takes out what it holds, and says of the rest why it leaves', () => {
    const [held, late, spent, stays] = [
      transaction({ sender: 1 }),
      transaction({ sender: 2, until: 9 }),
      transaction({ sender: 3 }),
      transaction({ sender: 4, until: 10 }),
    ]
    for (const each of [held, late, spent, stays]) pool.add(each, 0)
    nonces.set(address(1), 1).set(address(3), 1)
    const dropped = pool.settle(new Set([held.id]), [address(1), address(3)], 9)
    expect(dropped).toEqual([
      {
        transaction: spent.transaction,
        reason: { code: 'nonce-too-low', data: { expected: '1', actual: '0' } },
      },
      { transaction: late.transaction, reason: { code: 'expired', data: { validUntilHeight: '9' } } },
    ])
    expect([...pool.entries()].map(({ verified }) => verified)).toEqual([stays])
  })
})
