/**
 * Transactions that wait for a block. Bounded; a sender's nonces follow without gaps. Who pays most by the block's own
 * measure, the effective tip at the next base fee, stays longest. Nothing is dropped without a word.
 */
import { effectiveTip } from '../economy/fees.ts'
import { assert } from '../lib/assert.ts'
import type { Address, Amount, Gas, Hash, Height } from '../protocol/ids.ts'
import type { Transaction, VerifiedTransaction } from '../protocol/transaction.ts'
import {
  POOL_BYTES,
  POOL_PER_SENDER,
  POOL_SENDER_BYTES,
  POOL_TRANSACTIONS,
  REPLACEMENT_BUMP_PERCENT,
} from './constants.ts'

export interface PoolEntry {
  readonly verified: VerifiedTransaction
  readonly addedAtMs: number
}

export interface Refusal {
  readonly code: string
  readonly data: Readonly<Record<string, string>>
}

/** It left the pool and is in no block. */
export interface Dropped {
  readonly transaction: Transaction
  readonly reason: Refusal
}

export type AddResult =
  | { readonly ok: true; readonly isNew: boolean; readonly gaveWay: readonly Dropped[] }
  | ({ readonly ok: false } & Refusal)

/** What the pool asks the chain; all answers are about the state after the newest decided block. */
export interface PoolChain {
  nextNonce(sender: Address): number
  /** Admission as a block would judge it next; a nonce above the next one is not judged here. */
  check(transaction: VerifiedTransaction): Refusal | null
  /** Of the next block. */
  readonly baseFeePerGas: Amount
  /** That one sender may use in a block. */
  readonly senderGas: Gas
  gasOf(transaction: VerifiedTransaction): Gas
}

interface Waiting {
  readonly byNonce: Map<number, PoolEntry>
  bytes: number
}

export class TransactionPool {
  readonly #chain: PoolChain
  readonly #byId = new Map<Hash, PoolEntry>()
  readonly #bySender = new Map<Address, Waiting>()
  #bytes = 0
  /** Who gives way next; null: not known since the pool changed. */
  #cheapest: PoolEntry | null = null

  constructor(chain: PoolChain) {
    this.#chain = chain
  }

  get count(): number {
    return this.#byId.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(id: Hash): PoolEntry | undefined {
    return this.#byId.get(id)
  }

  has(id: Hash): boolean {
    return this.#byId.has(id)
  }

  /** In order of arrival. */
  entries(): IterableIterator<PoolEntry> {
    return this.#byId.values()
  }

  /** The nonce a new transaction of this sender takes: after those that wait here. */
  nextNonce(sender: Address): number {
    const waiting = this.#bySender.get(sender)?.byNonce
    let nonce = this.#chain.nextNonce(sender)
    while (waiting?.has(nonce)) nonce++
    return nonce
  }

  add(verified: VerifiedTransaction, nowMs: number): AddResult {
    if (this.#byId.has(verified.id)) return { ok: true, isNew: false, gaveWay: [] }
    const { sender, nonce } = verified.transaction
    const next = this.#chain.nextNonce(sender)
    if (nonce >= next + POOL_PER_SENDER) {
      return refuse('nonce-too-high', {
        expected: String(next),
        actual: String(nonce),
        limit: String(POOL_PER_SENDER),
      })
    }
    const refusal = this.#chain.check(verified)
    if (refusal) return { ok: false, ...refusal }

    const waiting = this.#bySender.get(sender)
    const replaced = waiting?.byNonce.get(nonce)
    if (replaced && !paysMore(verified, replaced.verified)) {
      return refuse('replacement-underpriced', {
        percent: String(REPLACEMENT_BUMP_PERCENT),
        replaces: replaced.verified.id,
      })
    }
    const others = (waiting?.bytes ?? 0) - (replaced?.verified.bytes.length ?? 0)
    if (others + verified.bytes.length > POOL_SENDER_BYTES)
      return refuse('sender-pool-share', { bytes: String(others), limit: String(POOL_SENDER_BYTES) })
    const gaveWay = replaced ? this.#replace(replaced, verified) : this.#makeRoom(verified)
    if (!gaveWay) return refuse('pool-full', POOL_LIMITS)
    this.#insert({ verified, addedAtMs: nowMs })
    return { ok: true, isNew: true, gaveWay }
  }

  /**
   * Every transaction that could be included next: each sender's nonces in sequence, up to its share of a block's gas. The
   * block's rules order them.
   */
  candidates(): VerifiedTransaction[] {
    const found: VerifiedTransaction[] = []
    const { senderGas } = this.#chain
    for (const [sender, { byNonce }] of this.#bySender) {
      let nonce = this.#chain.nextNonce(sender)
      let gasLeft = senderGas
      for (let entry = byNonce.get(nonce); entry; entry = byNonce.get(++nonce)) {
        gasLeft -= this.#chain.gasOf(entry.verified)
        if (gasLeft < 0) break
        found.push(entry.verified)
      }
    }
    return found
  }

  /** After a block was decided: takes out what it included and what can no longer be included, with the reason. */
  settle(included: ReadonlySet<Hash>, touched: Iterable<Address>, height: Height): Dropped[] {
    const dropped: Dropped[] = []
    // The base fee is another, and with it what everyone tips.
    this.#cheapest = null
    for (const id of included) {
      const entry = this.#byId.get(id)
      if (entry) this.#remove(entry)
    }
    for (const sender of touched) {
      const next = this.#chain.nextNonce(sender)
      for (const [nonce, entry] of this.#bySender.get(sender)?.byNonce ?? []) {
        if (nonce >= next) continue
        this.#remove(entry)
        dropped.push({
          transaction: entry.verified.transaction,
          reason: { code: 'nonce-too-low', data: { expected: String(next), actual: String(nonce) } },
        })
      }
    }
    for (const entry of this.#byId.values()) {
      const { validUntilHeight } = entry.verified.transaction
      if (validUntilHeight > height) continue
      this.#remove(entry)
      dropped.push({
        transaction: entry.verified.transaction,
        reason: { code: 'expired', data: { validUntilHeight: String(validUntilHeight) } },
      })
    }
    return dropped
  }

  /** Takes one out that turned out not to be includable. */
  drop(id: Hash): void {
    const entry = this.#byId.get(id)
    if (entry) this.#remove(entry)
  }

  #replace(replaced: PoolEntry, { id }: VerifiedTransaction): Dropped[] {
    this.#remove(replaced)
    return [{ transaction: replaced.verified.transaction, reason: { code: 'replaced', data: { by: id } } }]
  }

