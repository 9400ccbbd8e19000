/**
 * The twin of a disk. It holds what was committed and nothing else, so a crash is the loss of every handle and of every
 * commit that was not acknowledged; opening again shows what a real store would show.
 */
import { compareBytes, toHex } from '../../lib/bytes.ts'
import type { RangeQuery, Storage, StorageWrite } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { bucketBounds, bucketKey, type KeyBounds, withoutBucket } from '../bucket-key.ts'
import { FallibleMedium, MediumHandle } from './fallible-medium.ts'

export interface MemoryDiskOptions {
  /** Awaited before a commit becomes durable: a simulator's disk latency. The default takes one turn of the event queue. */
  readonly settle?: (bytes: number) => Promise<void>
  /** Bytes of keys and values above which a commit is refused with 'storage-full'. */
  readonly quotaBytes?: number
}

interface Entry {
  /** With the bucket as the first byte. */
  readonly key: Uint8Array
  readonly value: Uint8Array
}

export class MemoryDisk extends FallibleMedium {
  readonly #settle: (bytes: number) => Promise<void>
  readonly #quotaBytes: number | null
  readonly #entries = new Map<string, Entry>()
  #sorted: Entry[] | null = null
  #usedBytes = 0

  constructor(options: MemoryDiskOptions = {}) {
    super()
    this.#settle = options.settle ?? (() => Promise.resolve())
    this.#quotaBytes = options.quotaBytes ?? null
  }

  open(): Storage {
    return new MemoryStorage(this)
  }

  /** Another disk with the same content. */
  copy(): MemoryDisk {
    const copy = new MemoryDisk()
    for (const [name, entry] of this.#entries) copy.#entries.set(name, entry)
    copy.#usedBytes = this.#usedBytes
    return copy
  }

  usage(): { usedBytes: number; quotaBytes: number | null; persistent: boolean } {
    return { usedBytes: this.#usedBytes, quotaBytes: this.#quotaBytes, persistent: true }
  }

  read(key: Uint8Array): Uint8Array | null {
    return this.#entries.get(toHex(key))?.value.slice() ?? null
  }

  list(bounds: KeyBounds, limit: number, reverse: boolean): Entry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => compareBytes(a.key, b.key))
    const start = firstAtOrAfter(this.#sorted, bounds.lower)
    const end = bounds.upper ? firstAtOrAfter(this.#sorted, bounds.upper) : this.#sorted.length
    if (!reverse) return this.#sorted.slice(start, Math.min(end, start + limit))
    return this.#sorted.slice(Math.max(start, end - limit), end).reverse()
  }

  /** `mayWrite` is asked after the latency: a handle that died meanwhile writes nothing. */
  async write(writes: readonly Write[], mayWrite: () => void): Promise<void> {
    const bytes = writes.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0)
    await this.#settle(bytes)
    mayWrite()
    if (this.#quotaBytes !== null && this.#usedBytes + bytes > this.#quotaBytes) {
      throw new StorageError('storage-full', { limitBytes: this.#quotaBytes })
    }
    for (const write of writes) this.#apply(write)
  }

  #apply({ key, value }: Write): void {
    const name = toHex(key)
    const before = this.#entries.get(name)
    if (before) this.#usedBytes -= before.key.length + before.value.length
    if (value) {
      this.#entries.set(name, { key, value })
      this.#usedBytes += key.length + value.length
    } else {
      this.#entries.delete(name)
    }
    this.#sorted = null
  }
}

interface Write {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

class MemoryStorage extends MediumHandle implements Storage {
  readonly #disk: MemoryDisk

  constructor(disk: MemoryDisk) {
    super(disk)
    this.#disk = disk
  }

  async get(bucket: number, key: Uint8Array): Promise<Uint8Array | null> {
    this.requireOpen()
    return this.#disk.read(bucketKey(bucket, key))
  }

  async range(bucket: number, query: RangeQuery): Promise<{ key: Uint8Array; value: Uint8Array }[]> {
    this.requireOpen()
    const bounds = bucketBounds(bucket, query)
    if (!bounds) return []
    const entries = this.#disk.list(bounds, query.limit, query.reverse ?? false)
    return entries.map(({ key, value }) => ({ key: withoutBucket(key), value: value.slice() }))
  }

  async commit(writes: readonly StorageWrite[]): Promise<void> {
    this.requireOpen()
    const copies = writes.map(({ bucket, key, value }) => ({
      key: bucketKey(bucket, key),
      value: value?.slice() ?? null,
    }))
    return this.queue.run(() => this.#disk.write(copies, () => this.requireWriting()))
  }

  async usage(): Promise<{ usedBytes: number; quotaBytes: number | null; persistent: boolean }> {
    this.requireOpen()
    return this.#disk.usage()
  }
}

function firstAtOrAfter(sorted: readonly Entry[], key: Uint8Array): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareBytes(sorted[middle]!.key, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}
