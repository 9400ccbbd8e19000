/**
 * SSZ types whose values are this project's own: hex ids, text, unions on `type`. Containers and integers are
 * @chainsafe/ssz's; its lists, byte lists and unions need Node's Buffer, so those are here, on the library's own array
 * functions. Bytes only: Merkle trees of the library are not used.
 *
 * Writing a value that its type cannot hold is a bug and throws; reading bytes throws DecodeFault, which codec.ts turns
 * into a value.
 */
import { ContainerType, Type, UintBigintType, UintNumberType } from '@chainsafe/ssz'
import {
  value_deserializeFromBytesArrayComposite as readArray,
  value_serializedSizeArrayComposite as sizeOfArray,
  value_serializeToBytesArrayComposite as writeArray,
} from '@chainsafe/ssz/lib/type/arrayComposite.js'
import { assert } from '../lib/assert.ts'
import { type Hex, toHex, utf8 } from '../lib/bytes.ts'
import { ADDRESS_BYTES, HASH_BYTES } from './constants.ts'
import type { Address, Hash } from './ids.ts'

export type FaultCode = 'malformed' | 'non-canonical' | 'unknown-type'

export class DecodeFault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, message: string) {
    super(message)
    this.code = code
  }
}

interface Views {
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
abstract class FixedType<V> extends BytesOnlyType<V> {
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

const NIBBLES = new Int8Array(128).fill(-1)
for (let digit = 0; digit < 16; digit++) NIBBLES[digit.toString(16).charCodeAt(0)] = digit

/** Fixed bytes whose value is lower-case hex with 0x. */
class HexType<V extends Hex> extends FixedType<V> {
  constructor(bytes: number) {
    super(bytes, `Hex[${bytes}]`)
  }

