/**
 * Points of the curve −x² + y² = 1 + d x² y² in extended coordinates (X : Y : T : Z) with x = X/Z, y = Y/Z, xy = T/Z (Hisil, Wong,
 * Carter, Dawson, 2008), whose addition holds for all points alike. In memory a point is the pairs (X, Y) and (T, Z); what is
 * added to another is the pairs (Y − X, Y + X) and (2d T, 2 Z). Each formula is four multiplications of pairs.
 */
import { LANE_FACTORS, PAIR_BYTES, POINT_BYTES } from '../../node-core/adapters/ed25519-layout.ts'
import {
  type Code,
  code,
  f64x2,
  I32,
  i32,
  i64,
  memoryCopy,
  type Routine,
  repeat,
  V128,
  type WasmModule,
} from './assembler.ts'
import { addDecode } from './decode.ts'
import { addField, eachLimb, type Field, loadLimb, PRIME, pairBytes, storeLimb } from './field.ts'
import {
  after,
  differenceAndSum,
  highDoubled,
  highs,
  LANE_BYTES,
  lowAndHigh,
  lows,
  reverseDifferenceAndSum,
  scratchPairs,
  sumAndDifference,
  swapped,
} from './lanes.ts'

function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n
  const half = power((base * base) % PRIME, exponent >> 1n)
  return exponent & 1n ? (half * base) % PRIME : half
}
const quotient = (a: bigint, b: bigint) => (a * power(b, PRIME - 2n)) % PRIME

/** RFC 8032, section 5.1. */
const D = quotient(PRIME - 121_665n, 121_666n)
const ROOT_OF_MINUS_ONE = power(2n, (PRIME - 1n) / 4n)

export interface Curve {
  /** (result, point, addend): the addend in the form for adding, or taken away. */
  readonly add: Routine
  readonly subtract: Routine
  /** (result, point). */
  readonly double: Routine
  /** (table, point, number): the odd multiples 1, 3, 5, … in the form for adding. */
  readonly makeTable: Routine
  /** (point) → 1 where it is the neutral element. */
  readonly isNeutral: Routine
}

/** `constants`: room for the field's. */
export function addCurve(module: WasmModule, constants: number): Curve {
  const field = addField(module)
  module.data(LANE_FACTORS, new Uint8Array(Float64Array.of(-0, 0, 0, -0, 1, 2).buffer))
  const constant = addConstants(module, constants)
  const add = addAddition(module, field, 'add')
  const subtract = addAddition(module, field, 'subtract')
  const double = addDoubling(module, field)
  const toAddend = addToAddend(module, field, constant.addendFactors)
  const makeTable = addMakeTable(module, { add, double, toAddend })
  addDecode(module, field, constant)
  return { add, subtract, double, makeTable, isNeutral: addIsNeutral(module, field) }
}

export interface Constants {
  readonly one: Code
  readonly d: Code
  readonly rootOfMinusOne: Code
  readonly addendFactors: Code
}

function addConstants(module: WasmModule, address: number): Constants {
  let next = address
  const place = (low: bigint, high: bigint): Code => {
    module.data(next, pairBytes(low, high))
    next += PAIR_BYTES
    return i32.const(next - PAIR_BYTES)
  }
  return {
    one: place(1n, 1n),
    d: place(D, D),
    rootOfMinusOne: place(ROOT_OF_MINUS_ONE, ROOT_OF_MINUS_ONE),
    addendFactors: place((2n * D) % PRIME, 2n),
  }
}

/**
 * A = (Y1 − X1)(Y2 − X2), B = (Y1 + X1)(Y2 + X2), C = 2d T1 T2, D = 2 Z1 Z2, E = B − A, F = D − C, G = D + C, H = B + A;
 * X3 = E F, Y3 = G H, T3 = E H, Z3 = F G. To take a point away is to add (−X2, Y2, −T2, Z2): its first two change places, C its sign.
 */
