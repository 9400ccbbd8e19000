import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  LIMB_BYTES,
  LIMBS,
  limbsOf,
  MEMORY_BYTES,
  SCRATCH,
  startOf,
} from '../../node-core/adapters/ed25519-layout.ts'
import { I32, I64, WasmModule } from './assembler.ts'
import { addField, CARRY_OPERANDS, carried, PRIME, PRODUCT_OPERANDS } from './field.ts'

interface Routines {
  readonly memory: WebAssembly.Memory
  multiply(result: number, first: number, second: number): void
  square(result: number, operand: number): void
  carry(result: number, operand: number): void
  canonical(lane: number): bigint
}

const module = new WasmModule(MEMORY_BYTES)
const field = addField(module)
module.export('multiply', [I32, I32, I32], [], ({ parameters: [a, b, c] }) =>
  field.multiply.call(a!.get, b!.get, c!.get),
)
module.export('square', [I32, I32], [], ({ parameters: [a, b] }) => field.square.call(a!.get, b!.get))
module.export('carry', [I32, I32], [], ({ parameters: [a, b] }) => field.carry.call(a!.get, b!.get))
module.export('canonical', [I32], [I64], ({ parameters: [a] }) => field.canonical.call(a!.get))
const { instance } = await WebAssembly.instantiate(module.bytes())
const routines = instance.exports as unknown as Routines
const numbers = new Float64Array(routines.memory.buffer)

const [FIRST, SECOND, RESULT] = [SCRATCH, SCRATCH + 192, SCRATCH + 384]

/** Limbs in their own units. */
type Limbs = readonly number[]

function write(address: number, low: Limbs, high: Limbs): void {
  for (let limb = 0; limb < LIMBS; limb++) {
    numbers[(address + limb * LIMB_BYTES) / 8] = low[limb]! * 2 ** startOf(limb)
    numbers[(address + limb * LIMB_BYTES) / 8 + 1] = high[limb]! * 2 ** startOf(limb)
  }
}

function read(address: number, lane: number): Limbs {
  return Array.from(
    { length: LIMBS },
    (_, limb) => numbers[(address + limb * LIMB_BYTES) / 8 + lane]! / 2 ** startOf(limb),
  )
}

const modulo = (value: bigint) => ((value % PRIME) + PRIME) % PRIME

function valueIn(element: Limbs): bigint {
  return modulo(element.reduce((sum, limb, n) => sum + (BigInt(limb) << BigInt(startOf(n))), 0n))
}

/** A sum of so many carried elements: often with limbs at their bounds, of like or mixed signs. */
function element(operands: number): fc.Arbitrary<Limbs> {
  const bound = (limb: number) => operands * carried(limb)
  const limbs = (one: (limb: number) => fc.Arbitrary<number>) =>
    fc.tuple(...Array.from({ length: LIMBS }, (_, limb) => one(limb)))
  return fc.oneof(
    limbs((limb) => fc.integer({ min: -bound(limb), max: bound(limb) })),
    limbs((limb) => fc.constantFrom(-bound(limb), bound(limb), 0, 1, -1)),
    fc.constantFrom(1, -1).map((sign) => Array.from({ length: LIMBS }, (_, limb) => sign * bound(limb))),
  )
}

/** A number, as its limbs. */
const number: fc.Arbitrary<Limbs> = fc
  .oneof(
    fc.bigInt(0n, 2n ** 255n - 1n),
    fc.constantFrom(0n, 1n, 18n, 19n, PRIME - 1n, PRIME, PRIME + 1n, PRIME + 18n),
  )
  .map((value) => limbsOf(value).map((limb, n) => limb / 2 ** startOf(n)))

function expectCarried(element: Limbs): void {
  for (const [limb, value] of element.entries()) {
    expect(Number.isSafeInteger(value)).toBe(true)
    expect(Math.abs(value)).toBeLessThanOrEqual(carried(limb))
  }
}

describe('the field of the signatures', () => {
  it('multiplies pairs exactly, whatever sums they are', () => {
    const operands = fc
      .constantFrom([1, PRODUCT_OPERANDS] as const, [3, 4] as const, [2, 2] as const, [1, 1] as const)
      .chain(([a, b]) => fc.tuple(element(a), element(a), element(b), element(b)))
    fc.assert(
      fc.property(operands, ([a, b, c, d]) => {
        write(FIRST, a, b)
        write(SECOND, c, d)
        routines.multiply(RESULT, FIRST, SECOND)
        expect(valueIn(read(RESULT, 0))).toBe(modulo(valueIn(a) * valueIn(c)))
        expect(valueIn(read(RESULT, 1))).toBe(modulo(valueIn(b) * valueIn(d)))
        expectCarried(read(RESULT, 0))
        expectCarried(read(RESULT, 1))
      }),
      { numRuns: 1_500 },
    )
  })

  it('squares as it multiplies', () => {
    const operands = fc.oneof(element(1), element(2), element(3), number)
    fc.assert(
      fc.property(operands, operands, (a, b) => {
        write(FIRST, a, b)
        routines.multiply(RESULT, FIRST, FIRST)
        const product = [read(RESULT, 0), read(RESULT, 1)]
        routines.square(FIRST, FIRST)
        expect([read(FIRST, 0), read(FIRST, 1)]).toEqual(product)
      }),
      { numRuns: 1_500 },
    )
  })

  it('carries sums without changing them', () => {
    fc.assert(
      fc.property(element(CARRY_OPERANDS), element(1), (a, b) => {
        write(FIRST, a, b)
        routines.carry(RESULT, FIRST)
        expect([valueIn(read(RESULT, 0)), valueIn(read(RESULT, 1))]).toEqual([valueIn(a), valueIn(b)])
        expectCarried(read(RESULT, 0))
      }),
    )
  })

  it('tells zero and the lowest bit of a number, in whatever limbs it comes', () => {
    /** The value of one and what makes the other a multiple of p away from it. */
    const operands = fc.oneof(number, element(CARRY_OPERANDS))
    fc.assert(
      fc.property(operands, operands, (a, b) => {
        write(FIRST, a, b)
        for (const [lane, each] of [a, b].entries()) {
          const canonical = routines.canonical(FIRST + 8 * lane)
          expect(canonical & 1n).toBe(valueIn(each) & 1n)
          expect(canonical === 0n).toBe(valueIn(each) === 0n)
        }
      }),
      { numRuns: 1_500 },
    )
  })
})
