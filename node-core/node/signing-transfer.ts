/** Takes the signing record out of a journal, and merges one into it. No signer may use the journal meanwhile. */
import type { Position } from '../consensus/replica-state.ts'
import { recordBound } from '../consensus/replica-state.ts'
import { comparePositions } from '../consensus/signing-guard.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { Journal } from '../ports/storage.ts'
import type { Height } from '../protocol/ids.ts'
import { markExported, replaceRecord, restoreSigner } from './signer.ts'
import { readInterchange, type SigningOwner, writeInterchange } from './signing-interchange.ts'

export interface Imported {
  /** Where the record stands now; null: nothing was ever signed. */
  readonly position: Position | null
  /** false: the record here was at least as far. */
  readonly changed: boolean
  /** The first height that may be signed. */
  readonly signsFromHeight: Height
}

/**
 * From before the file exists nothing is signed by this journal, whoever opens it, until `resumeSigning` or an import of what
 * was signed elsewhere since: two machines must not sign by one record. Again, it gives the same file. Rejects with
 * 'signing-record-lost': what is not known cannot be given away.
 */
export async function exportSigning(journal: Journal, owner: SigningOwner): Promise<string> {
  const { record, lost, exported } = await restoreSigner(journal)
  if (lost) throw new CodedError('signing-record-lost')
  if (!exported) await markExported(journal, true)
  return writeInterchange(owner, record)
}

/** A person vouches that no other node signs by the record that was exported. false: none was. */
export async function resumeSigning(journal: Journal): Promise<boolean> {
  const { exported } = await restoreSigner(journal)
  if (exported) await markExported(journal, false)
  return exported
}

/**
 * The higher of the two positions counts from now on. An imported one comes without what was prepared there, so nothing is
 * signed at or below its height. It also ends a loss: whoever imports vouches that the file is the last of its key. Rejects
 * with the codes of InterchangeFault, and with 'signing-record-lost' when the record here is lost and the file holds nothing
 * that could stand for it; then nothing was changed.
 */
export async function importSigning(journal: Journal, owner: SigningOwner, text: string): Promise<Imported> {
  const read = readInterchange(text, owner)
  if (!read.ok) throw new CodedError(read.fault.code, read.fault.data)
  const { record, lost } = await restoreSigner(journal)
  const { position } = read
  const isHigher = position && (!record || comparePositions(position, record.position) > 0)
  if (isHigher) {
    await replaceRecord(journal, { position, messages: [], lastCommit: null, prepared: null })
    return { position, changed: true, signsFromHeight: position.height + 1 }
  }
  if (lost) throw new CodedError('signing-record-lost')
  const signsFromHeight = recordBound(record) || (record?.position.height ?? 1)
  return { position: record?.position ?? null, changed: false, signsFromHeight }
}
