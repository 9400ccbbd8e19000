/**
 * What the SSZ types here share. Writing a value that its type cannot hold is a bug and throws; reading bytes throws
 * DecodeFault, which codec.ts turns into a value.
 */
import { Type } from '@chainsafe/ssz'

export type FaultCode = 'malformed' | 'non-canonical' | 'unknown-type'

export class DecodeFault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, message: string) {
    super(message)
    this.code = code
  }
}

export interface Views {
  readonly uint8Array: Uint8Array
  readonly dataView: DataView
}

/** The half of a library type that turns values into bytes and back. */
export abstract class BytesOnlyType<V> extends Type<V> {
  readonly isBasic = false
  readonly depth = 0
  readonly maxChunkCount = 1
  abstract override readonly fixedSize: number | null
  abstract override readonly minSize: number
  abstract override readonly maxSize: number
  abstract override readonly typeName: string

  tree_serializedSize(): number {
    return bytesOnly()
  }
  tree_serializeToBytes(): number {
    return bytesOnly()
  }
  tree_deserializeFromBytes(): never {
    return bytesOnly()
  }
  defaultValue(): V {
    return bytesOnly()
  }
  hashTreeRoot(): Uint8Array {
    return bytesOnly()
  }
  hashTreeRootInto(): void {
    bytesOnly()
  }
  fromJson(): V {
    return bytesOnly()
  }
  toJson(): unknown {
    return bytesOnly()
  }
  clone(): V {
    return bytesOnly()
  }
  equals(): boolean {
    return bytesOnly()
  }
}

function bytesOnly(): never {
  throw new Error('these types make bytes, not trees')
}

/** A type of exactly `bytes` bytes. */
export abstract class FixedType<V> extends BytesOnlyType<V> {
  readonly fixedSize: number
  readonly minSize: number
  readonly maxSize: number
  readonly typeName: string

  constructor(bytes: number, typeName: string) {
    super()
    this.fixedSize = bytes
    this.minSize = bytes
    this.maxSize = bytes
    this.typeName = typeName
  }

  value_serializedSize(): number {
    return this.fixedSize
  }

  protected checkSize(start: number, end: number): void {
    if (end - start !== this.fixedSize)
      throw new DecodeFault('malformed', `${this.typeName} of ${end - start} bytes`)
  }
}

/** A type of up to `maxSize` bytes. */
export abstract class VariableType<V> extends BytesOnlyType<V> {
  readonly fixedSize = null
  readonly minSize: number = 0
  readonly maxSize: number
  readonly typeName: string

  constructor(maxBytes: number, typeName: string) {
    super()
    this.maxSize = maxBytes
    this.typeName = typeName
  }

  protected checkSize(start: number, end: number): void {
    if (end - start > this.maxSize)
      throw new DecodeFault('malformed', `${this.typeName} of ${end - start} bytes`)
  }
}

/** A plain copy, whatever kind of byte array it came in. */
export function copy(data: Views, start: number, end: number): Uint8Array {
  return new Uint8Array(data.uint8Array.subarray(start, end))
}
