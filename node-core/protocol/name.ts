/** Names that people give and others read. */
import { utf8 } from '../lib/bytes.ts'
import { MAX_NAME_BYTES } from './constants.ts'

/**
 * Characters that are not seen or turn what is seen around: control characters, joiners and spaces of no width, separators,
 * direction marks. By number: Unicode's classes grow with an engine's version, and nodes must agree.
 */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0xa0],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200f],
  [0x2028, 0x202f],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
]

/** 1 to 32 bytes of UTF-8, no space at either end, nothing hidden. */
export function isValidName(name: string): boolean {
  const length = utf8(name).length
  if (length < 1 || length > MAX_NAME_BYTES || name.startsWith(' ') || name.endsWith(' ')) return false
  return [...name].every((character) => {
    const point = character.codePointAt(0)!
    return HIDDEN.every(([first, last]) => point < first || point > last)
  })
}
