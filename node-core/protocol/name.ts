/** Names that people give and others read. */
import { utf8 } from '../lib/bytes.ts'
import { MAX_NAME_BYTES } from './constants.ts'

/** 1 to 32 bytes of UTF-8, no space at either end, and no character that hides: control, format, private, separators. */
export function isValidName(name: string): boolean {
  if (!name.isWellFormed() || name !== name.trim()) return false
  const length = utf8(name).length
  return length >= 1 && length <= MAX_NAME_BYTES && !/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(name)
}
