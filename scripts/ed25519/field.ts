/**
 * Arithmetic modulo p = 2^255 − 19, two elements at a time, in the floating point of WebAssembly SIMD.
 *
 * An element is the sum of 12 floats; limb n is a whole multiple of 2^⌈21.25 n⌉ and at most about half of the next limb's unit.
 * A float holds 53 bits, a product of two limbs 43 of them, so that the sum of all products of one unit is exact: nothing is ever
 * rounded. The bounds are computed below and the module is not made where one of them fails. Where products reach 2^255 they
 * begin again at 1, times 19. This is the radix of D. J. Bernstein's "Curve25519: new Diffie-Hellman speed records" (2006).
 */
import {
  LIMB_BYTES,
  LIMBS,
  limbsOf,
  ROUNDINGS,
  startOf,
  widthOf,
} from '../../node-core/adapters/ed25519-layout.ts'
import {
  type Code,
  code,
  f64,
  f64x2,
  I32,
  I64,
  i32,
  i64,
  type Local,
  type Routine,
  V128,
  v128,
  type WasmModule,
} from './assembler.ts'

export const PRIME = 2n ** 255n - 19n
const FLOAT_BITS = 53

/** |limb| after a carry, in its own unit: half of the next one's, and a little that was carried in. */
export const carried = (limb: number) => 2 ** (widthOf(limb) - 1) + 2 ** 14
/** What is multiplied may be a sum of carried elements: so many in one operand times so many in the other, as in curve.ts' `double`. */
export const PRODUCT_OPERANDS = 3 * 4
export const CARRY_OPERANDS = 4

/** The bytes of a pair in memory. */
export function pairBytes(low: bigint, high: bigint): Uint8Array {
  const [first, second] = [limbsOf(low), limbsOf(high)]
  return new Uint8Array(Float64Array.from(first.flatMap((limb, n) => [limb, second[n]!])).buffer)
}

export const loadLimb = (address: Code, limb: number) => v128.load(address, limb * LIMB_BYTES)
export const storeLimb = (address: Code, limb: number, value: Code) =>
  v128.store(address, value, limb * LIMB_BYTES)
/** For each limb. */
export const eachLimb = (write: (limb: number) => Code): Code =>
  code(...Array.from({ length: LIMBS }, (_, limb) => write(limb)))

/** From 2^255 to 1. */
const OVERFLOW = f64x2.const(19 * 2 ** -255, 19 * 2 ** -255)

/** The nearest multiple of the next limb's unit goes there. Adding and taking 3·2^51 of that unit rounds to it. */
function carryFrom(limb: number, limbs: readonly Local[], scratch: Local): Code {
  const rounding = v128.load(i32.const(ROUNDINGS), limb * LIMB_BYTES)
  const next = limbs[(limb + 1) % LIMBS]!
  const moved = limb === LIMBS - 1 ? f64x2.mul(scratch.get, OVERFLOW) : scratch.get
  return code(
    scratch.set(f64x2.sub(f64x2.add(limbs[limb]!.get, rounding), rounding)),
    limbs[limb]!.set(f64x2.sub(limbs[limb]!.get, scratch.get)),
    next.set(f64x2.add(next.get, moved)),
  )
}

/** Four chains side by side, so that no step waits for the one before it; each ends one limb inside the next chain. */
const CARRY_ORDER = [0, 1, 2, 3]
  .flatMap((step) => [0, 3, 6, 9].map((start) => start + step))
  .map((n) => n % LIMBS)

function carryAll(limbs: readonly Local[], scratch: Local): Code {
  return code(...CARRY_ORDER.map((limb) => carryFrom(limb, limbs, scratch)))
}

/** |sums| in the unit of their limb; throws unless all of it is exact and ends within `carried`. */
function assertCarries(sums: readonly number[]): void {
  const bounds = [...sums]
  const check = (bound: number, limit: number) => {
    if (!(bound <= limit)) throw new RangeError(`a limb of up to ${bound} where ${limit} is the most`)
  }
  for (const limb of CARRY_ORDER) {
    check(bounds[limb]!, 2 ** FLOAT_BITS)
    const moved = Math.floor(bounds[limb]! / 2 ** widthOf(limb)) + 1
    bounds[limb] = 2 ** (widthOf(limb) - 1)
    bounds[(limb + 1) % LIMBS]! += limb === LIMBS - 1 ? 19 * moved : moved
  }
  bounds.forEach((bound, limb) => {
    check(bound, carried(limb))
  })
}

/** Throws unless every sum of products is exact. Limb i times limb j belongs to limb i + j, or 19 times to that less 12. */
function assertProductsAreExact(): void {
  const sums = Array.from({ length: LIMBS }, () => 0)
  for (let i = 0; i < LIMBS; i++)
    for (let j = 0; j < LIMBS; j++) {
      const limb = (i + j) % LIMBS
      const wraps = i + j >= LIMBS
      const unit = 2 ** (startOf(i) + startOf(j) - startOf(limb) - (wraps ? 255 : 0))
      sums[limb]! += carried(i) * carried(j) * unit * (wraps ? 19 : 1) * PRODUCT_OPERANDS
    }
  assertCarries(sums)
}

export interface Field {
  /** (result, first, second): addresses of pairs; the result may be one of the others. */
  readonly multiply: Routine
  /** (result, operand). */
  readonly square: Routine
  /** (result, operand): for sums of up to CARRY_OPERANDS carried elements. */
  readonly carry: Routine
  /**
   * (address of one element, a sum as above) → a number made of its value below p: zero where that is, and bit 0 is its bit 0.
   */
  readonly canonical: Routine
}

