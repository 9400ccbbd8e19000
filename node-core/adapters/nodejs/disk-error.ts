/** Errors of the operating system and of LevelDB as storage errors. */
import { reasonOf, StorageError } from '../../ports/storage-error.ts'

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
/** The same as LevelDB tells them: in words alone. */
const FULL_WORDS = /no space left|quota exceeded|file too large/i

export function diskError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error
  const chain = withCauses(error)
  const codes = chain.map(codeOf)
  const reason = reasonOf(error)
  if (codes.includes('LEVEL_LOCKED'))
    return new StorageError('storage-blocked', { path, reason }, { cause: error })
  const isFull =
    codes.some((code) => FULL_CODES.has(code)) || chain.some((each) => FULL_WORDS.test(reasonOf(each)))
  return new StorageError(isFull ? 'storage-full' : 'storage-lost', { path, reason }, { cause: error })
}

/** Outermost first. */
function withCauses(error: unknown): unknown[] {
  const chain: unknown[] = [error]
  const CAUSES = 8
  for (let at = error; at instanceof Error && at.cause !== undefined && chain.length < CAUSES; at = at.cause)
    chain.push(at.cause)
  return chain
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
