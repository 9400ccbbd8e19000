/**
 * Just enough WebAssembly to write a module by hand: instructions are byte lists that nest like expressions, operands first.
 * Types are not checked here; WebAssembly.compile does that.
 */

/** Instructions that leave one value, or none. */
export type Code = readonly number[]

export const I32 = 0x7f
export const I64 = 0x7e
const F64 = 0x7c
export const V128 = 0x7b
type ValueType = typeof I32 | typeof I64 | typeof F64 | typeof V128

const EMPTY_BLOCK = 0x40
const FUNCTION_TYPE = 0x60
const END = 0x0b
const SIMD = 0xfd
const BULK = 0xfc
const PAGE_BYTES = 65_536

const op =
  (...opcode: number[]) =>
  (...operands: Code[]): Code => [...operands.flat(), ...opcode]

/** An address, and a constant number of bytes after it. */
const access =
  (...opcode: number[]) =>
  (address: Code, offset = 0, ...values: Code[]): Code => [
    ...address,
    ...values.flat(),
    ...opcode,
    0,
    ...unsigned(offset),
  ]

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(BigInt(value))],
  eqz: op(0x45),
  eq: op(0x46),
  ltS: op(0x48),
  ltU: op(0x49),
  gtS: op(0x4a),
  geU: op(0x4f),
  add: op(0x6a),
  sub: op(0x6b),
  mul: op(0x6c),
  and: op(0x71),
  or: op(0x72),
  xor: op(0x73),
  shl: op(0x74),
  shrS: op(0x75),
  shrU: op(0x76),
  wrap: op(0xa7),
  load: access(0x28),
  load8S: access(0x2c),
  load8U: access(0x2d),
  store8: (address: Code, value: Code) => access(0x3a)(address, 0, value),
}

export const i64 = {
  const: (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))],
  eqz: op(0x50),
  add: op(0x7c),
  mul: op(0x7e),
  and: op(0x83),
  or: op(0x84),
  xor: op(0x85),
  shl: op(0x86),
  shrS: op(0x87),
  shrU: op(0x88),
  rotr: op(0x8a),
  extendU: op(0xad),
  /** Exact where the number is an integer of 63 bits. */
  fromF64: op(0xb0),
  load: access(0x29),
  store: (address: Code, value: Code, offset = 0) => access(0x37)(address, offset, value),
}

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(Float64Array.of(value).buffer)],
  mul: op(0xa2),
  fromI64: op(0xb9),
  load: access(0x2b),
  store: (address: Code, value: Code, offset = 0) => access(0x39)(address, offset, value),
}

/** Two numbers of 64 bits side by side. */
export const f64x2 = {
  const: (low: number, high: number): Code => [
    SIMD,
    0x0c,
    ...new Uint8Array(Float64Array.of(low, high).buffer),
  ],
  add: op(SIMD, 0xf0, 1),
  sub: op(SIMD, 0xf1, 1),
  mul: op(SIMD, 0xf2, 1),
  madd: op(SIMD, 0x87, 2),
}

export const v128 = {
  load: access(SIMD, 0x00),
  store: (address: Code, value: Code, offset = 0) => access(SIMD, 0x0b)(address, offset, value),
  xor: op(SIMD, 0x51),
  /** Byte n of the result is byte `bytes[n]` of both values laid side by side. */
  shuffle: (first: Code, second: Code, bytes: readonly number[]): Code => [
    ...first,
    ...second,
    SIMD,
    0x0d,
    ...bytes,
  ],
}

export const memoryFill = (address: Code, value: Code, bytes: Code): Code => [
  ...address,
  ...value,
  ...bytes,
  BULK,
  0x0b,
  0,
]
export const memoryCopy = (to: Code, from: Code, bytes: Code): Code => [
  ...to,
  ...from,
  ...bytes,
  BULK,
  0x0a,
  0,
  0,
]

export const code = (...parts: Code[]): Code => parts.flat()

export function when(condition: Code, then: Code, otherwise: Code = []): Code {
  const rest = otherwise.length > 0 ? [0x05, ...otherwise] : []
  return [...condition, 0x04, EMPTY_BLOCK, ...then, ...rest, END]
}

