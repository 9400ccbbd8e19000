/**
 * SSZ types made of others. Containers are the library's; its lists and unions need Node's Buffer, so those are here, on
 * its own array functions.
 */
import { ContainerType, type Type } from '@chainsafe/ssz'
import {
  value_deserializeFromBytesArrayComposite as readArray,
  value_serializedSizeArrayComposite as sizeOfArray,
  value_serializeToBytesArrayComposite as writeArray,
} from '@chainsafe/ssz/lib/type/arrayComposite.js'
import { assert, fail } from '../lib/assert.ts'
import { BytesOnlyType, DecodeFault, VariableType, type Views } from './ssz-base.ts'
import { uint8 } from './ssz-scalars.ts'

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

/** A type that takes the bytes of a value from memory where it was told them. */
export class RememberingType<V extends object> extends BytesOnlyType<V> {
  readonly typeName: string
  readonly fixedSize: number | null
  readonly minSize: number
  readonly maxSize: number
  readonly #inner: Type<V>
  /** By identity: values never change in place. */
  readonly #bytes = new WeakMap<V, Uint8Array>()

  constructor(inner: Type<V>) {
    super()
    this.typeName = inner.typeName
    this.fixedSize = inner.fixedSize
    this.minSize = inner.minSize
    this.maxSize = inner.maxSize
    this.#inner = inner
  }

  /** `bytes`: what this type makes of the value; nobody writes to them any more. */
  remember(value: V, bytes: Uint8Array): void {
    this.#bytes.set(value, bytes)
  }

  value_serializedSize(value: V): number {
    return this.#bytes.get(value)?.length ?? this.#inner.value_serializedSize(value)
  }

  value_serializeToBytes(output: Views, offset: number, value: V): number {
    const bytes = this.#bytes.get(value)
    if (!bytes) return this.#inner.value_serializeToBytes(output, offset, value)
    output.uint8Array.set(bytes, offset)
    return offset + bytes.length
  }

  value_deserializeFromBytes(data: Views, start: number, end: number): V {
    return this.#inner.value_deserializeFromBytes(data, start, end)
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
    if (value.type !== this.tag) fail(`${this.tag}, not ${value.type}`)
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
    if (number === undefined) fail(`${value.type} has a number`)
    return { number, type: this.#byNumber.get(number)! }
  }
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

/** One byte: 1 or 0. */
export const flag: Type<boolean> = mapped(
  uint8,
  (value) => (value ? 1 : 0),
  (byte) => byte === 1,
)

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
