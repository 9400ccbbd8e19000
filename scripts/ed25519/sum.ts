/** The sum of scalars times points by E. G. Straus' method: all share the doublings, each adds odd multiples from its table. */
import {
  DIGIT_POSITIONS,
  DIGITS,
  POINT_BYTES,
  SCALAR,
  SUM,
  TABLES,
  TERMS,
} from '../../node-core/adapters/ed25519-layout.ts'
import {
  type Code,
  code,
  I32,
  i32,
  i64,
  type Local,
  memoryCopy,
  memoryFill,
  type Routine,
  repeat,
  type WasmModule,
  when,
} from './assembler.ts'
import type { Curve } from './curve.ts'
import { pairBytes } from './field.ts'

const TERMS_AT_ONCE = 8

/**
 * Exports clearDigits(); writeDigits(term, bits): the scalar in signed digits of so many bits, odd or zero, of which at most one of
 * `bits` neighbours is not zero; sum(terms), which leaves it at SUM; and isZeroTimesEight(terms) → 1 where eight times the sum is the
 * neutral element.
 */
export function addSum(module: WasmModule, curve: Curve, neutral: number): void {
  module.data(neutral, [...pairBytes(0n, 1n), ...pairBytes(0n, 1n)])
  module.export('clearDigits', [], [], () =>
    memoryFill(i32.const(DIGITS), i32.const(0), i32.const(DIGIT_POSITIONS * TERMS)),
  )
  addWriteDigits(module)
  const sum = addSumOfTerms(module, curve, neutral)
  const double = curve.double.call(i32.const(SUM), i32.const(SUM))
  module.export('isZeroTimesEight', [I32], [I32], ({ parameters: [terms] }) =>
    code(sum.call(terms!.get), double, double, double, curve.isNeutral.call(i32.const(SUM))),
  )
}

/** From the lowest bit up: a window that starts with a bit unlike the carry is a digit, odd, and negative in its upper half. */
function addWriteDigits(module: WasmModule): void {
  module.export('writeDigits', [I32, I32], [], ({ parameters: [term, bits], local }) => {
    const [position, carry, window] = [local(I32), local(I32), local(I32)]
    const word = i64.load(i32.add(i32.const(SCALAR), i32.shrU(position.get, i32.const(3))))
    const fromHere = i32.wrap(i64.shrU(word, i64.extendU(i32.and(position.get, i32.const(7)))))
    const size = i32.shl(i32.const(1), bits!.get)
    const digit = i32.add(i32.const(DIGITS), i32.add(i32.mul(position.get, i32.const(TERMS)), term!.get))
    return code(
      repeat(
        position,
        i32.const(DIGIT_POSITIONS),
        code(
          window.set(i32.and(fromHere, i32.sub(size, i32.const(1)))),
          when(
            i32.xor(i32.and(window.get, i32.const(1)), carry.get),
            code(
              window.set(i32.add(window.get, carry.get)),
              carry.set(i32.shrU(window.get, i32.sub(bits!.get, i32.const(1)))),
              i32.store8(digit, i32.sub(window.get, i32.shl(carry.get, bits!.get))),
              position.set(i32.add(position.get, i32.sub(bits!.get, i32.const(1)))),
            ),
          ),
        ),
      ),
    )
  })
}

function addSumOfTerms(module: WasmModule, curve: Curve, neutral: number): Routine {
  const sum = i32.const(SUM)
  const addDigit = module.routine([I32, I32], [], ({ parameters: [digit, term] }) => {
    const table = i32.load(i32.add(i32.const(TABLES), i32.shl(term!.get, i32.const(2))))
    const entry = (magnitude: Code) =>
      i32.add(table, i32.mul(i32.shrU(magnitude, i32.const(1)), i32.const(POINT_BYTES)))
    return when(
      i32.gtS(digit!.get, i32.const(0)),
      curve.add.call(sum, sum, entry(digit!.get)),
      when(digit!.get, curve.subtract.call(sum, sum, entry(i32.sub(i32.const(0), digit!.get)))),
    )
  })
  return module.export('sum', [I32], [], ({ parameters: [terms], local }) => {
    const [position, row, term] = [local(I32), local(I32), local(I32)]
    const double = curve.double.call(sum, sum)
    const each = (address: Local): Code => {
      const one = (n: number) => {
        const at = i32.add(term.get, i32.const(n))
        return addDigit.call(i32.load8S(i32.add(address.get, at)), at)
      }
      return code(...Array.from({ length: TERMS_AT_ONCE }, (_, n) => one(n)))
    }
    return code(
      memoryCopy(sum, i32.const(neutral), i32.const(POINT_BYTES)),
      row.set(i32.const(DIGITS + (DIGIT_POSITIONS - 1) * TERMS)),
      repeat(
        position,
        i32.const(DIGIT_POSITIONS),
        code(
          double,
          repeat(
            term,
            terms!.get,
            when(i32.eqz(i64.eqz(i64.load(i32.add(row.get, term.get)))), each(row)),
            TERMS_AT_ONCE,
          ),
          row.set(i32.sub(row.get, i32.const(TERMS))),
        ),
      ),
    )
  })
}
