/** Synchronous files of the origin's private file system. They exist in dedicated workers only, one handle a file. */
import { reasonOf, StorageError } from '../../ports/storage-error.ts'

export interface SyncFile {
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
  write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}

interface SyncFileHandle {
  createSyncAccessHandle?(): Promise<SyncFile>
}

const DIRECTORY = 'aitbc-journal'
/** A worker that just ended may still hold its handle. */
export const HANDLE_WAIT_MS = 5_000
const HANDLE_RETRY_MS = 50

/** Whether this thread of this browser has synchronous handles at all. */
export function hasSyncFiles(): boolean {
  return (
    typeof FileSystemFileHandle !== 'undefined' && 'createSyncAccessHandle' in FileSystemFileHandle.prototype
  )
}

/** Rejects with 'storage-blocked' when another thread still holds the file after `waitMs`. */
export async function openSyncFile(name: string, waitMs: number): Promise<SyncFile> {
  const root = await navigator.storage.getDirectory()
  const directory = await root.getDirectoryHandle(DIRECTORY, { create: true })
  const handle = (await directory.getFileHandle(name, { create: true })) as unknown as SyncFileHandle
  if (!handle.createSyncAccessHandle)
    throw new StorageError('storage-lost', { name, reason: 'no synchronous handles' })
  for (let waitedMs = 0; ; waitedMs += HANDLE_RETRY_MS) {
    try {
      return await handle.createSyncAccessHandle()
    } catch (error) {
      if (!isHeld(error)) throw error
      if (waitedMs >= waitMs)
        throw new StorageError('storage-blocked', { name, reason: reasonOf(error) }, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, HANDLE_RETRY_MS))
    }
  }
}

export async function removeSyncFile(name: string): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const directory = await root.getDirectoryHandle(DIRECTORY, { create: true })
  await directory.removeEntry(name).catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
  })
}

function isHeld(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NoModificationAllowedError'
}

export function readAll(file: SyncFile): Uint8Array {
  const bytes = new Uint8Array(file.getSize())
  const read = file.read(bytes, { at: 0 })
  return bytes.subarray(0, read)
}

/** Throws unless every byte was taken. */
export function writeAll(file: SyncFile, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const written = file.write(bytes, { at })
  if (written !== bytes.length) throw new StorageError('storage-full', { wanted: bytes.length, written })
}
