/** Transactions that wait for a block. Bounded; a sender's nonces follow without gaps; nothing is dropped without a word. */
import { assert } from '../lib/assert.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { Transaction, VerifiedTransaction } from '../protocol/transaction.ts'
import { POOL_BYTES, POOL_PER_SENDER, POOL_TRANSACTIONS, REPLACEMENT_BUMP_PERCENT } from './constants.ts'

export interface PoolEntry {
  readonly verified: VerifiedTransaction
  readonly addedAtMs: number
}

export interface Refusal {
  readonly code: string
  readonly data: Readonly<Record<string, string>>
}

export type AddResult = { readonly ok: true; readonly isNew: boolean } | ({ readonly ok: false } & Refusal)

/** What the pool asks the chain; all answers are about the state after the newest decided block. */
export interface PoolChain {
  nextNonce(sender: Address): number
  /** Admission as a block would judge it next; a nonce above the next one is not judged here. */
  check(transaction: VerifiedTransaction): Refusal | null
}

export class TransactionPool {
  readonly #chain: PoolChain
  readonly #byId = new Map<Hash, PoolEntry>()
  /** Per sender, by nonce. */
  readonly #bySender = new Map<Address, Map<number, PoolEntry>>()
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
    const waiting = this.#bySender.get(sender)
    let nonce = this.#chain.nextNonce(sender)
    while (waiting?.has(nonce)) nonce++
    return nonce
  }

  add(verified: VerifiedTransaction, nowMs: number): AddResult {
    if (this.#byId.has(verified.id)) return { ok: true, isNew: false }
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

    const replaced = this.#bySender.get(sender)?.get(nonce)
    if (replaced && !paysMore(verified, replaced.verified)) {
      return refuse('replacement-underpriced', {
        percent: String(REPLACEMENT_BUMP_PERCENT),
        replaces: replaced.verified.id,
      })
    }
    if (!replaced && !this.#makeRoom(verified)) {
      return refuse('pool-full', { transactions: String(POOL_TRANSACTIONS), bytes: String(POOL_BYTES) })
    }
    if (replaced) this.#remove(replaced)
    this.#insert({ verified, addedAtMs: nowMs })
    return { ok: true, isNew: true }
  }

  /** Every transaction that could be included next: each sender's nonces in sequence. The block's rules order them. */
  candidates(): VerifiedTransaction[] {
    const found: VerifiedTransaction[] = []
    for (const [sender, waiting] of this.#bySender) {
      let nonce = this.#chain.nextNonce(sender)
      for (let entry = waiting.get(nonce); entry; entry = waiting.get(++nonce)) found.push(entry.verified)
    }
    return found
  }

  /** After a block was decided: takes out what it included and what can no longer be included, with the reason. */
  settle(
    included: ReadonlySet<Hash>,
    touched: Iterable<Address>,
    height: Height,
  ): { readonly transaction: Transaction; readonly reason: Refusal }[] {
    const dropped: { transaction: Transaction; reason: Refusal }[] = []
    for (const id of included) {
      const entry = this.#byId.get(id)
      if (entry) this.#remove(entry)
    }
    for (const sender of touched) {
      const next = this.#chain.nextNonce(sender)
      for (const [nonce, entry] of this.#bySender.get(sender) ?? []) {
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

  /** Room for one more: the newest of the cheapest gives way, if the newcomer pays more. */
  #makeRoom(newcomer: VerifiedTransaction): boolean {
    if (this.#byId.size < POOL_TRANSACTIONS && this.#bytes + newcomer.bytes.length <= POOL_BYTES) return true
    this.#cheapest ??= this.#findCheapest()
    const cheapest = this.#cheapest
    if (!cheapest) return false
    if (cheapest.verified.transaction.maxPriorityFeePerGas >= newcomer.transaction.maxPriorityFeePerGas)
      return false
    this.#remove(cheapest)
    return this.#bytes + newcomer.bytes.length <= POOL_BYTES
  }

  /** PERF: looks at every sender, some ms in a full pool; whoever is refused again and again costs nothing. */
  #findCheapest(): PoolEntry | null {
    let cheapest: PoolEntry | null = null
    for (const waiting of this.#bySender.values()) {
      const last = waiting.get(Math.max(...waiting.keys()))!
      if (
        !cheapest ||
        last.verified.transaction.maxPriorityFeePerGas <= cheapest.verified.transaction.maxPriorityFeePerGas
      )
        cheapest = last
    }
    return cheapest
  }

  #insert(entry: PoolEntry): void {
    this.#cheapest = null
    const { sender, nonce } = entry.verified.transaction
    const waiting = this.#bySender.get(sender) ?? new Map<number, PoolEntry>()
    this.#bySender.set(sender, waiting)
    assert(!waiting.has(nonce), 'one transaction per sender and nonce')
    waiting.set(nonce, entry)
    this.#byId.set(entry.verified.id, entry)
    this.#bytes += entry.verified.bytes.length
  }

  #remove(entry: PoolEntry): void {
    this.#cheapest = null
    const { sender, nonce } = entry.verified.transaction
    this.#byId.delete(entry.verified.id)
    this.#bytes -= entry.verified.bytes.length
    const waiting = this.#bySender.get(sender)
    waiting?.delete(nonce)
    if (waiting?.size === 0) this.#bySender.delete(sender)
  }
}

function refuse(code: string, data: Record<string, string>): AddResult {
  return { ok: false, code, data }
}

function paysMore(newcomer: VerifiedTransaction, present: VerifiedTransaction): boolean {
  const bumped = (fee: bigint) => fee + (fee * REPLACEMENT_BUMP_PERCENT + 99n) / 100n
  const a = newcomer.transaction
  const b = present.transaction
  return a.maxFeePerGas >= bumped(b.maxFeePerGas) && a.maxPriorityFeePerGas >= bumped(b.maxPriorityFeePerGas)
}
