/** setTimeout takes at most 2^31 − 1 ms and fires at once above it; this one takes any delay. */
import type { Timer } from '../ports/clock.ts'

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

export function longTimer(delayMs: number, callback: () => void): Timer {
  let remainingMs = Math.max(0, delayMs)
  let handle: ReturnType<typeof setTimeout>
  const arm = (): void => {
    const stepMs = Math.min(remainingMs, LONGEST_TIMEOUT_MS)
    remainingMs -= stepMs
    handle = setTimeout(remainingMs > 0 ? arm : callback, stepMs)
  }
  arm()
  return { cancel: () => clearTimeout(handle) }
}