  value_serializeToBytes(output: Views, offset: number, value: V): number {
    assert(
      value.length === 2 + 2 * this.fixedSize && value.startsWith('0x'),
      `${this.typeName} is 0x and its digits`,
    )
    for (let i = 0; i < this.fixedSize; i++) {
      const high = NIBBLES[value.charCodeAt(2 + 2 * i)] ?? -1
      const low = NIBBLES[value.charCodeAt(3 + 2 * i)] ?? -1
      assert(high >= 0 && low >= 0, `${this.typeName} is lower-case hex`)
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
    assert(value.length === this.fixedSize, `${this.typeName} has ${value.length} bytes`)
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
    assert(BigInt.asUintN(8 * this.byteLength, value) === value, `uint${8 * this.byteLength} holds the value`)
    return super.value_serializeToBytes(output, offset, value)
  }
}

/** Unsigned integer that a JavaScript number holds exactly. */
class CheckedNumberType extends UintNumberType {
  override value_serializeToBytes(output: Views, offset: number, value: number): number {
    assert(
      Number.isSafeInteger(value) && value >= 0 && value < 2 ** (8 * this.byteLength),
      `uint${8 * this.byteLength} holds ${value}`,
    )
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

/** A type of up to `maxSize` bytes. */
abstract class VariableType<V> extends BytesOnlyType<V> {
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

/** At most `limit` bytes. */
class ByteListType extends VariableType<Uint8Array> {
  constructor(limit: number) {
    super(limit, `ByteList[${limit}]`)
  }

  value_serializedSize(value: Uint8Array): number {
    return value.length
  }

  value_serializeToBytes(output: Views, offset: number, value: Uint8Array): number {
    assert(value.length <= this.maxSize, `${this.typeName} has ${value.length} bytes`)
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
    return utf8(value).length
  }

  value_serializeToBytes(output: Views, offset: number, value: string): number {
    const bytes = utf8(value)
    assert(bytes.length <= this.maxSize, `${this.typeName} has ${bytes.length} bytes`)
    output.uint8Array.set(bytes, offset)
    return offset + bytes.length
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

/** At most `limit` values. */
class ListType<V> extends VariableType<readonly V[]> {
  readonly element: Type<V>
  /** Read by the library's array functions, as `limit`. */
  readonly isList = true
  readonly limit: number

  constructor(element: Type<V>, limit: number) {
    super(
      limit * (element.maxSize + (element.fixedSize === null ? 4 : 0)),
      `List[${element.typeName}, ${limit}]`,
    )
    this.element = element
    this.limit = limit
  }

  value_serializedSize(value: readonly V[]): number {
    return sizeOfArray(this.element as never, value.length, value as never)
  }

  value_serializeToBytes(output: Views, offset: number, value: readonly V[]): number {
    assert(value.length <= this.limit, `${this.typeName} has ${value.length} elements`)
    return writeArray(this.element as never, value.length, output, offset, value as never)
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): readonly V[] {
    return readArray(this.element as never, data, start, end, this as never) as V[]
  }
}

/** null or one value: the list of none or one, so each has one encoding. */
class OptionalType<V> extends VariableType<V | null> {
  readonly #list: ListType<V>

  constructor(element: Type<V>) {
    const list = new ListType(element, 1)
    super(list.maxSize, `Optional[${element.typeName}]`)
    this.#list = list
  }

  value_serializedSize(value: V | null): number {
    return this.#list.value_serializedSize(value === null ? [] : [value])
  }

  value_serializeToBytes(output: Views, offset: number, value: V | null): number {
    return this.#list.value_serializeToBytes(output, offset, value === null ? [] : [value])
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): V | null {
    return this.#list.value_deserializeFromBytes(data, start, end)[0] ?? null
  }
}

/** A type whose values are another type's, seen differently. */
class MappedType<V, W> extends BytesOnlyType<V> {
  readonly typeName: string
  readonly fixedSize: number | null
  readonly minSize: number
  readonly maxSize: number
  readonly #inner: Type<W>
  readonly #to: (value: V) => W
  readonly #from: (inner: W) => V

  constructor(inner: Type<W>, to: (value: V) => W, from: (inner: W) => V) {
    super()
    this.typeName = inner.typeName
    this.fixedSize = inner.fixedSize
    this.minSize = inner.minSize
    this.maxSize = inner.maxSize
    this.#inner = inner
    this.#to = to
    this.#from = from
  }

  value_serializedSize(value: V): number {
    return this.#inner.value_serializedSize(this.#to(value))
  }

  value_serializeToBytes(output: Views, offset: number, value: V): number {
    return this.#inner.value_serializeToBytes(output, offset, this.#to(value))
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): V {
    return this.#from(this.#inner.value_deserializeFromBytes(data, start, end))
  }
}

/** A container whose value also says its `type`; the type itself is not in the bytes. */
export class TaggedType<V extends { readonly type: string }> extends BytesOnlyType<V> {
  readonly tag: V['type']
  readonly typeName: string
  readonly fixedSize: number | null
  readonly minSize: number
  readonly maxSize: number
  readonly #fields: Type<unknown> | null

  /** Without fields the value is its type alone, in no bytes. */
  constructor(tag: V['type'], fields: Type<unknown> | null) {
    super()
    this.tag = tag
    this.typeName = tag
    this.fixedSize = fields ? fields.fixedSize : 0
    this.minSize = fields ? fields.minSize : 0
    this.maxSize = fields ? fields.maxSize : 0
    this.#fields = fields
  }

  value_serializedSize(value: V): number {
    return this.#fields ? this.#fields.value_serializedSize(value) : 0
  }

  value_serializeToBytes(output: Views, offset: number, value: V): number {
    assert(value.type === this.tag, `${this.tag}, not ${value.type}`)
    return this.#fields ? this.#fields.value_serializeToBytes(output, offset, value) : offset
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): V {
    if (this.#fields) {
      return { type: this.tag, ...(this.#fields.value_deserializeFromBytes(data, start, end) as object) } as V
    }
    if (start !== end) throw new DecodeFault('malformed', `${this.tag} has no fields`)
    return { type: this.tag } as V
  }
}

/** SSZ's union: one byte that names the alternative, then its bytes. A number is never given to another alternative. */
class UnionType<V extends { readonly type: string }> extends VariableType<V> {
  override readonly minSize = 1
  readonly #byNumber: ReadonlyMap<number, TaggedType<V>>
  readonly #numbers: ReadonlyMap<string, number>

  constructor(alternatives: ReadonlyMap<number, TaggedType<V>>) {
    super(1 + Math.max(...[...alternatives.values()].map((type) => type.maxSize)), 'Union')
    this.#byNumber = alternatives
    this.#numbers = new Map([...alternatives].map(([number, type]) => [type.tag, number]))
    assert(this.#numbers.size === alternatives.size, 'one number an alternative')
  }

  value_serializedSize(value: V): number {
    return 1 + this.#of(value).type.value_serializedSize(value)
  }

  value_serializeToBytes(output: Views, offset: number, value: V): number {
    const { number, type } = this.#of(value)
    output.uint8Array[offset] = number
    return type.value_serializeToBytes(output, offset + 1, value)
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): V {
    if (start === end) throw new DecodeFault('malformed', 'a union of no bytes')
    const number = data.uint8Array[start]!
    const type = this.#byNumber.get(number)
    if (!type) throw new DecodeFault('unknown-type', `number ${number}`)
    return type.value_deserializeFromBytes(data, start + 1, end)
  }

  #of(value: V): { readonly number: number; readonly type: TaggedType<V> } {
    const number = this.#numbers.get(value.type)
    assert(number !== undefined, `${value.type} has a number`)
    return { number, type: this.#byNumber.get(number)! }
  }
}

/** A plain copy, whatever kind of byte array it came in. */
function copy(data: Views, start: number, end: number): Uint8Array {
  return new Uint8Array(data.uint8Array.subarray(start, end))
}

export const uint8 = new CheckedNumberType(1)
export const uint32 = new CheckedNumberType(4)
/** 8 bytes, at most 2^53 - 1. */
export const safeUint = new CheckedNumberType(8)
export const uint64 = new CheckedBigintType(8)
export const uint128 = new CheckedBigintType(16)
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

export function list<V>(element: Type<V>, limit: number): Type<readonly V[]> {
  return new ListType(element, limit)
}

export function optional<V>(element: Type<V>): Type<V | null> {
  return new OptionalType(element)
}

export function mapped<V, W>(inner: Type<W>, to: (value: V) => W, from: (inner: W) => V): Type<V> {
  return new MappedType(inner, to, from)
}

/** Fields in the order written: the order of the bytes. */
export function container<V extends object>(fields: { [K in keyof V]-?: Type<V[K]> }): Type<V> {
  return new ContainerType(fields as Record<string, Type<unknown>>) as unknown as Type<V>
}

export function tagged<V extends { readonly type: string }>(
  tag: V['type'],
  fields: { [K in Exclude<keyof V, 'type'>]-?: Type<V[K]> } | null,
): TaggedType<V> {
  return new TaggedType<V>(
    tag,
    fields && (new ContainerType(fields as Record<string, Type<unknown>>) as unknown as Type<unknown>),
  )
}

export function union<V extends { readonly type: string }>(
  alternatives: Readonly<Record<number, unknown>>,
): Type<V> {
  const entries = Object.entries(alternatives).map(
    ([number, type]) => [Number(number), type as TaggedType<V>] as const,
  )
  return new UnionType<V>(new Map(entries))
}
