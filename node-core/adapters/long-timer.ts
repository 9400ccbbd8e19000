/**
 * A timer that keeps the Clock's promise: any delay, never early. setTimeout takes at most 2^31 − 1 ms and fires at once above
 * it; and it drops fractions and counts from the event loop's own time, so most of its timers fire up to 2 ms before
 * performance.now() says so. Who compares a deadline then would find it not reached, and nothing would wake it again.
 */
import type { Timer } from '../ports/clock.ts'

const LONGEST_TIMEOUT_MS = 2 ** 31 - 1

export function longTimer(delayMs: number, callback: () => void): Timer {
  const dueMs = performance.now() + Math.max(0, delayMs)
  let handle: ReturnType<typeof setTimeout>
  const arm = (): void => {
    const remainingMs = Math.ceil(dueMs - performance.now())
    handle = setTimeout(look, Math.min(Math.max(0, remainingMs), LONGEST_TIMEOUT_MS))
  }
  const look = (): void => (performance.now() < dueMs ? arm() : callback())
  arm()
  return { cancel: () => clearTimeout(handle) }
}
