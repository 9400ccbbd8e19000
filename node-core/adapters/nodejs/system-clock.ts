/** The clock of the machine. Monotonic time is the process's own high-resolution clock: no time service moves it back. */
import { performance } from 'node:perf_hooks'
import type { Clock } from '../../ports/clock.ts'
import { longTimer } from '../long-timer.ts'

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: longTimer,
}
