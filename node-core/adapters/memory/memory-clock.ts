/** A clock that stands still until it is told to go on. */
import type { Clock, Timer } from '../../ports/clock.ts'

interface Scheduled {
  readonly atMs: number
  /** Ties fire in the order they were set. */
  readonly order: number
  readonly callback: () => void
}

export class MemoryClock implements Clock {
  #monotonicMs = 0
  #wallOffsetMs: number
  #orders = 0
  readonly #timers = new Set<Scheduled>()

  /** `wallStartMs`: milliseconds since the Unix epoch at monotonic zero. */
  constructor(options: { readonly wallStartMs?: number } = {}) {
    this.#wallOffsetMs = options.wallStartMs ?? 1_700_000_000_000
  }

  wallMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs
  }

  monotonicMs(): number {
    return this.#monotonicMs
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { atMs: this.#monotonicMs + Math.max(0, delayMs), order: this.#orders++, callback }
    this.#timers.add(timer)
    return { cancel: () => void this.#timers.delete(timer) }
  }

  /** Monotonic time of the next timer; null when none is set. */
  nextTimerMs(): number | null {
    return this.#next()?.atMs ?? null
  }

  /** Fires, in order, every timer that falls due on the way, those set by the callbacks included. */
  advance(byMs: number): void {
    if (!(byMs >= 0)) throw new RangeError(`byMs: ${byMs}`)
    const target = this.#monotonicMs + byMs
    for (let next = this.#next(); next && next.atMs <= target; next = this.#next()) this.#fire(next)
    this.#monotonicMs = target
  }

  /** Goes to the next timer and fires it alone; false when none is set. */
  fireNext(): boolean {
    const next = this.#next()
    if (next) this.#fire(next)
    return next !== null
  }

  /** The wall clock jumps, the monotonic one does not. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs
  }

  #fire(timer: Scheduled): void {
    this.#timers.delete(timer)
    this.#monotonicMs = timer.atMs
    timer.callback()
  }

  #next(): Scheduled | null {
    let first: Scheduled | null = null
    for (const timer of this.#timers) {
      if (!first || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order))
        first = timer
    }
    return first
  }
}
