/** Points from their 32 bytes by the rules of ZIP-215: any y below 2^255, and either sign where x is 0. Two at a time. */
import {
  DECODED,
  ENCODED_POINTS,
  LIMB_BYTES,
  PAIR_BYTES,
  POINTS,
  startOf,
  widthOf,
} from '../../node-core/adapters/ed25519-layout.ts'
import {
  type Code,
  code,
  f64,
  f64x2,
  I32,
  i32,
  i64,
  type Routine,
  repeat,
  V128,
  type WasmModule,
  when,
} from './assembler.ts'
import type { Constants } from './curve.ts'
import { eachLimb, type Field, loadLimb, storeLimb } from './field.ts'
import { after, ENCODED_BYTES, highs, LANE_BYTES, lows, scratchPairs } from './lanes.ts'

/** Exports decode(number): the encoded points become points, with a byte for each that says whether it is one. */
export function addDecode(module: WasmModule, field: Field, constants: Constants): void {
  const [x, y, u, v, check] = scratchPairs(20, 5) as [Code, Code, Code, Code, Code]
  const readY = addReadY(module, field, y)
  const squareRoot = addSquareRoot(module, field)
  const chooseRoot = addChooseRoot(module, field, constants, { x, u, check })
  module.export('decode', [I32], [], ({ parameters: [number], local }) => {
    const [n, w, pair] = [local(I32), local(V128), local(I32)]
    /** The next pair of the points. */
    const writePair = (choose: (a: Code, b: Code) => Code, first: Code, second: Code) =>
      code(
        eachLimb((limb) => storeLimb(pair.get, limb, choose(loadLimb(first, limb), loadLimb(second, limb)))),
        pair.set(after(pair.get, PAIR_BYTES)),
      )
    const twoPoints = code(
      readY.call(n.get),
      field.square.call(u, y),
      field.multiply.call(v, u, constants.d),
      eachLimb((limb) =>
        code(
          w.set(loadLimb(constants.one, limb)),
          storeLimb(u, limb, f64x2.sub(loadLimb(u, limb), w.get)),
          storeLimb(v, limb, f64x2.add(loadLimb(v, limb), w.get)),
        ),
      ),
      squareRoot.call(x, u, v),
      field.square.call(check, x),
      field.multiply.call(check, check, v),
      chooseRoot.call(n.get),
      field.multiply.call(check, x, y),
      ...[lows, highs].flatMap((choose) => [
        writePair(choose, x, y),
        writePair(choose, check, constants.one),
      ]),
    )
    return code(pair.set(i32.const(POINTS)), repeat(n, number!.get, twoPoints, 2))
  })
}

/** (number of the first): y of it and of the next. */
function addReadY(module: WasmModule, field: Field, y: Code): Routine {
  return module.routine([I32], [], ({ parameters: [n] }) => {
    const encoded = i32.add(i32.const(ENCODED_POINTS), i32.mul(n!.get, i32.const(ENCODED_BYTES)))
    const bits = (lane: number, limb: number) => {
      const start = startOf(limb)
      const word = i64.load(encoded, lane * ENCODED_BYTES + (start >> 3))
      return i64.and(
        i64.shrU(word, i64.const(BigInt(start & 7))),
        i64.const(2n ** BigInt(widthOf(limb)) - 1n),
      )
    }
    const readLimb = (lane: number, limb: number) =>
      f64.store(
        y,
        f64.mul(f64.fromI64(bits(lane, limb)), f64.const(2 ** startOf(limb))),
        limb * LIMB_BYTES + lane * LANE_BYTES,
      )
    return code(
      eachLimb((limb) => code(readLimb(0, limb), readLimb(1, limb))),
      field.carry.call(y, y),
    )
  })
}

