/** A journal as records of an IndexedDB object store, one strict transaction each: for browsers without OPFS handles. */
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { JOURNAL_RECORD_BYTES } from '../limits.ts'
import { type GuardedDatabase, inTransaction } from './guarded-database.ts'

/** `store`: an object store with automatic keys, in ascending order the order of the records. The journal owns `database`. */
export function createIndexedDbJournal(database: GuardedDatabase, store: string): Journal {
  return new IndexedDbJournal(database, store)
}

class IndexedDbJournal implements Journal {
  readonly #database: GuardedDatabase
  readonly #store: string

  constructor(database: GuardedDatabase, store: string) {
    this.#database = database
    this.#store = store
  }

  async append(record: Uint8Array): Promise<void> {
    const copy = boundedCopy(record)
    return this.#database.write([this.#store], (transaction) => {
      inTransaction(transaction.objectStore(this.#store).add(copy))
    })
  }

  async replace(record: Uint8Array): Promise<void> {
    const copy = boundedCopy(record)
    return this.#database.write([this.#store], (transaction) => {
      const records = transaction.objectStore(this.#store)
      inTransaction(records.clear())
      inTransaction(records.add(copy))
    })
  }

  read(): Promise<Uint8Array[]> {
    return this.#database.read((database) => database.getAll(this.#store))
  }

  close(): Promise<void> {
    return this.#database.close()
  }
}

function boundedCopy(record: Uint8Array): Uint8Array {
  if (record.length > JOURNAL_RECORD_BYTES) {
    throw new StorageError('record-too-large', { bytes: record.length, limit: JOURNAL_RECORD_BYTES })
  }
  return new Uint8Array(record)
}
