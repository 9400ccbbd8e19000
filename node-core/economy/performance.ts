/** The performance score: how reliably a validator signs. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Millionths } from '../protocol/ids.ts'

/** Windows over which the performance score averages: a new one counts one part in this many. */
const PERFORMANCE_WINDOWS = 4

/** The score after a window. Nothing expected (a declared pause, or no member): unchanged. Rounds down. */
export function nextPerformance(
  score: Millionths,
  window: { readonly signed: number; readonly expected: number },
): Millionths {
  if (window.expected === 0) return score
  const ratio = Math.floor((window.signed * ONE_MILLION) / window.expected)
  return Math.floor((score * (PERFORMANCE_WINDOWS - 1) + ratio) / PERFORMANCE_WINDOWS)
}
