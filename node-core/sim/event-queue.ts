/** What is still to happen, by virtual time. */
import { assert } from '../lib/assert.ts'

const FIRST_CAPACITY = 256

/**
 * A binary heap; events of one moment run in the order in which they were pushed.
 *
 * PERF: what is sifted is numbers alone. The work stays in its slot, so that no reference moves and nothing is made per event.
 */
export class EventQueue<Work = () => void> {
  #size = 0
  #pushed = 0
  /** By place in the heap. */
  #atMs = new Float64Array(FIRST_CAPACITY)
  #order = new Float64Array(FIRST_CAPACITY)
  #slot = new Uint32Array(FIRST_CAPACITY)
  /** By slot; null: free. */
  readonly #work: (Work | null)[] = []
  readonly #freeSlots: number[] = []

  get size(): number {
    return this.#size
  }

  /** When the next event is due, ms; infinite when there is none. */
  get nextAtMs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#atMs[0]!
  }

  push(atMs: number, work: Work): void {
    assert(atMs >= 0, 'an event has a time')
    if (this.#size === this.#atMs.length) this.#grow()
    const [times, orders, slots] = [this.#atMs, this.#order, this.#slot]
    const slot = this.#freeSlots.pop() ?? this.#work.length
    this.#work[slot] = work
    let i = this.#size++
    while (i > 0) {
      const parent = (i - 1) >> 1
      // The newest has the highest order: of one moment it runs last.
      if (times[parent]! <= atMs) break
      times[i] = times[parent]!
      orders[i] = orders[parent]!
      slots[i] = slots[parent]!
      i = parent
    }
    times[i] = atMs
    orders[i] = this.#pushed++
    slots[i] = slot
  }

  /** The next event's work; null: nothing is left. */
  pop(): Work | null {
    if (this.#size === 0) return null
    const slot = this.#slot[0]!
    const work = this.#work[slot]!
    this.#work[slot] = null
    this.#freeSlots.push(slot)
    this.#sinkLast(--this.#size)
    return work
  }

  /** Puts what stands at `last` in the place of the first, and down from there. */
  #sinkLast(last: number): void {
    const [times, orders, slots] = [this.#atMs, this.#order, this.#slot]
    const [atMs, order] = [times[last]!, orders[last]!]
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= last) break
      if (child + 1 < last && isBefore(times, orders, child + 1, times[child]!, orders[child]!)) child++
      if (!isBefore(times, orders, child, atMs, order)) break
      times[i] = times[child]!
      orders[i] = orders[child]!
      slots[i] = slots[child]!
      i = child
    }
    times[i] = atMs
    orders[i] = order
    slots[i] = slots[last]!
  }

  #grow(): void {
    const capacity = 2 * this.#size
    const [times, orders, slots] = [this.#atMs, this.#order, this.#slot]
    this.#atMs = new Float64Array(capacity)
    this.#order = new Float64Array(capacity)
    this.#slot = new Uint32Array(capacity)
    this.#atMs.set(times)
    this.#order.set(orders)
    this.#slot.set(slots)
  }
}

function isBefore(
  times: Float64Array,
  orders: Float64Array,
  i: number,
  atMs: number,
  order: number,
): boolean {
  return times[i]! < atMs || (times[i]! === atMs && orders[i]! < order)
}
