/** The contract cases of ports, run against the browser's own storage. A name is used once, so that cases cannot meet. */
import { openBrowserJournal } from '../../node-core/adapters/browser/browser-journal.ts'
import { GuardedDatabase } from '../../node-core/adapters/browser/guarded-database.ts'
import { openIndexedDbJournal } from '../../node-core/adapters/browser/indexeddb-journal.ts'
import { openIndexedDbStorage } from '../../node-core/adapters/browser/indexeddb-storage.ts'
import {
  openSyncFile,
  readAll,
  type SyncFile,
  writeAll,
} from '../../node-core/adapters/browser/opfs-handle.ts'
import { openOpfsJournal, removeOpfsJournal } from '../../node-core/adapters/browser/opfs-journal.ts'
import type { ContractCase, HarnessFactory } from '../../node-core/ports/contract-case.ts'
import { type JournalHarness, journalCases, type RawFile } from '../../node-core/ports/journal-cases.ts'
import { type StorageHarness, storageCases } from '../../node-core/ports/storage-cases.ts'

const WAIT_MS = 2_000
let names = 0
const freshName = (kind: string): string => `case-${kind}-${Date.now()}-${names++}`

const indexedDbStorage: HarnessFactory<StorageHarness> = async () => {
  const name = freshName('storage')
  return {
    open: () => openIndexedDbStorage(name),
    crash: (storage) => storage.close(),
    dispose: async () => void indexedDB.deleteDatabase(name),
  }
}

const opfsJournal: HarnessFactory<JournalHarness> = async () => {
  const name = freshName('opfs')
  return {
    open: () => openOpfsJournal(name, { waitMs: WAIT_MS }),
    crash: (journal) => journal.close(),
    file: currentFile(name),
    dispose: () => removeOpfsJournal(name),
  }
}

const indexedDbJournal: HarnessFactory<JournalHarness> = async () => {
  const name = freshName('journal')
  const upgrade = (database: { createObjectStore(name: string, options: object): unknown }): void =>
    void database.createObjectStore('records', { autoIncrement: true })
  return {
    open: async () =>
      openIndexedDbJournal(await GuardedDatabase.open({ name, version: 1, upgrade }), 'records'),
    crash: (journal) => journal.close(),
    file: null,
    dispose: async () => void indexedDB.deleteDatabase(name),
  }
}

const browserJournal: HarnessFactory<JournalHarness> = async () => {
  const name = freshName('browser')
  return {
    open: async () => (await openBrowserJournal(name)).journal,
    crash: (journal) => journal.close(),
    file: currentFile(name),
    dispose: () => removeOpfsJournal(name),
  }
}

/** Of the two files of a journal the one that is not empty. */
export function currentFile(name: string): RawFile {
  const use = async <T>(work: (file: SyncFile) => T): Promise<T> => {
    const sides = [
      await openSyncFile(`${name}.a`, WAIT_MS),
      await openSyncFile(`${name}.b`, WAIT_MS),
    ] as const
    try {
      return work(sides[1].getSize() > 0 ? sides[1] : sides[0])
    } finally {
      for (const side of sides) side.close()
    }
  }
  return {
    read: () => use(readAll),
    write: (bytes) =>
      use((file) => {
        file.truncate(0)
        writeAll(file, new Uint8Array(bytes), 0)
        file.flush()
      }),
  }
}

/** Contents of both files of a closed journal, in the order of their names. */
export async function readSides(name: string): Promise<Uint8Array[]> {
  return Promise.all(['a', 'b'].map((side) => withFile(`${name}.${side}`, readAll)))
}

export async function writeSides(name: string, contents: readonly Uint8Array[]): Promise<void> {
  for (const [i, side] of ['a', 'b'].entries()) {
    await withFile(`${name}.${side}`, (file) => {
      file.truncate(0)
      writeAll(file, new Uint8Array(contents[i]!), 0)
      file.flush()
    })
  }
}

async function withFile<T>(name: string, work: (file: SyncFile) => T): Promise<T> {
  const file = await openSyncFile(name, WAIT_MS)
  try {
    return work(file)
  } finally {
    file.close()
  }
}

/** Title → what went wrong; null: nothing. */
export async function runContracts(): Promise<Record<string, string | null>> {
  return {
    ...(await runCases('IndexedDB storage', storageCases, indexedDbStorage)),
    ...(await runCases('OPFS journal', journalCases, opfsJournal)),
    ...(await runCases('IndexedDB journal', journalCases, indexedDbJournal)),
    ...(await runCases('browser journal', journalCases, browserJournal)),
  }
}

async function runCases<Harness>(
  title: string,
  cases: readonly ContractCase<Harness>[],
  factory: HarnessFactory<Harness>,
): Promise<Record<string, string | null>> {
  const outcomes: Record<string, string | null> = {}
  for (const { name, run } of cases) {
    const harness = await factory()
    outcomes[`${title}: ${name}`] = await run(harness).then(
      () => null,
      (error: unknown) => String(error),
    )
    await harness.dispose()
  }
  return outcomes
}
