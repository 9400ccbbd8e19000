/** Files that are whole or not there, whatever moment the power goes. */
import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** Makes the directory's entries durable: a renamed or new file may otherwise be gone after a power loss. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directories and keeps its entries durable itself.
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Writes a new file, durable when the promise resolves. Rejects with EEXIST when there is one of that name already, which is
 * left as it was; two writers at the same time cannot both succeed.
 */
export async function writeNewFile(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeDurably(temporary, text, mode)
    await link(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
  await syncDirectory(path.dirname(file))
}

/** Writes or overwrites a file: old or new contents, never a mixture. */
export async function replaceFile(file: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const takePlace = await writeReplacement(file, bytes, mode)
  await takePlace()
}

/** Writes beside the file, which stays as it is until what this resolves with is called. */
export async function writeReplacement(
  file: string,
  bytes: Uint8Array | string,
  mode: number,
): Promise<() => Promise<void>> {
  const temporary = `${file}.tmp`
  await rm(temporary, { force: true })
  await writeDurably(temporary, bytes, mode)
  return async () => {
    await rename(temporary, file)
    await syncDirectory(path.dirname(file))
  }
}

async function writeDurably(file: string, bytes: Uint8Array | string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode)
  try {
    await handle.writeFile(bytes)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
