/** The signing journal of a node process on disk: opened at its start, exported and imported while it is stopped. */
import { exportSigning, type Imported, importSigning, resumeSigning } from '../../node/signing-transfer.ts'
import { type HeldKeys, publicKeysOf } from '../../node/validator-keys.ts'
import type { Journal } from '../../ports/storage.ts'
import { StorageError } from '../../ports/storage-error.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import type { Genesis } from '../../protocol/genesis.ts'
import { genesisHash } from '../../protocol/hash.ts'
import { openFileJournal, setJournalAside } from './file-journal.ts'
import { acquireLock } from './lock-file.ts'
import { nodeHome } from './node-home.ts'

export interface SigningHome {
  readonly home: string
  readonly genesis: Genesis
  readonly keys: HeldKeys
}

/**
 * A damaged journal tells nothing: it is kept under another name for people to look at, and the empty one in its place counts
 * as lost, so the signer waits as for any loss. Rejects with a StorageError when none can be opened.
 */
export async function openSigningJournal(file: string, telemetry: Telemetry): Promise<Journal> {
  try {
    return await openFileJournal(file)
  } catch (error) {
    if (!(error instanceof StorageError) || error.data.reason !== 'damaged') throw error
    const aside = await setJournalAside(file)
    telemetry.log(
      'error',
      'signer',
      `the signing journal is damaged; it is kept as ${aside} and counts as lost`,
    )
    return openFileJournal(file)
  }
}

/** Rejects with 'key-in-use' while a node runs there, else as exportSigning does. */
export function exportSigningOf(at: SigningHome): Promise<string> {
  return withJournal(at, (journal) => exportSigning(journal, ownerOf(at)))
}

/** false: nothing was exported. Rejects with 'key-in-use' while a node runs there. */
export function resumeSigningOf(at: SigningHome): Promise<boolean> {
  return withJournal(at, resumeSigning)
}

/** Rejects with 'key-in-use' while a node runs there, else as importSigning does. */
export function importSigningInto(at: SigningHome, text: string): Promise<Imported> {
  return withJournal(at, (journal) => importSigning(journal, ownerOf(at), text))
}

async function withJournal<T>({ home }: SigningHome, work: (journal: Journal) => Promise<T>): Promise<T> {
  const paths = nodeHome(home)
  const lock = await acquireLock(paths.lock)
  try {
    const journal = await openFileJournal(paths.journal)
    try {
      return await work(journal)
    } finally {
      await journal.close()
    }
  } finally {
    await lock.release()
  }
}

function ownerOf({ genesis, keys }: SigningHome) {
  return {
    chainId: genesis.chainId,
    genesisHash: genesisHash(genesis),
    publicKeys: publicKeysOf(keys),
  }
}
