/** Time and timers, so that a simulator can own them. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump. */
  wallMs(): number
  /** Milliseconds since an arbitrary point; never goes back. Deadlines compare on this one. */
  monotonicMs(): number
  /** Runs `callback` once at or after `delayMs`; a browser may be a minute late. */
  setTimer(delayMs: number, callback: () => void): Timer
}

export interface Timer {
  cancel(): void
}
