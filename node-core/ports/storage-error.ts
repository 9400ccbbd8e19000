/** Why durable bytes could not be read or written. Every adapter of Storage and Journal rejects with one of these. */
import { CodedError } from './coded-error.ts'

export type StorageErrorCode =
  /** No room: the quota or the disk is used up, or a journal reached its own limit. Nothing was written. */
  | 'storage-full'
  /** Closed, deleted, damaged or failing: what was promised may still be there, this handle cannot reach it. */
  | 'storage-lost'
  /** Another process, tab or version holds it. */
  | 'storage-blocked'
  /** More operations are waiting than SERIAL_OPERATIONS. */
  | 'storage-busy'
  /** One journal record above JOURNAL_RECORD_BYTES. */
  | 'record-too-large'

export class StorageError extends CodedError<StorageErrorCode> {
  override readonly name = 'StorageError'
}

/** For the `reason` in an error's data. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
