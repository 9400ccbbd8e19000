/** A machine's two clocks: wrong by an offset, running at a rate of their own, set to another time now and then. */
import { GENESIS_MS } from '../consensus/builders.test-kit.ts'
import type { Instant } from '../consensus/input.ts'

/** Later than the exact moment by this, ms, so that rounding never puts it before. */
const ROUNDING_MS = 0.001

export class ClockModel {
  #wallOffsetMs: number
  #rate: number
  /** Where the rate was last changed. */
  #sinceMs = 0
  #monotonicAtSinceMs = 0

  constructor(wallOffsetMs: number, drift: number) {
    this.#wallOffsetMs = wallOffsetMs
    this.#rate = 1 + drift
  }

  at(trueMs: number): Instant {
    const monotonicMs = this.#monotonicAtSinceMs + (trueMs - this.#sinceMs) * this.#rate
    return { wallMs: Math.round(GENESIS_MS + monotonicMs + this.#wallOffsetMs), monotonicMs }
  }

  /** By how much the wall clock is wrong, ms. */
  errorMs(trueMs: number): number {
    return this.at(trueMs).wallMs - (GENESIS_MS + trueMs)
  }

  /** True time at which the monotonic clock has reached this. */
  whenMonotonic(monotonicMs: number): number {
    return this.#sinceMs + (monotonicMs - this.#monotonicAtSinceMs) / this.#rate + ROUNDING_MS
  }

  jump(byMs: number): void {
    this.#wallOffsetMs += byMs
  }

  /** From now on it runs at the true rate, off by no more than this, ms. The monotonic clock never goes back. */
  mend(trueMs: number, offsetMs: number): void {
    const { monotonicMs } = this.at(trueMs)
    this.#wallOffsetMs = trueMs - monotonicMs + offsetMs
    this.#rate = 1
    this.#sinceMs = trueMs
    this.#monotonicAtSinceMs = monotonicMs
  }
}
