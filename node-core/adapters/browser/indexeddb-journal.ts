/** A journal as records of an IndexedDB object store, one strict transaction each: for browsers without OPFS handles. */
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { FRAME_OVERHEAD_BYTES } from '../journal-frames.ts'
import { JOURNAL_BYTES, JOURNAL_RECORD_BYTES } from '../limits.ts'
import { type GuardedDatabase, inTransaction, type WriteTransaction } from './guarded-database.ts'

/** `store`: an object store with automatic keys, in ascending order the order of the records. The journal owns `database`. */
export async function openIndexedDbJournal(database: GuardedDatabase, store: string): Promise<Journal> {
  const records: Uint8Array[] = await database.read((opened) => opened.getAll(store))
  const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0)
  return new IndexedDbJournal(database, store, bytes)
}

class IndexedDbJournal implements Journal {
  readonly #database: GuardedDatabase
  readonly #store: string
  /** With what is on its way. */
  #bytes: number

  constructor(database: GuardedDatabase, store: string, bytes: number) {
    this.#database = database
    this.#store = store
    this.#bytes = bytes
  }

  async append(record: Uint8Array): Promise<void> {
    const copy = boundedCopy(record)
    if (this.#bytes + sizeOf(copy) > JOURNAL_BYTES)
      throw new StorageError('storage-full', { name: this.#store, limitBytes: JOURNAL_BYTES })
    return this.#write(sizeOf(copy), (transaction) => {
      inTransaction(transaction.objectStore(this.#store).add(copy))
    })
  }

  async replace(record: Uint8Array): Promise<void> {
    const copy = boundedCopy(record)
    return this.#write(sizeOf(copy) - this.#bytes, (transaction) => {
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

  async #write(growth: number, work: (transaction: WriteTransaction) => void): Promise<void> {
    this.#bytes += growth
    try {
      await this.#database.write([this.#store], work)
    } catch (error) {
      this.#bytes -= growth
      throw error
    }
  }
}

/** As in a file: records of nothing are bounded too. */
function sizeOf(record: Uint8Array): number {
  return FRAME_OVERHEAD_BYTES + record.length
}

function boundedCopy(record: Uint8Array): Uint8Array {
  if (record.length > JOURNAL_RECORD_BYTES) {
    throw new StorageError('record-too-large', { bytes: record.length, limit: JOURNAL_RECORD_BYTES })
  }
  return new Uint8Array(record)
}
