/** Finds transactions by hash and by account in the newest blocks. In memory; read back from the blocks at start. */
import type { Storage } from '../ports/storage.ts'
import { blockId, transactionId } from '../protocol/hash.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { SinglePayload, Transaction } from '../protocol/transaction.ts'
import { INDEXED_BLOCKS, INDEXED_TRANSACTIONS } from './constants.ts'
import { loadBlocks, type StoredBlock } from './repositories.ts'

export interface Place {
  readonly height: Height
  readonly index: number
}

export class HistoryIndex {
  readonly #storage: Storage
  readonly #mostTransactions: number
  readonly #heights = new Map<Hash, Height>()
  readonly #places = new Map<Hash, Place>()
  readonly #byAccount = new Map<Address, Place[]>()
  readonly #byHeight = new Map<
    Height,
    { readonly id: Hash; readonly ids: readonly Hash[]; readonly accounts: ReadonlySet<Address> }
  >()

  constructor(storage: Storage, mostTransactions = INDEXED_TRANSACTIONS) {
    this.#storage = storage
    this.#mostTransactions = mostTransactions
  }

  /** `read` hears of every block that is read back, in order. */
  async open(headHeight: Height, read?: (stored: StoredBlock) => void): Promise<void> {
    const BATCH = 200
    for (let from = Math.max(1, headHeight - INDEXED_BLOCKS + 1); from <= headHeight; from += BATCH) {
      for (const stored of await loadBlocks(this.#storage, from, BATCH)) {
        this.add(stored.block.header.height, stored)
        read?.(stored)
      }
    }
  }

  add(height: Height, { block }: StoredBlock): void {
    const ids: Hash[] = []
    const accounts = new Set<Address>()
    block.body.transactions.forEach((transaction, index) => {
      const id = transactionId(transaction)
      ids.push(id)
      const place = { height, index }
      this.#places.set(id, place)
      for (const account of touched(transaction)) {
        accounts.add(account)
        const places = this.#byAccount.get(account)
        if (places) places.push(place)
        else this.#byAccount.set(account, [place])
      }
    })
    const id = blockId(block.header)
    this.#heights.set(id, height)
    this.#byHeight.set(height, { id, ids, accounts })
    while (
      this.#byHeight.size > INDEXED_BLOCKS ||
      (this.#places.size > this.#mostTransactions && this.#byHeight.size > 1)
    )
      this.#forgetOldest()
  }

  /** Of a block by its id. */
  heightOf(id: Hash): Height | undefined {
    return this.#heights.get(id)
  }

  find(id: Hash): Place | undefined {
    return this.#places.get(id)
  }

  /** Newest first. */
  ofAccount(account: Address, limit: number): Place[] {
    return (this.#byAccount.get(account) ?? []).slice(-limit).reverse()
  }

  #forgetOldest(): void {
    const [height, { id: block, ids, accounts }] = this.#byHeight.entries().next().value!
    this.#byHeight.delete(height)
    this.#heights.delete(block)
    for (const id of ids) this.#places.delete(id)
    for (const account of accounts) {
      const kept = this.#byAccount.get(account)!.filter((place) => place.height > height)
      if (kept.length === 0) this.#byAccount.delete(account)
      else this.#byAccount.set(account, kept)
    }
  }
}

/** Each once. */
function touched({ sender, payload }: Transaction): Iterable<Address> {
  if (payload.type === 'transfer') return payload.to === sender ? [sender] : [sender, payload.to]
  const singles: readonly SinglePayload[] = payload.type === 'batch' ? payload.payloads : []
  const receivers = singles.flatMap((single) => (single.type === 'transfer' ? [single.to] : []))
  return new Set([sender, ...receivers])
}
