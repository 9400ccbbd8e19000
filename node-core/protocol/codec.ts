/** From bytes to values and back. The formats are beside this file, one kind each: codec-*.ts. */
import type { Type } from '@chainsafe/ssz'
import { equalBytes } from '../lib/bytes.ts'
import { DecodeFault } from './ssz-base.ts'

/**
 * malformed: not such a value, or a limit inside is passed; too-large: more bytes than any such value has;
 * non-canonical: a second encoding of a value; unknown-type: a kind or scheme this version does not know.
 */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly code: 'malformed' | 'too-large' | 'non-canonical' | 'unknown-type'
      readonly detail: string
    }

/** Total: whatever the bytes are, this answers. The value shares no memory with `bytes`. */
export function decodeWith<T>(type: Type<T>, bytes: Uint8Array, maxBytes: number): Decoded<T> {
  if (bytes.length > maxBytes)
    return { ok: false, code: 'too-large', detail: `${bytes.length} bytes, at most ${maxBytes}` }
  try {
    const value = type.deserialize(bytes)
    if (!equalBytes(type.serialize(value), bytes))
      return { ok: false, code: 'non-canonical', detail: type.typeName }
    return { ok: true, value }
  } catch (error) {
    const code = error instanceof DecodeFault ? error.code : 'malformed'
    return { ok: false, code, detail: error instanceof Error ? error.message : String(error) }
  }
}