  /**
   * Room for one more: the newest of who tips least gives way, if the newcomer tips more and fits in its place. null: none
   * does. One alone, since who gives way is looked for among all.
   */
  #makeRoom({ transaction, bytes }: VerifiedTransaction): Dropped[] | null {
    const isFull = this.#byId.size >= POOL_TRANSACTIONS
    const excess = this.#bytes + bytes.length - POOL_BYTES
    if (!isFull && excess <= 0) return []
    this.#cheapest ??= this.#findCheapest()
    const cheapest = this.#cheapest
    if (!cheapest || cheapest.verified.bytes.length < excess) return null
    const other = cheapest.verified.transaction
    // A later one of the same sender could not be in a block without it.
    if (other.sender === transaction.sender || this.#tipOf(other) >= this.#tipOf(transaction)) return null
    this.#remove(cheapest)
    return [{ transaction: other, reason: { code: 'pool-full', data: POOL_LIMITS } }]
  }

  #tipOf(transaction: Transaction): Amount {
    return effectiveTip(transaction, this.#chain.baseFeePerGas)
  }

  /** PERF: looks at every sender, some ms in a full pool; whoever is refused again and again costs nothing. */
  #findCheapest(): PoolEntry | null {
    let cheapest: { entry: PoolEntry; tip: Amount } | null = null
    for (const { byNonce } of this.#bySender.values()) {
      const entry = byNonce.get(Math.max(...byNonce.keys()))!
      const tip = this.#tipOf(entry.verified.transaction)
      if (!cheapest || tip <= cheapest.tip) cheapest = { entry, tip }
    }
    return cheapest?.entry ?? null
  }

  #insert(entry: PoolEntry): void {
    this.#cheapest = null
    const { sender, nonce } = entry.verified.transaction
    const waiting = this.#bySender.get(sender) ?? { byNonce: new Map<number, PoolEntry>(), bytes: 0 }
    this.#bySender.set(sender, waiting)
    assert(!waiting.byNonce.has(nonce), 'one transaction per sender and nonce')
    waiting.byNonce.set(nonce, entry)
    waiting.bytes += entry.verified.bytes.length
    this.#byId.set(entry.verified.id, entry)
    this.#bytes += entry.verified.bytes.length
  }

  #remove(entry: PoolEntry): void {
    this.#cheapest = null
    const { sender, nonce } = entry.verified.transaction
    this.#byId.delete(entry.verified.id)
    this.#bytes -= entry.verified.bytes.length
    const waiting = this.#bySender.get(sender)
    assert(waiting, 'what waits has a sender')
    waiting.byNonce.delete(nonce)
    waiting.bytes -= entry.verified.bytes.length
    if (waiting.byNonce.size === 0) this.#bySender.delete(sender)
  }
}

const POOL_LIMITS = { transactions: String(POOL_TRANSACTIONS), bytes: String(POOL_BYTES) }

function refuse(code: string, data: Record<string, string>): AddResult {
  return { ok: false, code, data }
}

function paysMore(newcomer: VerifiedTransaction, present: VerifiedTransaction): boolean {
  const bumped = (fee: bigint) => fee + (fee * REPLACEMENT_BUMP_PERCENT + 99n) / 100n
  const a = newcomer.transaction
  const b = present.transaction
  return a.maxFeePerGas >= bumped(b.maxFeePerGas) && a.maxPriorityFeePerGas >= bumped(b.maxPriorityFeePerGas)
}
