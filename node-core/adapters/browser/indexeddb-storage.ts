/**
 * Storage in IndexedDB: one object store, binary keys with the bucket as the first byte, one strict transaction a commit.
 * The cost is per record, not per byte (about 0.1 ms each): callers pack what changes together into pages of some kilobytes.
 */
import type { IDBPDatabase } from 'idb'
import type { RangeQuery, Storage, StorageWrite } from '../../ports/storage.ts'
import { bucketBounds, bucketKey, type KeyBounds, withoutBucket } from '../bucket-key.ts'
import { GuardedDatabase, inTransaction } from './guarded-database.ts'

const VERSION = 1
const RECORDS = 'records'

/** `name`: one database per chain and role. Errors as in ports/storage-error.ts. */
export async function openIndexedDbStorage(name: string): Promise<Storage> {
  const database = await GuardedDatabase.open({
    name,
    version: VERSION,
    upgrade: (opened) => void opened.createObjectStore(RECORDS),
  })
  return new IndexedDbStorage(database)
}

class IndexedDbStorage implements Storage {
  readonly #database: GuardedDatabase

  constructor(database: GuardedDatabase) {
    this.#database = database
  }

  async get(bucket: number, key: Uint8Array): Promise<Uint8Array | null> {
    const at = bucketKey(bucket, key)
    return this.#database.read(
      async (database) => ((await database.get(RECORDS, at)) as Uint8Array | undefined) ?? null,
    )
  }

  async range(bucket: number, query: RangeQuery): Promise<{ key: Uint8Array; value: Uint8Array }[]> {
    const bounds = bucketBounds(bucket, query)
    return this.#database.read(async (database) => {
      if (!bounds) return []
      return query.reverse
        ? readBackward(database, bounds, query.limit)
        : readForward(database, bounds, query.limit)
    })
  }

  async commit(writes: readonly StorageWrite[]): Promise<void> {
    const copies = writes.map(({ bucket, key, value }) => ({
      key: bucketKey(bucket, key),
      value: value && new Uint8Array(value),
    }))
    return this.#database.write([RECORDS], (transaction) => {
      const records = transaction.objectStore(RECORDS)
      for (const { key, value } of copies)
        inTransaction(value ? records.put(value, key) : records.delete(key))
    })
  }

  /** Of the whole origin: browsers do not tell it for one database. */
  async usage(): Promise<{
    usedBytes: number | null
    quotaBytes: number | null
    persistent: boolean | null
  }> {
    return this.#database.read(() => originUsage())
  }

  close(): Promise<void> {
    return this.#database.close()
  }
}

async function originUsage() {
  const manager = navigator.storage as StorageManager | undefined
  const estimate = await manager?.estimate?.()
  return {
    usedBytes: estimate?.usage ?? null,
    quotaBytes: estimate?.quota ?? null,
    persistent: (await manager?.persisted?.()) ?? null,
  }
}

/**
 * Asks the browser not to evict this origin's data. Only a page can ask; a worker, and a browser that has no such promise,
 * answer what holds already.
 */
export async function requestPersistence(): Promise<boolean> {
  const manager = navigator.storage as Partial<StorageManager> | undefined
  if (manager?.persist) return manager.persist()
  return (await manager?.persisted?.()) ?? false
}

function rangeOf({ lower, upper }: KeyBounds): IDBKeyRange {
  return upper ? IDBKeyRange.bound(lower, upper, false, true) : IDBKeyRange.lowerBound(lower)
}

async function readForward(database: IDBPDatabase, bounds: KeyBounds, limit: number) {
  const { store } = database.transaction(RECORDS)
  const range = rangeOf(bounds)
  const [keys, values] = await Promise.all([store.getAllKeys(range, limit), store.getAll(range, limit)])
  return keys.map((key, i) => entryOf(key, values[i]))
}

async function readBackward(database: IDBPDatabase, bounds: KeyBounds, limit: number) {
  const entries: { key: Uint8Array; value: Uint8Array }[] = []
  let cursor = await database.transaction(RECORDS).store.openCursor(rangeOf(bounds), 'prev')
  while (cursor && entries.length < limit) {
    entries.push(entryOf(cursor.key, cursor.value))
    cursor = entries.length < limit ? await cursor.continue() : null
  }
  return entries
}

function entryOf(key: IDBValidKey, value: Uint8Array): { key: Uint8Array; value: Uint8Array } {
  return { key: withoutBucket(new Uint8Array(key as ArrayBuffer)), value }
}
