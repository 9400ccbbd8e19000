/** For tests: bytes as a hostile peer sends them: random ones, and real ones bent in the ways that find faults in decoders. */
import fc from 'fast-check'

/** Runs of one property; AITBC_FUZZ_RUNS multiplies it for a long search. */
export function fuzzRuns(usual: number): number {
  const factor = Number(globalThis.process?.env.AITBC_FUZZ_RUNS ?? 1)
  return Math.max(1, Math.round(usual * (factor > 0 ? factor : 1)))
}

type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  /** A piece of the message written over another place of it. */
  | { readonly kind: 'splice'; readonly from: number; readonly to: number; readonly count: number }
  /** A field that may be a length or an offset gets a value at an edge. */
  | { readonly kind: 'length'; readonly at: number; readonly value: number }

const at = fc.nat()
const LENGTHS = [0, 1, 3, 4, 5, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('truncate' as const), at }),
  fc.record({
    kind: fc.constant('insert' as const),
    at,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('remove' as const), at, count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('splice' as const),
    from: at,
    to: at,
    count: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({ kind: fc.constant('length' as const), at, value: fc.constantFrom(...LENGTHS) }),
)

/** One to four changes of a real message. */
export function bent(real: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(real, fc.array(mutations, { minLength: 1, maxLength: 4 }))
    .map(([bytes, changes]) => changes.reduce(change, bytes))
}

/** Both kinds. */
export function hostileBytes(real: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
    { weight: 4, arbitrary: bent(real) },
  )
}

function change(bytes: Uint8Array, mutation: Mutation): Uint8Array {
  const place = (wanted: number) => (bytes.length === 0 ? 0 : wanted % bytes.length)
  switch (mutation.kind) {
    case 'flip': {
      const changed = bytes.slice()
      if (bytes.length > 0) changed[place(mutation.at)]! ^= 1 << mutation.bit
      return changed
    }
    case 'truncate':
      return bytes.slice(0, place(mutation.at))
    case 'insert':
      return joined(bytes.slice(0, place(mutation.at)), mutation.bytes, bytes.slice(place(mutation.at)))
    case 'remove':
      return joined(bytes.slice(0, place(mutation.at)), bytes.slice(place(mutation.at) + mutation.count))
    case 'splice': {
      const changed = bytes.slice()
      const piece = bytes.slice(place(mutation.from), place(mutation.from) + mutation.count)
      const to = place(mutation.to)
      changed.set(piece.subarray(0, changed.length - to), to)
      return changed
    }
    case 'length': {
      const changed = bytes.slice()
      if (bytes.length >= 4)
        new DataView(changed.buffer).setUint32(mutation.at % (bytes.length - 3), mutation.value, true)
      return changed
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]))
}

/** JSON values as a hostile caller sends them: odd kinds, the prototype's names, edges of numbers, long and deep ones. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    null,
    -1,
    -0,
    0.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER + 2,
    -(2 ** 63),
    2 ** 64,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    '0x',
    `0x${'0'.repeat(64)}`,
    `0x${'F'.repeat(64)}`,
    'x'.repeat(100_000),
    [],
    [[]],
    [null],
    {},
    { length: -1 },
    { toString: 1, valueOf: 1 },
    { toJSON: 'x' },
    JSON.parse('{"__proto__": {"type": "transfer"}, "constructor": 1}'),
    nested(1_000),
  ),
)

/** Lists within lists. */
export function nested(depth: number): unknown {
  let value: unknown = []
  for (let i = 0; i < depth; i++) value = [value]
  return value
}
