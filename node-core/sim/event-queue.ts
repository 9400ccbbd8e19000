/** What is still to happen, by virtual time. */
import { assert } from '../lib/assert.ts'

interface DueEvent {
  readonly atMs: number
  readonly run: () => void
}

const FIRST_CAPACITY = 1_024

/**
 * A binary heap; events of one moment run in the order in which they were pushed.
 *
 * PERF: times and orders stand in arrays of numbers, beside the work itself: sifting reads no object.
 */
export class EventQueue {
  #atMs = new Float64Array(FIRST_CAPACITY)
  #order = new Float64Array(FIRST_CAPACITY)
  readonly #run: (() => void)[] = []
  #pushed = 0

  get size(): number {
    return this.#run.length
  }

  push(atMs: number, run: () => void): void {
    assert(atMs >= 0, 'an event has a time')
    if (this.size === this.#atMs.length) this.#grow()
    const order = this.#pushed++
    let i = this.size
    this.#run.push(run)
    while (i > 0) {
      const parent = (i - 1) >> 1
      // The newest has the highest order: of one moment it runs last.
      if (this.#atMs[parent]! <= atMs) break
      this.#move(parent, i)
      i = parent
    }
    this.#put(i, atMs, order, run)
  }

  pop(): DueEvent | undefined {
    if (this.size === 0) return undefined
    const top = { atMs: this.#atMs[0]!, run: this.#run[0]! }
    const last = this.size - 1
    const [atMs, order, run] = [this.#atMs[last]!, this.#order[last]!, this.#run.pop()!]
    if (last === 0) return top
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= last) break
      if (child + 1 < last && this.#isBefore(child + 1, this.#atMs[child]!, this.#order[child]!)) child++
      if (!this.#isBefore(child, atMs, order)) break
      this.#move(child, i)
      i = child
    }
    this.#put(i, atMs, order, run)
    return top
  }

  #isBefore(i: number, atMs: number, order: number): boolean {
    return this.#atMs[i]! < atMs || (this.#atMs[i]! === atMs && this.#order[i]! < order)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#atMs[from]!, this.#order[from]!, this.#run[from]!)
  }

  #put(i: number, atMs: number, order: number, run: () => void): void {
    this.#atMs[i] = atMs
    this.#order[i] = order
    this.#run[i] = run
  }

  #grow(): void {
    const times = new Float64Array(2 * this.size)
    const orders = new Float64Array(2 * this.size)
    times.set(this.#atMs)
    orders.set(this.#order)
    this.#atMs = times
    this.#order = orders
  }
}
