/**
 * The journal of a tab's worker: in OPFS where that works, else in IndexedDB. Where it lives is written down at the first
 * open and never changes by itself: a validator that found its files held by someone else and began a second journal
 * elsewhere would forget what it signed.
 */
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import { GuardedDatabase, inTransaction } from './guarded-database.ts'
import { openIndexedDbJournal } from './indexeddb-journal.ts'
import { HANDLE_WAIT_MS, hasSyncFiles } from './opfs-handle.ts'
import { openOpfsJournal, removeOpfsJournal } from './opfs-journal.ts'

export type JournalHome = 'opfs' | 'indexeddb'

const VERSION = 1
const HOME = 'home'
const RECORDS = 'records'
const HOME_KEY = 'home'

export interface BrowserJournalOptions {
  /** How long to wait for a worker that is ending to let go of the files. */
  readonly waitMs?: number
}

/** Rejects with 'storage-blocked' while another worker has this journal open, 'storage-lost' when it is damaged. */
export async function openBrowserJournal(
  name: string,
  { waitMs = HANDLE_WAIT_MS }: BrowserJournalOptions = {},
): Promise<{ readonly journal: Journal; readonly home: JournalHome }> {
  const database = await openHomeDatabase(name)
  try {
    const known = await database.read((db) => db.get(HOME, HOME_KEY) as Promise<JournalHome | undefined>)
    if (known === 'opfs') {
      if (!hasSyncFiles())
        throw new StorageError('storage-lost', { name, reason: 'its files cannot be opened in this thread' })
      return await inOpfs(database, await openOpfsJournal(name, { waitMs }))
    }
    const fresh = known ? null : await tryOpfs(name, waitMs)
    if (fresh) return await inOpfs(database, await settledIn(database, fresh))
    if (!known) await writeHome(database, 'indexeddb')
    return { journal: await openIndexedDbJournal(database, RECORDS), home: 'indexeddb' }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** For a journal whose loss was accepted: the next open begins an empty one. */
export async function removeBrowserJournal(name: string): Promise<void> {
  const database = await openHomeDatabase(name)
  try {
    if (hasSyncFiles()) await removeOpfsJournal(name)
    await database.write([HOME, RECORDS], (transaction) => {
      inTransaction(transaction.objectStore(RECORDS).clear())
      inTransaction(transaction.objectStore(HOME).clear())
    })
  } finally {
    await database.close()
  }
}

function openHomeDatabase(name: string): Promise<GuardedDatabase> {
  return GuardedDatabase.open({
    name: `aitbc-journal-${name}`,
    version: VERSION,
    upgrade: (opened) => {
      opened.createObjectStore(HOME)
      opened.createObjectStore(RECORDS, { autoIncrement: true })
    },
  })
}

async function inOpfs(
  database: GuardedDatabase,
  journal: Journal,
): Promise<{ journal: Journal; home: JournalHome }> {
  await database.close()
  return { journal, home: 'opfs' }
}

async function settledIn(database: GuardedDatabase, journal: Journal): Promise<Journal> {
  try {
    await writeHome(database, 'opfs')
    return journal
  } catch (error) {
    await journal.close()
    throw error
  }
}

/** null: no journal can live there. Files that are held or damaged may be a journal already: that is an error, no fallback. */
async function tryOpfs(name: string, waitMs: number): Promise<Journal | null> {
  if (!hasSyncFiles()) return null
  try {
    return await openOpfsJournal(name, { waitMs })
  } catch (error) {
    if (
      error instanceof StorageError &&
      (error.code === 'storage-blocked' || error.data.reason === 'damaged')
    )
      throw error
    return null
  }
}

function writeHome(database: GuardedDatabase, home: JournalHome): Promise<void> {
  return database.write([HOME], (transaction) =>
    inTransaction(transaction.objectStore(HOME).put(home, HOME_KEY)),
  )
}