export function repeatWhile(condition: Code, body: Code): Code {
  return [
    ...[0x02, EMPTY_BLOCK, 0x03, EMPTY_BLOCK],
    ...condition,
    ...[0x45, 0x0d, 1],
    ...body,
    ...[0x0c, 0, END, END],
  ]
}

/** `counter` from 0 to below `limit`. */
export function repeat(counter: Local, limit: Code, body: Code, step = 1): Code {
  return code(
    counter.set(i32.const(0)),
    repeatWhile(i32.ltS(counter.get, limit), code(body, counter.set(i32.add(counter.get, i32.const(step))))),
  )
}

export interface Local {
  readonly get: Code
  readonly set: (value: Code) => Code
}

export interface Routine {
  readonly call: (...operands: Code[]) => Code
}

interface Body {
  readonly parameters: readonly ValueType[]
  readonly result: readonly ValueType[]
  readonly locals: readonly ValueType[]
  readonly body: Code
}

interface Frame {
  readonly parameters: readonly Local[]
  readonly local: (type: ValueType) => Local
}

/** One memory, exported as `memory`; it never grows. */
export class WasmModule {
  readonly #routines: Body[] = []
  readonly #exports: number[][] = []
  readonly #data: number[][] = []
  readonly #memoryBytes: number

  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes
  }

  /** Routines call only those made before them. */
  routine(
    parameters: readonly ValueType[],
    result: readonly ValueType[],
    write: (frame: Frame) => Code,
  ): Routine {
    const locals: ValueType[] = []
    const at = (index: number): Local => ({
      get: [0x20, ...unsigned(index)],
      set: (value) => [...value, 0x21, ...unsigned(index)],
    })
    const body = write({
      parameters: parameters.map((_, index) => at(index)),
      local: (type) => at(parameters.length + locals.push(type) - 1),
    })
    const index = this.#routines.push({ parameters, result, locals, body }) - 1
    return { call: (...operands) => [...operands.flat(), 0x10, ...unsigned(index)] }
  }

  export(
    name: string,
    parameters: readonly ValueType[],
    result: readonly ValueType[],
    write: (frame: Frame) => Code,
  ): Routine {
    const routine = this.routine(parameters, result, write)
    this.#exports.push([...text(name), 0x00, ...unsigned(this.#routines.length - 1)])
    return routine
  }

  data(address: number, bytes: Iterable<number>): void {
    this.#data.push([0, ...i32.const(address), END, ...list([...bytes])])
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const each = <T>(items: readonly T[], encode: (item: T) => Code) => [
      ...unsigned(items.length),
      ...items.flatMap(encode),
    ]
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(
        1,
        each(this.#routines, ({ parameters, result }) => [
          FUNCTION_TYPE,
          ...list(parameters),
          ...list(result),
        ]),
      ),
      ...section(
        3,
        each([...this.#routines.keys()], (index) => unsigned(index)),
      ),
      ...section(5, this.#memory()),
      ...section(
        7,
        each([...this.#exports, [...text('memory'), 0x02, 0]], (entry) => entry),
      ),
      ...section(
        10,
        each(this.#routines, ({ locals, body }) =>
          list([...each(locals, (type) => [1, type]), ...body, END]),
        ),
      ),
      ...section(
        11,
        each(this.#data, (segment) => segment),
      ),
    ])
  }

  #memory(): Code {
    const pages = unsigned(Math.ceil(this.#memoryBytes / PAGE_BYTES))
    return [1, 0x01, ...pages, ...pages]
  }
}

function section(id: number, content: Code): Code {
  return [id, ...list(content)]
}

function list(items: readonly number[]): Code {
  return [...unsigned(items.length), ...items]
}

function text(value: string): Code {
  return list([...new TextEncoder().encode(value)])
}

/** LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn)
  const rest = value >> 7n
  const isLast = rest === ((low & 0x40) === 0 ? 0n : -1n)
  return isLast ? [low] : [low | 0x80, ...signed(rest)]
}
