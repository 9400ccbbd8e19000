import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { longTimer } from './long-timer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const DAY_MS = 86_400_000

it('fires once, on time, after delays longer than the platform takes', () => {
  const fired = vi.fn()
  longTimer(60 * DAY_MS, fired)
  vi.advanceTimersByTime(60 * DAY_MS - 1)
  expect(fired).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(fired).toHaveBeenCalledTimes(1)
})

it('can be cancelled in its second stretch', () => {
  const fired = vi.fn()
  const timer = longTimer(60 * DAY_MS, fired)
  vi.advanceTimersByTime(40 * DAY_MS)
  timer.cancel()
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(fired).not.toHaveBeenCalled()
})