export function addField(module: WasmModule): Field {
  assertProductsAreExact()
  assertCarries(Array.from({ length: LIMBS }, (_, limb) => CARRY_OPERANDS * carried(limb)))
  const roundings = Array.from({ length: LIMBS }, (_, n) => 3 * 2 ** (FLOAT_BITS - 2 + startOf(n + 1)))
  const pairs = Float64Array.from(roundings.flatMap((rounding) => [rounding, rounding]))
  module.data(ROUNDINGS, new Uint8Array(pairs.buffer))
  return {
    multiply: addMultiply(module),
    square: addSquare(module),
    carry: addCarry(module),
    canonical: addCanonical(module),
  }
}

/**
 * Products are added row by row, one limb of the first operand times all of the second: 12 sums that do not wait for each other,
 * that limb and a product are what a processor's registers hold.
 */
function addMultiply(module: WasmModule): Routine {
  return module.routine([I32, I32, I32], [], ({ parameters: [result, first, second], local }) => {
    const limbs = () => Array.from({ length: LIMBS }, () => local(V128))
    const [b, wrapped, sums, a] = [limbs(), limbs(), limbs(), local(V128)]
    const add = adderTo(sums)
    return code(
      eachLimb((n) => b[n]!.set(loadLimb(second!.get, n))),
      eachLimb((n) => (n === 0 ? [] : wrapped[n]!.set(f64x2.mul(b[n]!.get, OVERFLOW)))),
      eachLimb((i) =>
        code(
          a.set(loadLimb(first!.get, i)),
          eachLimb((j) => add(i + j, f64x2.mul(a.get, (i + j < LIMBS ? b : wrapped)[j]!.get))),
        ),
      ),
      carryAll(sums, local(V128)),
      eachLimb((n) => storeLimb(result!.get, n, sums[n]!.get)),
    )
  })
}

/** The product of equals, whose mixed products come twice. */
function addSquare(module: WasmModule): Routine {
  return module.routine([I32, I32], [], ({ parameters: [result, operand], local }) => {
    const limbs = () => Array.from({ length: LIMBS }, () => local(V128))
    const [a, wrapped, sums, twice] = [limbs(), limbs(), limbs(), local(V128)]
    const add = adderTo(sums)
    return code(
      eachLimb((n) => a[n]!.set(loadLimb(operand!.get, n))),
      eachLimb((n) => (n === 0 ? [] : wrapped[n]!.set(f64x2.mul(a[n]!.get, OVERFLOW)))),
      eachLimb((i) =>
        code(
          twice.set(f64x2.add(a[i]!.get, a[i]!.get)),
          eachLimb((j) => {
            const other = (i + j < LIMBS ? a : wrapped)[j]!
            return j < i ? [] : add(i + j, f64x2.mul((i === j ? a[i]! : twice).get, other.get))
          }),
        ),
      ),
      carryAll(sums, local(V128)),
      eachLimb((n) => storeLimb(result!.get, n, sums[n]!.get)),
    )
  })
}

/** Adds to the sum that a product belongs to; the first one begins it. */
function adderTo(sums: readonly Local[]): (place: number, product: Code) => Code {
  const begun = new Set<Local>()
  return (place, product) => {
    const sum = sums[place % LIMBS]!
    const whole = begun.has(sum) ? f64x2.add(sum.get, product) : product
    begun.add(sum)
    return sum.set(whole)
  }
}

function addCarry(module: WasmModule): Routine {
  return module.routine([I32, I32], [], ({ parameters: [result, operand], local }) => {
    const limbs = Array.from({ length: LIMBS }, () => local(V128))
    return code(
      eachLimb((n) => limbs[n]!.set(loadLimb(operand!.get, n))),
      carryAll(limbs, local(V128)),
      eachLimb((n) => storeLimb(result!.get, n, limbs[n]!.get)),
    )
  })
}

function addCanonical(module: WasmModule): Routine {
  return module.routine([I32], [I64], ({ parameters: [lane], local }) => {
    const digits = Array.from({ length: LIMBS }, () => local(I64))
    const [moved, others] = [local(I64), local(I64)]
    const exact = (limb: number) =>
      i64.fromF64(f64.mul(f64.load(lane!.get, limb * LIMB_BYTES), f64.const(2 ** -startOf(limb))))
    const addEach = (addend: (limb: number) => bigint) =>
      eachLimb((n) => digits[n]!.set(i64.add(digits[n]!.get, i64.const(addend(n)))))
    const carryUp = eachLimb((n) =>
      code(
        digits[n]!.set(i64.add(digits[n]!.get, moved.get)),
        moved.set(i64.shrS(digits[n]!.get, i64.const(BigInt(widthOf(n))))),
        digits[n]!.set(i64.and(digits[n]!.get, i64.const(2n ** BigInt(widthOf(n)) - 1n))),
      ),
    )
    const wrap = moved.set(i64.mul(moved.get, i64.const(19n)))
    return code(
      eachLimb((n) => digits[n]!.set(exact(n))),
      // A multiple of p that makes it positive, then below 2^255 + 19·16.
      addEach((n) => 8n * (2n ** BigInt(widthOf(n)) - (n === 0 ? 19n : 1n))),
      moved.set(i64.const(0n)),
      carryUp,
      wrap,
      carryUp,
      wrap,
      carryUp,
      // p and above carry out of the field when 19 is added; the others get their 19 back, as −19 modulo 2^255.
      moved.set(i64.const(19n)),
      carryUp,
      moved.set(i64.mul(i64.add(moved.get, i64.const(-1n)), i64.const(19n))),
      carryUp,
      others.set(digits.slice(1).reduce((sum, digit) => i64.or(sum, digit.get), i64.const(0n))),
      i64.or(i64.shl(others.get, i64.const(32n)), digits[0]!.get),
    )
  })
}
