/** The points of a verifiable random function's proof, by the arithmetic that batches of signatures have. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { littleEndian } from '../lib/bytes.ts'
import type { CurvePoint, PointArithmetic } from './ecvrf.ts'
import type { Coordinates, Ed25519Curve } from './ed25519-curve.ts'

const { Point } = ed25519
const PRIME = Point.Fp.ORDER
const SIGN_BIT = 2n ** 255n

/** `curve` may serve others between two calls. */
export function pointArithmetic(curve: Ed25519Curve): PointArithmetic {
  return {
    decode(bytes) {
      const encoded = littleEndian(bytes)
      if (encoded % SIGN_BIT >= PRIME) return null
      curve.decode([bytes])
      if (!curve.isDecoded(0)) return null
      const point = pointOf(curve.readPoint(0))
      const isNegativeZero = point.X === 0n && encoded >= SIGN_BIT
      return isNegativeZero ? null : point
    },
    sum(P, a, Q, b) {
      curve.beginSum()
      addTerm(curve, 0, P, a)
      addTerm(curve, 1, Q, b)
      return pointOf(curve.sum())
    },
  }
}

function addTerm(curve: Ed25519Curve, place: number, point: CurvePoint, scalar: bigint): void {
  curve.writePoint(place, point)
  curve.makeTable('commitment', place, place)
  curve.addTerm(scalar, 'commitment', place)
}

function pointOf({ X, Y, Z, T }: Coordinates): CurvePoint {
  const { Fp } = Point
  return new Point(Fp.create(X), Fp.create(Y), Fp.create(Z), Fp.create(T))
}
