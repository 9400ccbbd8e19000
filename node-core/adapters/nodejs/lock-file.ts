/**
 * One process at a time, for a key that must not sign in two places. Node has no file lock of its own; LevelDB takes the
 * kernel's (fcntl, LockFileEx) on the LOCK file of its directory, so an empty database is the lock. The kernel drops it when
 * the process ends in any way, which is why no lock is ever stale and a process id used again means nothing; it also holds
 * between containers that share the directory, where process ids do not. `holder.json` beside it is for people.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { ClassicLevel } from 'classic-level'
import { CodedError } from '../../ports/coded-error.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { diskError } from './disk-error.ts'
import { replaceFile } from './durable-file.ts'

export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** Milliseconds since the Unix epoch. */
  readonly sinceMs: number
}

export interface HeldLock {
  /** The lock is free when the promise resolves. */
  release(): Promise<void>
}

const HOLDER_FILE = 'holder.json'
const HOLDER_CHARACTERS = 1_000

/**
 * Takes the lock kept in `directory`, made when it is not there. Rejects with a CodedError 'key-in-use', data {path, holder:
 * LockHolder | null} while this or another process holds it, or a StorageError when the directory cannot be used.
 */
export async function acquireLock(directory: string): Promise<HeldLock> {
  const database = new ClassicLevel(directory)
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await database.open()
  } catch (error) {
    throw await refusal(error, directory)
  }
  const holder: LockHolder = { pid: process.pid, host: hostname(), sinceMs: Date.now() }
  try {
    await replaceFile(path.join(directory, HOLDER_FILE), JSON.stringify(holder), 0o600)
  } catch (error) {
    await database.close()
    throw diskError(error, directory)
  }
  return { release: () => database.close() }
}

async function refusal(error: unknown, directory: string): Promise<Error> {
  const known = diskError(error, directory)
  if (!(known instanceof StorageError) || known.code !== 'storage-blocked') return known
  return new CodedError(
    'key-in-use',
    { path: directory, holder: await readHolder(directory) },
    { cause: error },
  )
}

async function readHolder(directory: string): Promise<LockHolder | null> {
  try {
    const text = await readFile(path.join(directory, HOLDER_FILE), 'utf8')
    const { pid, host, sinceMs } = JSON.parse(text.slice(0, HOLDER_CHARACTERS)) as Record<string, unknown>
    const whole = typeof pid === 'number' && typeof host === 'string' && typeof sinceMs === 'number'
    return whole ? { pid, host, sinceMs } : null
  } catch {
    return null
  }
}
