/** A rate limit: `perSecond` tokens flow in, at most `burst` are kept. The caller owns the clock. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #updatedAtMs: number

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#updatedAtMs = nowMs
  }

  /** Whether `cost` tokens are there now. Takes nothing. */
  has(cost: number, nowMs: number): boolean {
    this.#refill(nowMs)
    return this.#tokens >= cost
  }

  /** Takes `cost` tokens if they are there. */
  take(cost: number, nowMs: number): boolean {
    if (!this.has(cost, nowMs)) return false
    this.#tokens -= cost
    return true
  }

  #refill(nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.#updatedAtMs)
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs * this.#perSecond) / 1_000)
    this.#updatedAtMs = Math.max(this.#updatedAtMs, nowMs)
  }
}
