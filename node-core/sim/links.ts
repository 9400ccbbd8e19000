/** What the network does to a message on its way from one node to another. */
import type { Random } from './random.ts'
import type { Faults } from './scenario.ts'

const LEAST_DELAY_MS = 5
const CALM_DELAY_MS = 60
/** Slow nodes: added to every message they send, ms at most. */
const SLOW_MS = 3_000

export class Links {
  readonly #size: number
  readonly #random: Random
  readonly #faults: Faults
  readonly #blocked: Uint8Array
  readonly #slowMs: Float64Array
  #calm = false

  constructor(size: number, random: Random, faults: Faults) {
    this.#size = size
    this.#random = random
    this.#faults = faults
    this.#blocked = new Uint8Array(size * size)
    this.#slowMs = new Float64Array(size)
  }

  isOpen(from: number, to: number): boolean {
    return this.#blocked[from * this.#size + to] === 0
  }

  isSlow(from: number): boolean {
    return this.#slowMs[from]! > 0
  }

  /** ms until it arrives; null: it is lost. */
  delayMs(from: number, to: number): number | null {
    const random = this.#random
    if (this.#calm) return LEAST_DELAY_MS + random.next() * CALM_DELAY_MS
    if (this.#blocked[from * this.#size + to] !== 0 || random.chance(this.#faults.loss)) return null
    const { delayMs } = this.#faults
    const extraMs = delayMs > 0 ? -Math.log(1 - random.next()) * delayMs : random.next() * CALM_DELAY_MS
    return LEAST_DELAY_MS + extraMs + this.#slowMs[from]!
  }

  /** Whether it arrives a second time. */
  repeats(): boolean {
    return !this.#calm && this.#random.chance(this.#faults.duplication)
  }

  /** One more partition of a random kind, on top of those that are there. */
  divide(): void {
    const random = this.#random
    const size = this.#size
    const kind = random.pick(['halves', 'thirds', 'one-way', 'links'] as const)
    if (kind === 'links') {
      this.#slowMs[random.below(size)] = random.next() * SLOW_MS
      for (let cut = random.below(3 * size); cut >= 0; cut--) this.#blocked[random.below(size * size)] = 1
      return
    }
    const groups = Array.from({ length: size }, () => random.below(kind === 'thirds' ? 3 : 2))
    for (let from = 0; from < size; from++)
      for (let to = 0; to < size; to++)
        if (kind === 'one-way' ? groups[from]! < groups[to]! : groups[from] !== groups[to])
          this.#blocked[from * size + to] = 1
  }

  isolateAll(): void {
    this.#blocked.fill(1)
  }

  heal(): void {
    this.#blocked.fill(0)
    this.#slowMs.fill(0)
  }

  /** No fault from here on. */
  calmDown(): void {
    this.heal()
    this.#calm = true
  }
}
