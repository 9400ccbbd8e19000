/**
 * A journal in one file of checksummed frames. An append is one write and an fdatasync; `replace` writes a second file and
 * renames it over the first, so a crash leaves the old journal or the new one.
 */
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { encodeFrame, scanFrames } from '../journal-frames.ts'
import { JOURNAL_BYTES } from '../limits.ts'
import { SerialQueue } from '../serial-queue.ts'
import { diskError } from './disk-error.ts'
import { syncDirectory, writeReplacement } from './durable-file.ts'

const OWNER_ONLY = 0o600

/**
 * Makes the file when it is not there and cuts off a torn tail. Rejects with 'storage-lost' when the file is damaged before
 * its tail or is no journal; the file is then left as it is (see setJournalAside).
 */
export async function openFileJournal(file: string): Promise<Journal> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const handle = await openOrCreate(file)
    try {
      const bytes = await readWhole(handle, file)
      const { wholeBytes, damaged } = scanFrames(bytes)
      if (damaged) throw new StorageError('storage-lost', { path: file, reason: 'damaged', wholeBytes })
      if (wholeBytes < bytes.length) await handle.truncate(wholeBytes)
      await handle.datasync()
      await syncDirectory(path.dirname(file))
      return new FileJournal(file, handle, wholeBytes)
    } catch (error) {
      await handle.close()
      throw error
    }
  } catch (error) {
    throw diskError(error, file)
  }
}

/** For a damaged journal whose loss was accepted: renames it, so that the next open begins an empty one. Returns its new name. */
export async function setJournalAside(file: string): Promise<string> {
  const aside = `${file}.damaged-${Date.now()}`
  await rename(file, aside)
  await syncDirectory(path.dirname(file))
  return aside
}

class FileJournal implements Journal {
  readonly #file: string
  #handle: FileHandle
  #length: number
  readonly #queue = new SerialQueue()
  #closing: Promise<void> | null = null
  /** After a failed write or sync the file's contents are unknown until it is opened again. */
  #failure: StorageError | null = null

  constructor(file: string, handle: FileHandle, length: number) {
    this.#file = file
    this.#handle = handle
    this.#length = length
  }

  async append(record: Uint8Array): Promise<void> {
    this.#requireOpen()
    const frame = encodeFrame(record)
    return this.#run(async () => {
      if (this.#length + frame.length > JOURNAL_BYTES) {
        throw new StorageError('storage-full', { path: this.#file, limitBytes: JOURNAL_BYTES })
      }
      await this.#write(frame)
      this.#length += frame.length
    })
  }

  async replace(record: Uint8Array): Promise<void> {
    this.#requireOpen()
    const frame = encodeFrame(record)
    return this.#run(async () => {
      const old = this.#handle
      // A disk without room for it leaves the journal as it was.
      const takePlace = await writeReplacement(this.#file, frame, OWNER_ONLY)
      await this.#failing(async () => {
        await takePlace()
        this.#handle = await open(this.#file, 'r+')
      })
      this.#length = frame.length
      await old.close()
    })
  }

  async read(): Promise<Uint8Array[]> {
    this.#requireOpen()
    return this.#run(async () => scanFrames(await readWhole(this.#handle, this.#file)).records)
  }

  close(): Promise<void> {
    this.#closing ??= this.#queue.run(() => this.#handle.close())
    return this.#closing
  }

  /** A disk that is full leaves part of a frame: it is cut off, and the journal stays usable when that works. */
  async #write(frame: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < frame.length; ) {
        done += (await this.#handle.write(frame, done, frame.length - done, this.#length + done)).bytesWritten
      }
    } catch (error) {
      await this.#failing(() => this.#handle.truncate(this.#length))
      throw error
    }
    await this.#failing(() => this.#handle.datasync())
  }

  async #failing(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#failure = diskError(error, this.#file)
      throw error
    }
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#failure) throw new StorageError('storage-lost', this.#failure.data, { cause: this.#failure })
      try {
        return await work()
      } catch (error) {
        throw diskError(error, this.#file)
      }
    })
  }

  #requireOpen(): void {
    if (this.#closing) throw new StorageError('storage-lost', { path: this.#file, reason: 'closed' })
  }
}

async function openOrCreate(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return open(file, 'wx+', OWNER_ONLY)
  }
}

async function readWhole(handle: FileHandle, file: string): Promise<Uint8Array> {
  const { size } = await stat(file)
  if (size > JOURNAL_BYTES)
    throw new StorageError('storage-lost', { path: file, reason: 'too large', bytes: size })
  const bytes = new Uint8Array(size)
  let done = 0
  while (done < size) {
    const { bytesRead } = await handle.read(bytes, done, size - done, done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}
