/** Where a node process keeps what it must not lose. */
import path from 'node:path'
import { beginSigningRecord } from '../../node/signer.ts'
import { openFileJournal } from './file-journal.ts'

export interface NodeHome {
  readonly chain: string
  readonly journal: string
  readonly lock: string
}

export function nodeHome(home: string): NodeHome {
  return {
    chain: path.join(home, 'chain'),
    journal: path.join(home, 'signing.journal'),
    lock: path.join(home, 'lock'),
  }
}

/** With the keys: without it a node takes its signing record for lost. */
export async function beginSigningRecordIn(home: string): Promise<void> {
  const journal = await openFileJournal(nodeHome(home).journal)
  try {
    await beginSigningRecord(journal)
  } finally {
    await journal.close()
  }
}
