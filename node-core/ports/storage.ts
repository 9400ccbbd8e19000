/** Durable bytes. Adapters: IndexedDB with packed pages and OPFS in the browser, LevelDB and a journal file in Node. */

/** Buckets and their numbers are in node/repositories.ts; a number is never reused. */
export interface StorageWrite {
  readonly bucket: number
  readonly key: Uint8Array
  /** null deletes. */
  readonly value: Uint8Array | null
}

export interface Storage {
  get(bucket: number, key: Uint8Array): Promise<Uint8Array | null>
  /** Entries with from ≤ key < to in byte order, at most `limit`; `reverse` starts at the end. */
  range(
    bucket: number,
    query: RangeQuery,
  ): Promise<{ readonly key: Uint8Array; readonly value: Uint8Array }[]>
  /** All or none, durable when the promise resolves. Commits are applied in the order of the calls. */
  commit(writes: readonly StorageWrite[]): Promise<void>
  /** Bytes used and allowed where the platform tells; null where it does not. */
  usage(): Promise<{
    readonly usedBytes: number | null
    readonly quotaBytes: number | null
    readonly persistent: boolean | null
  }>
  close(): Promise<void>
}

export interface RangeQuery {
  readonly from?: Uint8Array
  readonly to?: Uint8Array
  readonly limit: number
  readonly reverse?: boolean
}

/** An append-only file of records: the signing guard's memory. */
export interface Journal {
  /** Durable when the promise resolves. */
  append(record: Uint8Array): Promise<void>
  /** Every whole record since the last `replace`, oldest first; a torn last record is left out. */
  read(): Promise<Uint8Array[]>
  /** Atomically make this the only record. */
  replace(record: Uint8Array): Promise<void>
  close(): Promise<void>
}