function addAddition(module: WasmModule, field: Field, kind: 'add' | 'subtract'): Routine {
  const [ab, cd, eh, fg, ef, hg] = scratchPairs(0, 6) as [Code, Code, Code, Code, Code, Code]
  const first = kind === 'add' ? differenceAndSum : sumAndDifference
  const ehOf = kind === 'add' ? differenceAndSum : reverseDifferenceAndSum
  const fgOf = kind === 'add' ? differenceAndSum : sumAndDifference
  return module.routine([I32, I32, I32], [], ({ parameters: [result, point, addend], local }) => {
    const [v, w] = [local(V128), local(V128)]
    return code(
      eachLimb((n) => code(v.set(loadLimb(point!.get, n)), storeLimb(ab, n, first(v)))),
      field.multiply.call(ab, ab, addend!.get),
      field.multiply.call(cd, after(point!.get, PAIR_BYTES), after(addend!.get, PAIR_BYTES)),
      eachLimb((n) =>
        code(
          v.set(loadLimb(ab, n)),
          v.set(ehOf(v)),
          w.set(loadLimb(cd, n)),
          w.set(fgOf(w)),
          storeLimb(eh, n, v.get),
          storeLimb(fg, n, w.get),
          storeLimb(ef, n, lows(v.get, w.get)),
          storeLimb(hg, n, highs(v.get, w.get)),
        ),
      ),
      field.multiply.call(result!.get, eh, fg),
      field.multiply.call(after(result!.get, PAIR_BYTES), ef, hg),
    )
  })
}

/**
 * A = X², B = Y², G = B − A, H = A + B, E = (X + Y)² − H, F = 2 Z² − G: the result is as above. E is a sum of three carried
 * elements and F of four, hence PRODUCT_OPERANDS.
 */
function addDoubling(module: WasmModule, field: Field): Routine {
  const [ab, sz, ef, eg, fh, hg] = scratchPairs(0, 6) as [Code, Code, Code, Code, Code, Code]
  return module.routine([I32, I32], [], ({ parameters: [result, point], local }) => {
    const [v, w] = [local(V128), local(V128)]
    const tz = after(point!.get, PAIR_BYTES)
    return code(
      field.square.call(ab, point!.get),
      eachLimb((n) =>
        code(
          v.set(loadLimb(point!.get, n)),
          storeLimb(sz, n, lowAndHigh(f64x2.add(v.get, swapped(v.get)), loadLimb(tz, n))),
        ),
      ),
      field.square.call(sz, sz),
      eachLimb((n) =>
        code(
          v.set(loadLimb(ab, n)),
          v.set(differenceAndSum(v)),
          w.set(highDoubled(loadLimb(sz, n))),
          w.set(f64x2.sub(w.get, swapped(v.get))),
          storeLimb(ef, n, w.get),
          storeLimb(eg, n, lows(w.get, v.get)),
          storeLimb(fh, n, highs(w.get, v.get)),
          storeLimb(hg, n, swapped(v.get)),
        ),
      ),
      field.multiply.call(result!.get, eg, fh),
      field.multiply.call(after(result!.get, PAIR_BYTES), ef, hg),
    )
  })
}

function addToAddend(module: WasmModule, field: Field, factors: Code): Routine {
  return module.routine([I32, I32], [], ({ parameters: [result, point], local }) => {
    const v = local(V128)
    return code(
      eachLimb((n) => code(v.set(loadLimb(point!.get, n)), storeLimb(result!.get, n, differenceAndSum(v)))),
      field.multiply.call(after(result!.get, PAIR_BYTES), after(point!.get, PAIR_BYTES), factors),
    )
  })
}

function addMakeTable(
  module: WasmModule,
  { add, double, toAddend }: { readonly add: Routine; readonly double: Routine; readonly toAddend: Routine },
): Routine {
  // The scratch pairs of `add` come before these.
  const [multiple, , twice] = scratchPairs(10, 4) as [Code, Code, Code]
  return module.export('makeTable', [I32, I32, I32], [], ({ parameters: [table, point, number], local }) => {
    const [entry, n] = [local(I32), local(I32)]
    return code(
      memoryCopy(multiple, point!.get, i32.const(POINT_BYTES)),
      double.call(twice, point!.get),
      toAddend.call(twice, twice),
      entry.set(table!.get),
      toAddend.call(entry.get, multiple),
      repeat(
        n,
        i32.sub(number!.get, i32.const(1)),
        code(
          add.call(multiple, multiple, twice),
          entry.set(after(entry.get, POINT_BYTES)),
          toAddend.call(entry.get, multiple),
        ),
      ),
    )
  })
}

/** X = 0 and Y = Z. */
function addIsNeutral(module: WasmModule, field: Field): Routine {
  const difference = scratchPairs(0, 1)[0]!
  return module.routine([I32], [I32], ({ parameters: [point] }) => {
    const [xy, tz] = [point!.get, after(point!.get, PAIR_BYTES)]
    return code(
      eachLimb((n) => storeLimb(difference, n, f64x2.sub(loadLimb(xy, n), loadLimb(tz, n)))),
      i32.and(
        i64.eqz(field.canonical.call(xy)),
        i64.eqz(field.canonical.call(after(difference, LANE_BYTES))),
      ),
    )
  })
}