/** (result, u, v) → u v³ (u v⁷)^((p − 5) / 8): a root of u/v, times a root of −1 or not, where u/v has one (RFC 8032, 5.1.3). */
function addSquareRoot(module: WasmModule, field: Field): Routine {
  const [v3, base, t, all] = scratchPairs(30, 4) as [Code, Code, Code, Code]
  const squares = module.routine([I32, I32, I32], [], ({ parameters: [result, operand, times], local }) => {
    const n = local(I32)
    return code(
      field.square.call(result!.get, operand!.get),
      repeat(n, i32.sub(times!.get, i32.const(1)), field.square.call(result!.get, result!.get)),
    )
  })
  return module.routine([I32, I32, I32], [], ({ parameters: [result, u, v] }) => {
    /** From base^(2^bits − 1) to base^(2^(2 bits) − 1). */
    const double = (bits: number) =>
      code(squares.call(t, all, i32.const(bits)), field.multiply.call(all, t, all))
    return code(
      field.square.call(v3, v!.get),
      field.multiply.call(v3, v3, v!.get),
      field.square.call(base, v3),
      field.multiply.call(base, base, v!.get),
      field.multiply.call(base, base, u!.get),
      exponentiation(),
      field.multiply.call(result!.get, all, v3),
      field.multiply.call(result!.get, result!.get, u!.get),
    )

    /** all = base^(2^252 − 3), from powers 2^n − 1 of growing n. */
    function exponentiation(): Code {
      const fifty = scratchPairs(34, 1)[0]!
      return code(
        field.square.call(all, base),
        field.multiply.call(all, all, base), // 2
        squares.call(t, all, i32.const(1)),
        field.multiply.call(t, t, base), // 3
        squares.call(t, t, i32.const(2)),
        field.multiply.call(all, t, all), // 5
        double(5), // 10
        field.carry.call(fifty, all),
        double(10), // 20
        double(20), // 40
        squares.call(t, all, i32.const(10)),
        field.multiply.call(all, t, fifty), // 50
        field.carry.call(fifty, all),
        double(50), // 100
        double(100), // 200
        squares.call(t, all, i32.const(50)),
        field.multiply.call(all, t, fifty), // 250
        squares.call(t, all, i32.const(2)),
        field.multiply.call(all, t, base),
      )
    }
  })
}

interface RootPairs {
  readonly x: Code
  readonly u: Code
  /** v x². */
  readonly check: Code
}

/** x is right where v x² is u, right times a root of −1 where it is −u; elsewhere there is no point. */
function addChooseRoot(module: WasmModule, field: Field, constants: Constants, pairs: RootPairs): Routine {
  const { x, u, check } = pairs
  const [difference, sum, factor] = scratchPairs(26, 3) as [Code, Code, Code]
  const isZero = (pair: Code, lane: Code) => i64.eqz(field.canonical.call(i32.add(pair, lane)))
  const choose = module.routine([I32, I32], [], ({ parameters: [n, lane], local }) => {
    const isRoot = local(I32)
    const copy = (from: Code) => eachLimb((limb) => copyLane(from, factor, lane!.get, limb))
    return code(
      isRoot.set(isZero(difference, lane!.get)),
      when(isRoot.get, copy(constants.one), copy(constants.rootOfMinusOne)),
      i32.store8(i32.add(i32.const(DECODED), n!.get), i32.or(isRoot.get, isZero(sum, lane!.get))),
    )
  })
  const giveSign = module.routine([I32, I32], [], ({ parameters: [n, lane], local }) => {
    const at = local(I32)
    const asked = i32.shrU(
      i32.load8U(
        i32.add(i32.const(ENCODED_POINTS), i32.mul(n!.get, i32.const(ENCODED_BYTES))),
        ENCODED_BYTES - 1,
      ),
      i32.const(7),
    )
    const isOdd = i32.and(i32.wrap(field.canonical.call(at.get)), i32.const(1))
    const negate = (limb: number) =>
      f64.store(at.get, f64.mul(f64.load(at.get, limb * LIMB_BYTES), f64.const(-1)), limb * LIMB_BYTES)
    return code(at.set(i32.add(x, lane!.get)), when(i32.xor(isOdd, asked), eachLimb(negate)))
  })
  return module.routine([I32], [], ({ parameters: [n], local }) => {
    const [v, w] = [local(V128), local(V128)]
    const next = i32.add(n!.get, i32.const(1))
    return code(
      eachLimb((limb) =>
        code(
          v.set(loadLimb(check, limb)),
          w.set(loadLimb(u, limb)),
          storeLimb(difference, limb, f64x2.sub(v.get, w.get)),
          storeLimb(sum, limb, f64x2.add(v.get, w.get)),
        ),
      ),
      choose.call(n!.get, i32.const(0)),
      choose.call(next, i32.const(LANE_BYTES)),
      field.multiply.call(x, x, factor),
      giveSign.call(n!.get, i32.const(0)),
      giveSign.call(next, i32.const(LANE_BYTES)),
    )
  })
}

const copyLane = (from: Code, to: Code, lane: Code, limb: number): Code =>
  f64.store(i32.add(to, lane), f64.load(i32.add(from, lane), limb * LIMB_BYTES), limb * LIMB_BYTES)
