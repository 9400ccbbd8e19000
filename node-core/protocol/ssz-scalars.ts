/** SSZ types of one value: integers, bytes, hex ids, text. Integers are the library's, made strict. */
import { type Type, UintBigintType, UintNumberType } from '@chainsafe/ssz'
import { assert, fail } from '../lib/assert.ts'
import { type Hex, toHex, utf8 } from '../lib/bytes.ts'
import { ADDRESS_BYTES, HASH_BYTES } from './constants.ts'
import type { Address, Hash } from './ids.ts'
import { copy, DecodeFault, FixedType, VariableType, type Views } from './ssz-base.ts'

const NIBBLES = new Int8Array(128).fill(-1)
for (let digit = 0; digit < 16; digit++) NIBBLES[digit.toString(16).charCodeAt(0)] = digit

/** Fixed bytes whose value is lower-case hex with 0x. */
class HexType<V extends Hex> extends FixedType<V> {
  constructor(bytes: number) {
    super(bytes, `Hex[${bytes}]`)
  }

  value_serializeToBytes(output: Views, offset: number, value: V): number {
    if (value.length !== 2 + 2 * this.fixedSize || !value.startsWith('0x'))
      fail(`${this.typeName} is 0x and its digits`)
    for (let i = 0; i < this.fixedSize; i++) {
      const high = NIBBLES[value.charCodeAt(2 + 2 * i)] ?? -1
      const low = NIBBLES[value.charCodeAt(3 + 2 * i)] ?? -1
      if (high < 0 || low < 0) fail(`${this.typeName} is lower-case hex`)
      output.uint8Array[offset + i] = (high << 4) | low
    }
    return offset + this.fixedSize
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): V {
    this.checkSize(start, end)
    return toHex(data.uint8Array.subarray(start, end)) as V
  }
}

/** Fixed bytes. */
class BytesType extends FixedType<Uint8Array> {
  constructor(bytes: number) {
    super(bytes, `Bytes[${bytes}]`)
  }

  value_serializeToBytes(output: Views, offset: number, value: Uint8Array): number {
    if (value.length !== this.fixedSize) fail(`${this.typeName} has ${value.length} bytes`)
    output.uint8Array.set(value, offset)
    return offset + this.fixedSize
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): Uint8Array {
    this.checkSize(start, end)
    return copy(data, start, end)
  }
}

/** Two's complement, little-endian. */
class SignedBigintType extends FixedType<bigint> {
  readonly #unsigned: UintBigintType

  constructor(bytes: 8 | 16 | 32) {
    super(bytes, `Int${bytes * 8}`)
    this.#unsigned = new UintBigintType(bytes)
  }

  value_serializeToBytes(output: Views, offset: number, value: bigint): number {
    assert(BigInt.asIntN(8 * this.fixedSize, value) === value, `${this.typeName} holds the value`)
    return this.#unsigned.value_serializeToBytes(output, offset, BigInt.asUintN(8 * this.fixedSize, value))
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): bigint {
    this.checkSize(start, end)
    return BigInt.asIntN(8 * this.fixedSize, this.#unsigned.value_deserializeFromBytes(data, start, end))
  }
}

/** Unsigned bigint that refuses what does not fit instead of cutting it. */
class CheckedBigintType extends UintBigintType {
  override value_serializeToBytes(output: Views, offset: number, value: bigint): number {
    if (BigInt.asUintN(8 * this.byteLength, value) !== value)
      fail(`uint${8 * this.byteLength} holds the value`)
    return super.value_serializeToBytes(output, offset, value)
  }
}

/** Unsigned integer that a JavaScript number holds exactly. */
class CheckedNumberType extends UintNumberType {
  readonly #above = 2 ** (8 * this.byteLength)

  override value_serializeToBytes(output: Views, offset: number, value: number): number {
    if (!Number.isSafeInteger(value) || value < 0 || value >= this.#above)
      fail(`uint${8 * this.byteLength} holds ${value}`)
    return super.value_serializeToBytes(output, offset, value)
  }

  override value_deserializeFromBytes(data: Views, start: number, end: number): number {
    const value = super.value_deserializeFromBytes(data, start, end)
    if (!Number.isSafeInteger(value)) throw new DecodeFault('malformed', 'an integer above 2^53 - 1')
    return value
  }
}

/** One byte that has one value: the scheme of a layout. */
class OnlyNumberType extends FixedType<number> {
  readonly #only: number

  constructor(only: number) {
    super(1, `Only[${only}]`)
    this.#only = only
  }

  value_serializeToBytes(output: Views, offset: number, value: number): number {
    assert(value === this.#only, `${this.typeName}, not ${value}`)
    output.uint8Array[offset] = value
    return offset + 1
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): number {
    this.checkSize(start, end)
    const value = data.uint8Array[start]!
    if (value !== this.#only) throw new DecodeFault('unknown-type', `scheme ${value}`)
    return value
  }
}

/** At most `limit` bytes. */
class ByteListType extends VariableType<Uint8Array> {
  constructor(limit: number) {
    super(limit, `ByteList[${limit}]`)
  }

  value_serializedSize(value: Uint8Array): number {
    return value.length
  }

  value_serializeToBytes(output: Views, offset: number, value: Uint8Array): number {
    if (value.length > this.maxSize) fail(`${this.typeName} has ${value.length} bytes`)
    output.uint8Array.set(value, offset)
    return offset + value.length
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): Uint8Array {
    this.checkSize(start, end)
    return copy(data, start, end)
  }
}

/** `ignoreBOM` keeps a byte order mark as text, so that it is not lost on the way. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** At most `limit` bytes of UTF-8. */
class TextType extends VariableType<string> {
  constructor(limit: number) {
    super(limit, `Text[${limit}]`)
  }

  value_serializedSize(value: string): number {
    return isAscii(value) ? value.length : utf8(value).length
  }

  value_serializeToBytes(output: Views, offset: number, value: string): number {
    const size = this.value_serializedSize(value)
    if (size > this.maxSize) fail(`${this.typeName} has ${size} bytes`)
    if (size === value.length)
      for (let i = 0; i < size; i++) output.uint8Array[offset + i] = value.charCodeAt(i)
    else output.uint8Array.set(utf8(value), offset)
    return offset + size
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): string {
    this.checkSize(start, end)
    try {
      return decoder.decode(data.uint8Array.subarray(start, end))
    } catch {
      throw new DecodeFault('malformed', 'text that is not UTF-8')
    }
  }
}

/** PERF: nearly all text here is a short name of ours; the platform's encoder takes ten times as long for it. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

export const uint8 = new CheckedNumberType(1)
export const uint32 = new CheckedNumberType(4)
/** 8 bytes, at most 2^53 - 1. */
export const safeUint = new CheckedNumberType(8)
export const uint64 = new CheckedBigintType(8)
export const uint128 = new CheckedBigintType(16)
export const uint256 = new CheckedBigintType(32)
export const int128 = new SignedBigintType(16)
export const hash: Type<Hash> = new HexType<Hash>(HASH_BYTES)
export const address: Type<Address> = new HexType<Address>(ADDRESS_BYTES)

export function onlyNumber(only: number): Type<number> {
  return new OnlyNumberType(only)
}

export function bytes(length: number): Type<Uint8Array> {
  return new BytesType(length)
}

export function byteList(limit: number): Type<Uint8Array> {
  return new ByteListType(limit)
}

export function text(limitBytes: number): Type<string> {
  return new TextType(limitBytes)
}
