/** The twin of a journal file: the same frames as on a disk, so that a torn tail can be made by cutting bytes. */
import { concatBytes } from '../../lib/bytes.ts'
import type { Journal } from '../../ports/storage.ts'
import { StorageError, type StorageErrorCode } from '../../ports/storage-error.ts'
import { encodeFrame, scanFrames } from '../journal-frames.ts'
import { JOURNAL_BYTES } from '../limits.ts'
import { SerialQueue } from '../serial-queue.ts'

export interface MemoryJournalFileOptions {
  /** Awaited before a record becomes durable: a simulator's disk latency. */
  readonly settle?: (bytes: number) => Promise<void>
}

/** What outlives the handles. */
export class MemoryJournalFile {
  /** May be replaced while no journal is open: cut it to tear the last record. */
  bytes: Uint8Array = new Uint8Array(0)
  readonly settle: (bytes: number) => Promise<void>
  #crashes = 0
  #failing: StorageErrorCode | null = null

  constructor(options: MemoryJournalFileOptions = {}) {
    this.settle = options.settle ?? (() => Promise.resolve())
  }

  /** Throws StorageError 'storage-lost' when the bytes are damaged before their tail. */
  open(): Journal {
    const scan = scanFrames(this.bytes)
    if (scan.damaged)
      throw new StorageError('storage-lost', { reason: 'damaged', wholeBytes: scan.wholeBytes })
    this.bytes = this.bytes.slice(0, scan.wholeBytes)
    return new MemoryJournal(this)
  }

  /** Every open handle is dead from here on; records that were not acknowledged are lost. */
  crash(): void {
    this.#crashes++
  }

  /** From now on writes fail with this code; null mends the file. */
  fail(code: StorageErrorCode | null): void {
    this.#failing = code
  }

  get crashes(): number {
    return this.#crashes
  }

  get failing(): StorageErrorCode | null {
    return this.#failing
  }
}

class MemoryJournal implements Journal {
  readonly #file: MemoryJournalFile
  readonly #born: number
  readonly #queue = new SerialQueue()
  #closed = false

  constructor(file: MemoryJournalFile) {
    this.#file = file
    this.#born = file.crashes
  }

  async append(record: Uint8Array): Promise<void> {
    this.#requireOpen()
    const frame = encodeFrame(record)
    return this.#write(frame, () => concatBytes(this.#file.bytes, frame))
  }

  async replace(record: Uint8Array): Promise<void> {
    this.#requireOpen()
    const frame = encodeFrame(record)
    return this.#write(frame, () => frame)
  }

  async read(): Promise<Uint8Array[]> {
    this.#requireOpen()
    return this.#queue.run(() => scanFrames(this.#file.bytes).records)
  }

  close(): Promise<void> {
    this.#closed = true
    return this.#queue.run(() => undefined)
  }

  #write(frame: Uint8Array, contents: () => Uint8Array): Promise<void> {
    return this.#queue.run(async () => {
      await this.#file.settle(frame.length)
      this.#requireAlive()
      if (this.#file.failing) throw new StorageError(this.#file.failing, { reason: 'told to fail' })
      const bytes = contents()
      if (bytes.length > JOURNAL_BYTES) throw new StorageError('storage-full', { limitBytes: JOURNAL_BYTES })
      this.#file.bytes = bytes
    })
  }

  #requireOpen(): void {
    if (this.#closed) throw new StorageError('storage-lost', { reason: 'closed' })
    this.#requireAlive()
  }

  #requireAlive(): void {
    if (this.#file.crashes !== this.#born) throw new StorageError('storage-lost', { reason: 'crashed' })
  }
}
