/** An IndexedDB database whose failures are storage errors by code, and which gives way to a newer version of the app. */
import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb'
import { reasonOf, StorageError } from '../../ports/storage-error.ts'

export interface DatabaseOptions {
  readonly name: string
  readonly version: number
  readonly upgrade: (database: IDBPDatabase, oldVersion: number) => void
}

export type WriteTransaction = IDBPTransaction<unknown, string[], 'readwrite'>

export class GuardedDatabase {
  readonly #name: string
  readonly #database: IDBPDatabase
  readonly #pending = new Set<Promise<unknown>>()
  /** Why nothing can be read or written any more. */
  #lost: string | null = null

  private constructor(
    name: string,
    database: IDBPDatabase,
    onLost: (listener: (reason: string) => void) => void,
  ) {
    this.#name = name
    this.#database = database
    onLost((reason) => {
      this.#lost ??= reason
    })
  }

  /** Rejects with 'storage-blocked' while another tab holds an older version open, else 'storage-lost' or 'storage-full'. */
  static async open({ name, version, upgrade }: DatabaseOptions): Promise<GuardedDatabase> {
    const blocked = Promise.withResolvers<never>()
    let tellLost: (reason: string) => void = () => undefined
    const opening = openDB(name, version, {
      upgrade,
      blocked: () => blocked.reject(new StorageError('storage-blocked', { name, version })),
      blocking: (_current, _wanted, event) => {
        tellLost('another tab changes or deletes it')
        ;(event.target as IDBDatabase).close()
      },
      terminated: () => tellLost('the browser closed it'),
    })
    try {
      const database = await Promise.race([opening, blocked.promise])
      return new GuardedDatabase(name, database, (listener) => {
        tellLost = listener
      })
    } catch (error) {
      opening.then(
        (late) => late.close(),
        () => undefined,
      )
      throw databaseError(error, name)
    }
  }

  /** Reads in the transaction that `work` opens. It is called at once, so transactions queue in the order of the calls. */
  read<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    return this.#track(async () => work(this.#database))
  }

  /** One strict transaction over `stores`: all or none of what `work` asks for is durable when the promise resolves. */
  write(stores: string[], work: (transaction: WriteTransaction) => void): Promise<void> {
    return this.#track(async () => {
      const transaction = this.#database.transaction(stores, 'readwrite', { durability: 'strict' })
      work(transaction)
      await transaction.done
    })
  }

  async close(): Promise<void> {
    this.#lost ??= 'closed'
    await Promise.allSettled(this.#pending)
    this.#database.close()
  }

  async #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#lost) throw new StorageError('storage-lost', { name: this.#name, reason: this.#lost })
    const running = work()
    this.#pending.add(running)
    try {
      return await running
    } catch (error) {
      throw databaseError(error, this.#name)
    } finally {
      this.#pending.delete(running)
    }
  }
}

/** Marks a request's promise as looked after: its failure shows in the transaction's. */
export function inTransaction(request: Promise<unknown>): void {
  request.catch(() => undefined)
}

export function databaseError(error: unknown, name: string): Error {
  if (error instanceof StorageError) return error
  // A wrong argument of ours is a bug and stays one.
  if (error instanceof RangeError || error instanceof TypeError) return error
  const full = error instanceof Error && error.name === 'QuotaExceededError'
  return new StorageError(
    full ? 'storage-full' : 'storage-lost',
    { name, reason: reasonOf(error) },
    { cause: error },
  )
}
