/** From bytes to values and back. The formats are beside this file, one kind each: codec-*.ts. */
import type { Type } from '@chainsafe/ssz'
import { equalBytes } from '../lib/bytes.ts'
import { DecodeFault, type Views } from './ssz-base.ts'

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

/** What type.serialize makes, at less cost where it is small. @internal */
export function encodeWith<T>(type: Type<T>, value: T): Uint8Array {
  const bytes = serialized(type, value)
  return bytes.buffer === scratch.uint8Array.buffer ? bytes.slice() : bytes
}

/** PERF: small values are written into one buffer; a new one, with its views, takes longer than the writing. */
const SCRATCH_BYTES = 4_096
const scratch = viewsOf(new Uint8Array(SCRATCH_BYTES))

function viewsOf(uint8Array: Uint8Array): Views {
  return { uint8Array, dataView: new DataView(uint8Array.buffer) }
}

/** In the shared buffer, to be read before the next call, or in one of its own. */
function serialized<T>(type: Type<T>, value: T): Uint8Array {
  const size = type.fixedSize ?? type.value_serializedSize(value)
  if (size > SCRATCH_BYTES) return type.serialize(value)
  type.value_serializeToBytes(scratch, 0, value)
  return scratch.uint8Array.subarray(0, size)
}

/** Total: whatever the bytes are, this answers. The value shares no memory with `bytes`. @internal */
export function decodeWith<T>(type: Type<T>, bytes: Uint8Array, maxBytes: number): Decoded<T> {
  if (bytes.length > maxBytes)
    return { ok: false, code: 'too-large', detail: `${bytes.length} bytes, at most ${maxBytes}` }
  try {
    const value = type.deserialize(bytes)
    if (!equalBytes(serialized(type, value), bytes))
      return { ok: false, code: 'non-canonical', detail: type.typeName }
    return { ok: true, value }
  } catch (error) {
    const code = error instanceof DecodeFault ? error.code : 'malformed'
    return { ok: false, code, detail: error instanceof Error ? error.message : String(error) }
  }
}
