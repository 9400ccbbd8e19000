/** Errors of the operating system and of LevelDB as storage errors. */
import { reasonOf, StorageError } from '../../ports/storage-error.ts'

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

export function diskError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error
  const codes = codesOf(error)
  const reason = reasonOf(error)
  if (codes.includes('LEVEL_LOCKED'))
    return new StorageError('storage-blocked', { path, reason }, { cause: error })
  if (codes.some((code) => FULL.has(code)) || /no space left|quota exceeded/i.test(reason)) {
    return new StorageError('storage-full', { path, reason }, { cause: error })
  }
  return new StorageError('storage-lost', { path, reason }, { cause: error })
}

/** Codes of an error and of its causes, outermost first. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  const CAUSES = 8
  for (let at = error, depth = 0; at instanceof Error && depth < CAUSES; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') codes.push(at.code)
  }
  return codes
}
