/**
 * Notices that the machine slept: the wall clock went on and nothing here did. The monotonic clock is no help, on many
 * systems it stands still meanwhile. A clock that is merely set forward looks the same and costs one question to the peers.
 */
import type { Clock, Timer } from '../ports/clock.ts'
import type { TimestampMs } from '../protocol/ids.ts'
import { SLEEP_LOOK_MS, SLEPT_MS } from './constants.ts'

export class SleepWatch {
  readonly #clock: Clock
  readonly #woke: () => void
  #lookedAtMs: TimestampMs
  #timer: Timer | null = null

  constructor(clock: Clock, woke: () => void) {
    this.#clock = clock
    this.#woke = woke
    this.#lookedAtMs = clock.wallMs()
  }

  start(): void {
    this.#lookedAtMs = this.#clock.wallMs()
    this.#schedule()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** Called before anything is done about time: whichever timer fires first after a sleep, this is known before. */
  look(): void {
    const now = this.#clock.wallMs()
    const passedMs = now - this.#lookedAtMs
    this.#lookedAtMs = now
    if (passedMs > SLEPT_MS) this.#woke()
  }

  #schedule(): void {
    this.#timer = this.#clock.setTimer(SLEEP_LOOK_MS, () => {
      this.look()
      this.#schedule()
    })
  }
}
