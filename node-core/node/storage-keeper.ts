/**
 * The node's store when the disk is full: a commit that finds no room waits and is tried again until there is some. What
 * follows it waits too, so nothing is decided or signed meanwhile; reading goes on.
 */
import type { Clock, Timer } from '../ports/clock.ts'
import type { RangeQuery, Storage, StorageWrite } from '../ports/storage.ts'
import { StorageError, type StorageErrorCode } from '../ports/storage-error.ts'
import type { TimestampMs } from '../protocol/ids.ts'
import { STORAGE_RETRY_MS } from './constants.ts'

export interface StorageTrouble {
  readonly code: Extract<StorageErrorCode, 'storage-full' | 'storage-lost'>
  readonly sinceMs: TimestampMs
}

export class StorageKeeper implements Storage {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #changed = new Set<() => void>()
  #queue: Promise<unknown> = Promise.resolve()
  #trouble: StorageTrouble | null = null
  #waiting: { readonly timer: Timer; readonly retry: () => void } | null = null
  #ended = false

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
  }

  /** null: the last commit was carried out. */
  get trouble(): StorageTrouble | null {
    return this.#trouble
  }

  onChange(listener: () => void): void {
    this.#changed.add(listener)
  }

  get(bucket: number, key: Uint8Array): Promise<Uint8Array | null> {
    return this.#storage.get(bucket, key)
  }

  range(bucket: number, query: RangeQuery) {
    return this.#storage.range(bucket, query)
  }

  /** Rejects with what the store says, but with 'storage-full' only after `end`. */
  commit(writes: readonly StorageWrite[]): Promise<void> {
    const result = this.#queue.then(() => this.#commit(writes))
    this.#queue = result.catch(() => undefined)
    return result
  }

  usage() {
    return this.#storage.usage()
  }

  close(): Promise<void> {
    this.end()
    return this.#storage.close()
  }

  /** Waits for room no longer: the node stops. What is not durable by now is fetched again after the next start. */
  end(): void {
    this.#ended = true
    this.#waiting?.timer.cancel()
    this.#waiting?.retry()
  }

  async #commit(writes: readonly StorageWrite[]): Promise<void> {
    for (;;) {
      try {
        await this.#storage.commit(writes)
        this.#become(null)
        return
      } catch (error) {
        const code = error instanceof StorageError ? error.code : null
        if (code === 'storage-lost' || code === 'storage-full') this.#become(code)
        if (code !== 'storage-full' || this.#ended) throw error
        await this.#pause()
      }
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const retry = () => {
        this.#waiting = null
        resolve()
      }
      this.#waiting = { timer: this.#clock.setTimer(STORAGE_RETRY_MS, retry), retry }
    })
  }

  #become(code: StorageTrouble['code'] | null): void {
    if ((this.#trouble?.code ?? null) === code) return
    this.#trouble = code && { code, sinceMs: this.#clock.wallMs() }
    for (const listener of this.#changed) listener()
  }
}
