import { afterEach, expect, it, vi } from 'vitest'
import { longTimer } from './long-timer.ts'

afterEach(() => {
  vi.useRealTimers()
})

const DAY_MS = 86_400_000

it('fires once, on time, after delays longer than the platform takes', () => {
  vi.useFakeTimers()
  const fired = vi.fn()
  longTimer(60 * DAY_MS, fired)
  vi.advanceTimersByTime(60 * DAY_MS - 1)
  expect(fired).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(fired).toHaveBeenCalledTimes(1)
})

it('can be cancelled in its second stretch', () => {
  vi.useFakeTimers()
  const fired = vi.fn()
  const timer = longTimer(60 * DAY_MS, fired)
  vi.advanceTimersByTime(40 * DAY_MS)
  timer.cancel()
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(fired).not.toHaveBeenCalled()
})

it('is never early, though the platform’s timers are', async () => {
  const delays = Array.from({ length: 100 }, (_, i) => 5 + i / 7)
  const earlyMs = await Promise.all(
    delays.map((delayMs) => {
      const dueMs = performance.now() + delayMs
      return new Promise<number>((resolve) => {
        longTimer(delayMs, () => resolve(dueMs - performance.now()))
      })
    }),
  )
  expect(Math.max(...earlyMs)).toBeLessThanOrEqual(0)
})
