/**
 * A journal in two files of the origin's private file system, of which one is current. Each begins with a header frame that
 * numbers its generation and says whether a first record belongs to it; the highest complete generation is current.
 * `replace` writes the next generation whole into the other file and flushes it before the current one is emptied: whenever
 * the thread dies, the old records or the new one are there.
 */
import { concatBytes } from '../../lib/bytes.ts'
import type { Journal } from '../../ports/storage.ts'
import { reasonOf, StorageError } from '../../ports/storage-error.ts'
import { encodeFrame, FRAME_OVERHEAD_BYTES, type FrameScan, scanFrames } from '../journal-frames.ts'
import { JOURNAL_BYTES } from '../limits.ts'
import { databaseError } from './guarded-database.ts'
import { openSyncFile, readAll, removeSyncFile, type SyncFile, writeAll } from './opfs-handle.ts'

const HEADER_BYTES = 9
const FILES = ['a', 'b'] as const

interface Side {
  readonly file: SyncFile
  readonly scan: FrameScan
  /** null: the file is not the complete beginning of a generation. */
  readonly generation: number | null
}

/**
 * Rejects with 'storage-blocked' when another thread holds the files for longer than `waitMs`, and with 'storage-lost' when
 * what is in them is damaged; they are then left as they are.
 */
export async function openOpfsJournal(name: string, options: { readonly waitMs: number }): Promise<Journal> {
  const files: SyncFile[] = []
  try {
    for (const side of FILES) files.push(await openSyncFile(`${name}.${side}`, options.waitMs))
    return openSides(name, files.map(examine) as [Side, Side])
  } catch (error) {
    for (const file of files) file.close()
    throw databaseError(error, name)
  }
}

/** For a damaged journal whose loss was accepted; the next open begins an empty one. */
export async function removeOpfsJournal(name: string): Promise<void> {
  for (const side of FILES) await removeSyncFile(`${name}.${side}`)
}

function openSides(name: string, sides: [Side, Side]): Journal {
  const [a, b] = sides
  const current = (a.generation ?? 0) >= (b.generation ?? 0) ? a : b
  const other = current === a ? b : a
  if (current.generation === null) return beginJournal(name, sides)
  if (current.scan.damaged) throw new StorageError('storage-lost', { name, reason: 'damaged' })
  current.file.truncate(current.scan.wholeBytes)
  current.file.flush()
  emptyFile(other.file)
  return new OpfsJournal(name, [current.file, other.file], current.generation, current.scan.wholeBytes)
}

/** Nothing was ever acknowledged when at most an unfinished first header is there. */
function beginJournal(name: string, [a, b]: [Side, Side]): Journal {
  const untouched = ({ file }: Side): boolean => file.getSize() < FRAME_OVERHEAD_BYTES + HEADER_BYTES
  if (!untouched(a) || b.file.getSize() > 0)
    throw new StorageError('storage-lost', { name, reason: 'damaged' })
  const header = headerFrame(1, false)
  a.file.truncate(0)
  writeAll(a.file, header, 0)
  a.file.flush()
  return new OpfsJournal(name, [a.file, b.file], 1, header.length)
}

class OpfsJournal implements Journal {
  readonly #name: string
  #current: SyncFile
  #other: SyncFile
  #generation: number
  #length: number
  /** Why nothing can be read or written any more. */
  #lost: string | null = null

  constructor(name: string, [current, other]: [SyncFile, SyncFile], generation: number, length: number) {
    this.#name = name
    this.#current = current
    this.#other = other
    this.#generation = generation
    this.#length = length
  }

  async append(record: Uint8Array): Promise<void> {
    this.#requireOpen()
    const frame = encodeFrame(record)
    if (this.#length + frame.length > JOURNAL_BYTES) {
      throw new StorageError('storage-full', { name: this.#name, limitBytes: JOURNAL_BYTES })
    }
    this.#attempt(
      () => {
        writeAll(this.#current, frame, this.#length)
        this.#current.flush()
      },
      () => this.#current.truncate(this.#length),
    )
    this.#length += frame.length
  }

  async replace(record: Uint8Array): Promise<void> {
    this.#requireOpen()
    const contents = concatBytes(headerFrame(this.#generation + 1, true), encodeFrame(record))
    this.#attempt(
      () => {
        this.#other.truncate(0)
        writeAll(this.#other, new Uint8Array(contents), 0)
        this.#other.flush()
      },
      () => emptyFile(this.#other),
    )
    const old = this.#current
    this.#current = this.#other
    this.#other = old
    this.#generation++
    this.#length = contents.length
    // An old generation that cannot be emptied could be taken for the current one after damage to the new.
    this.#attempt(
      () => emptyFile(old),
      () => undefined,
    )
  }

  async read(): Promise<Uint8Array[]> {
    this.#requireOpen()
    return scanFrames(readAll(this.#current)).records.slice(1)
  }

  async close(): Promise<void> {
    if (this.#lost === 'closed') return
    this.#lost = 'closed'
    this.#current.close()
    this.#other.close()
  }

  /** What failed half-way is undone; when that fails too, nothing here can be trusted until it is opened again. */
  #attempt(work: () => void, undo: () => void): void {
    try {
      work()
    } catch (error) {
      try {
        undo()
      } catch (undoError) {
        this.#lost = reasonOf(undoError)
      }
      throw databaseError(error, this.#name)
    }
  }

  #requireOpen(): void {
    if (this.#lost) throw new StorageError('storage-lost', { name: this.#name, reason: this.#lost })
  }
}

function examine(file: SyncFile): Side {
  const scan = scanFrames(readAll(file))
  return { file, scan, generation: completeGeneration(scan.records) }
}

function headerFrame(generation: number, withRecord: boolean): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES)
  new DataView(header.buffer).setBigUint64(0, BigInt(generation), true)
  header[HEADER_BYTES - 1] = withRecord ? 1 : 0
  return encodeFrame(header)
}

function completeGeneration(records: readonly Uint8Array[]): number | null {
  const [header] = records
  if (header?.length !== HEADER_BYTES) return null
  const firstRecords = header[HEADER_BYTES - 1]!
  if (records.length < 1 + firstRecords) return null
  return Number(new DataView(header.buffer, header.byteOffset).getBigUint64(0, true))
}

function emptyFile(file: SyncFile): void {
  if (file.getSize() === 0) return
  file.truncate(0)
  file.flush()
}
