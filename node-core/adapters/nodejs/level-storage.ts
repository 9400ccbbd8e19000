/** Storage in LevelDB: one directory, one process. Every batch is synced to the disk before its promise resolves. */
import { mkdir, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ClassicLevel } from 'classic-level'
import type { RangeQuery, Storage, StorageWrite } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { bucketBounds, bucketKey, withoutBucket } from '../bucket-key.ts'
import { SerialQueue } from '../serial-queue.ts'
import { diskError } from './disk-error.ts'

type Database = ClassicLevel<Uint8Array, Uint8Array>

/** Room to ask for before LevelDB is opened again, bytes: twice what it writes then at most. */
const OPENING_BYTES = 8 * 1024 * 1024

/** Makes the directory when it is not there. Rejects with 'storage-blocked' while another process or handle has it open. */
export async function openLevelStorage(directory: string): Promise<Storage> {
  try {
    await mkdir(directory, { recursive: true })
    const database: Database = new ClassicLevel(directory, { keyEncoding: 'view', valueEncoding: 'view' })
    await database.open()
    return new LevelStorage(directory, database)
  } catch (error) {
    throw diskError(error, directory)
  }
}

class LevelStorage implements Storage {
  readonly #directory: string
  readonly #database: Database
  /** LevelDB runs batches on a thread pool: without a queue two of them may change places. */
  readonly #queue = new SerialQueue()
  #closing: Promise<void> | null = null
  /** A write failed: LevelDB's log may end in part of it, and LevelDB would not read back what it writes behind that. */
  #torn = false
  /** Reading waits while the database is opened again. */
  #readable: Promise<unknown> = Promise.resolve()
  readonly #reads = new Set<Promise<unknown>>()

  constructor(directory: string, database: Database) {
    this.#directory = directory
    this.#database = database
  }

  async get(bucket: number, key: Uint8Array): Promise<Uint8Array | null> {
    this.#requireOpen()
    const at = bucketKey(bucket, key)
    return this.#read(async () => copyOf((await this.#database.get(at)) ?? null))
  }

  async range(bucket: number, query: RangeQuery): Promise<{ key: Uint8Array; value: Uint8Array }[]> {
    this.#requireOpen()
    const bounds = bucketBounds(bucket, query)
    if (!bounds) return []
    const { limit, reverse = false } = query
    const within = bounds.upper ? { gte: bounds.lower, lt: bounds.upper } : { gte: bounds.lower }
    return this.#read(async () => {
      const entries = await this.#database.iterator({ ...within, limit, reverse }).all()
      return entries.map(([key, value]) => ({ key: withoutBucket(key), value: new Uint8Array(value) }))
    })
  }

  async commit(writes: readonly StorageWrite[]): Promise<void> {
    this.#requireOpen()
    const operations = writes.map(({ bucket, key, value }) =>
      operation(bucketKey(bucket, key), copyOf(value)),
    )
    return this.#queue.run(() =>
      this.#guard(async () => {
        if (this.#torn) await this.#openAgain()
        this.#torn = true
        await this.#database.batch(operations, { sync: true })
        this.#torn = false
      }),
    )
  }

  /** Used: the files of the directory. Quota: those and the free space beside them. */
  async usage(): Promise<{ usedBytes: number; quotaBytes: number; persistent: boolean }> {
    this.#requireOpen()
    return this.#guard(async () => {
      const usedBytes = await directoryBytes(this.#directory)
      const disk = await statfs(this.#directory)
      return { usedBytes, quotaBytes: usedBytes + disk.bavail * disk.bsize, persistent: true }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.run(() => this.#guard(() => this.#database.close()))
    return this.#closing
  }

  /** Not before there is room for it: until then the old handle goes on reading. */
  async #openAgain(): Promise<void> {
    await requireRoom(`${this.#directory}.room`)
    const opening = Promise.allSettled(this.#reads)
      .then(() => this.#database.close())
      .then(() => this.#database.open())
    this.#readable = opening.catch(() => undefined)
    await opening
  }

  #read<T>(work: () => Promise<T>): Promise<T> {
    return this.#guard(async () => {
      const reading = this.#readable.then(work)
      this.#reads.add(reading)
      try {
        return await reading
      } finally {
        this.#reads.delete(reading)
      }
    })
  }

  #requireOpen(): void {
    if (this.#closing) throw new StorageError('storage-lost', { path: this.#directory, reason: 'closed' })
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw diskError(error, this.#directory)
    }
  }
}

/** By writing, since a limit or a quota shows nowhere else. */
async function requireRoom(file: string): Promise<void> {
  try {
    await writeFile(file, new Uint8Array(OPENING_BYTES), { flush: true })
  } finally {
    await rm(file, { force: true })
  }
}

function operation(key: Uint8Array, value: Uint8Array | null) {
  return value ? { type: 'put' as const, key, value } : { type: 'del' as const, key }
}

function copyOf(bytes: Uint8Array | null): Uint8Array | null {
  return bytes ? new Uint8Array(bytes) : null
}

async function directoryBytes(directory: string): Promise<number> {
  let sum = 0
  for (const name of await readdir(directory)) {
    // LevelDB removes files of its own while this runs.
    sum += await stat(path.join(directory, name)).then(
      (file) => file.size,
      () => 0,
    )
  }
  return sum
}
