/** For tests: Ed25519 signatures of every kind that verifiers disagree on, and honest ones among them. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '../lib/bytes.ts'
import type { SignedMessage } from './ed25519-batch.ts'

const { Point } = ed25519
type Point = InstanceType<typeof Point>
const ORDER = Point.Fn.ORDER
const PRIME = Point.Fp.ORDER

/** Random numbers that a seed repeats; not for keys. */
export type Dice = (sides: number) => number

export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  return (sides) => {
    // Numerical Recipes' generator; its high bits are the good ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const bytesOf = (dice: Dice, length: number) => Uint8Array.from({ length }, () => dice(256))

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

function encode(number: bigint, sign = 0): Uint8Array {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n))
  bytes[31]! |= sign << 7
  return bytes
}

/** The eight points of small order. */
export const TORSION: readonly Point[] = (() => {
  const generator = Point.fromBytes(
    Uint8Array.from(
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'.match(/../g)!,
      (byte) => Number.parseInt(byte, 16),
    ),
  )
  const points: Point[] = [Point.ZERO]
  while (points.length < 8) points.push(points.at(-1)!.add(generator))
  return points
})()

/** Every encoding of a y that has a smaller one, points or not, and both signs of x = 0. */
export const ODD_ENCODINGS: readonly Uint8Array[] = [
  ...Array.from({ length: 19 }, (_, y) => PRIME + BigInt(y)),
  1n,
  PRIME - 1n,
].flatMap((y) => [encode(y, 0), encode(y, 1)])

/** Of one point, all encodings that ZIP-215 reads as it. */
function encodingsOf(point: Point): Uint8Array[] {
  const { x, y } = point.toAffine()
  const ys = y < 19n ? [y, y + PRIME] : [y]
  const signs = x === 0n ? [0, 1] : [Number(x & 1n)]
  return ys.flatMap((each) => signs.map((sign) => encode(each, sign)))
}

export function pick<T>(dice: Dice, items: readonly T[]): T {
  return items[dice(items.length)]!
}

/** Good by ZIP-215, whatever torsion and encodings it has: R = r B + T, A = a B + T', s = r + k a. */
function goodWithTorsion(dice: Dice): SignedMessage {
  const isPlain = () => dice(3) === 0
  const [a, r] = [numberOf(bytesOf(dice, 32)) % ORDER, numberOf(bytesOf(dice, 32)) % ORDER].map((scalar) =>
    dice(4) === 0 ? 0n : scalar,
  ) as [bigint, bigint]
  const withTorsion = (scalar: bigint) =>
    Point.BASE.multiplyUnsafe(scalar).add(isPlain() ? Point.ZERO : pick(dice, TORSION))
  const publicKey = pick(dice, encodingsOf(withTorsion(a)))
  const R = pick(dice, encodingsOf(withTorsion(r)))
  const message = bytesOf(dice, dice(300))
  const k = numberOf(sha512(concatBytes(R, publicKey, message))) % ORDER
  return { publicKey, message, signature: concatBytes(R, encode((r + k * a) % ORDER)) }
}

export function honest(dice: Dice): SignedMessage {
  const seed = bytesOf(dice, 32)
  const message = bytesOf(dice, dice(300))
  return { publicKey: ed25519.getPublicKey(seed), message, signature: ed25519.sign(message, seed) }
}

/** One of them with a part changed: mostly bad. */
function spoilt(dice: Dice, item: SignedMessage): SignedMessage {
  const { publicKey, message, signature } = item
  const [R, s] = [signature.subarray(0, 32), signature.subarray(32)]
  const flip = (bytes: Uint8Array) => {
    const changed = bytes.slice()
    changed[dice(bytes.length)]! ^= 1 << dice(8)
    return changed
  }
  const addTorsion = (encoded: Uint8Array) => {
    try {
      return Point.fromBytes(encoded, true).add(pick(dice, TORSION)).toBytes()
    } catch {
      return encoded
    }
  }
  switch (dice(9)) {
    case 0:
      return { ...item, signature: flip(signature) }
    case 1:
      return { ...item, publicKey: flip(publicKey) }
    case 2:
      return { ...item, message: concatBytes(message, Uint8Array.of(0)) }
    case 3: // The same s modulo L.
      return { ...item, signature: concatBytes(R, encode((numberOf(s) + ORDER) % 2n ** 256n)) }
    case 4:
      return { ...item, signature: concatBytes(pick(dice, ODD_ENCODINGS), s) }
    case 5:
      return { ...item, publicKey: pick(dice, ODD_ENCODINGS) }
    case 6:
      return { ...item, signature: concatBytes(bytesOf(dice, 32), s) }
    case 7: // The hash changes with it.
      return { ...item, signature: concatBytes(addTorsion(R), s) }
    default: {
      const s0 = pick(dice, [
        0n,
        1n,
        ORDER - 1n,
        ORDER,
        ORDER + 1n,
        2n ** 252n,
        2n ** 253n - 1n,
        2n ** 256n - 1n,
      ])
      return { ...item, signature: concatBytes(R, encode(s0)) }
    }
  }
}

export function anyKind(dice: Dice): SignedMessage {
  const good = dice(2) === 0 ? honest(dice) : goodWithTorsion(dice)
  return dice(2) === 0 ? good : spoilt(dice, good)
}

/** The rule. */
export const holds = ({ publicKey, message, signature }: SignedMessage): boolean =>
  ed25519.verify(signature, message, publicKey, { zip215: true })
