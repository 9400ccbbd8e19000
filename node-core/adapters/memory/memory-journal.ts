/** The twin of a journal file: the same frames as on a disk, so that a torn tail can be made by cutting bytes. */
import { concatBytes } from '../../lib/bytes.ts'
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { encodeFrame, scanFrames } from '../journal-frames.ts'
import { JOURNAL_BYTES } from '../limits.ts'
import { FallibleMedium, MediumHandle } from './fallible-medium.ts'

export interface MemoryJournalFileOptions {
  /** Awaited before a record becomes durable: a simulator's disk latency. */
  readonly settle?: (bytes: number) => Promise<void>
}

/** What outlives the handles. */
export class MemoryJournalFile extends FallibleMedium {
  /** May be replaced while no journal is open: cut it to tear the last record. */
  bytes: Uint8Array = new Uint8Array(0)
  readonly settle: (bytes: number) => Promise<void>

  constructor(options: MemoryJournalFileOptions = {}) {
    super()
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
}

class MemoryJournal extends MediumHandle implements Journal {
  readonly #file: MemoryJournalFile

  constructor(file: MemoryJournalFile) {
    super(file)
    this.#file = file
  }

  async append(record: Uint8Array): Promise<void> {
    this.requireOpen()
    const frame = encodeFrame(record)
    return this.#write(frame, () => concatBytes(this.#file.bytes, frame))
  }

  async replace(record: Uint8Array): Promise<void> {
    this.requireOpen()
    const frame = encodeFrame(record)
    return this.#write(frame, () => frame)
  }

  async read(): Promise<Uint8Array[]> {
    this.requireOpen()
    return this.queue.run(() => scanFrames(this.#file.bytes).records)
  }

  #write(frame: Uint8Array, contents: () => Uint8Array): Promise<void> {
    return this.queue.run(async () => {
      await this.#file.settle(frame.length)
      this.requireWriting()
      const bytes = contents()
      if (bytes.length > JOURNAL_BYTES) throw new StorageError('storage-full', { limitBytes: JOURNAL_BYTES })
      this.#file.bytes = bytes
    })
  }
}
