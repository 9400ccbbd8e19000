/** What is done with the two elements of a pair beside multiplying them. */
import { LANE_FACTORS, PAIR_BYTES, SCRATCH } from '../../node-core/adapters/ed25519-layout.ts'
import { type Code, f64x2, i32, type Local, v128 } from './assembler.ts'

export const LANE_BYTES = 8
export const ENCODED_BYTES = 32

/** Bytes of the lanes of one value, and of two values side by side. */
const LOW = [0, 1, 2, 3, 4, 5, 6, 7]
const HIGH = LOW.map((byte) => byte + 8)
const second = (bytes: readonly number[]) => bytes.map((byte) => byte + 16)

export const swapped = (value: Code) => v128.shuffle(value, value, [...HIGH, ...LOW])
export const lows = (a: Code, b: Code) => v128.shuffle(a, b, [...LOW, ...second(LOW)])
export const highs = (a: Code, b: Code) => v128.shuffle(a, b, [...HIGH, ...second(HIGH)])
export const lowAndHigh = (a: Code, b: Code) => v128.shuffle(a, b, [...LOW, ...second(HIGH)])
/** (−a, b), (a, −b). */
const lowNegated = (value: Code) => v128.xor(value, v128.load(i32.const(LANE_FACTORS)))
const highNegated = (value: Code) => v128.xor(value, v128.load(i32.const(LANE_FACTORS), 16))
export const highDoubled = (value: Code) => f64x2.mul(value, v128.load(i32.const(LANE_FACTORS), 32))
/** (a, b) → (b − a, b + a), (a − b, a + b), (b + a, b − a). */
export const differenceAndSum = (value: Local) => f64x2.add(swapped(value.get), lowNegated(value.get))
export const reverseDifferenceAndSum = (value: Local) => f64x2.add(lowNegated(swapped(value.get)), value.get)
export const sumAndDifference = (value: Local) => f64x2.add(highNegated(swapped(value.get)), value.get)

/**
 * Addresses for intermediate pairs. A routine owns those it names while it runs: `add` and `double` 0–5, `makeTable` 10–13,
 * `decode` 20–34.
 */
export const scratchPairs = (first: number, number: number): Code[] =>
  Array.from({ length: number }, (_, n) => i32.const(SCRATCH + (first + n) * PAIR_BYTES))
export const after = (address: Code, bytes: number) => i32.add(address, i32.const(bytes))
