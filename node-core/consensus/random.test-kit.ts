/** Seeded randomness and an event queue in virtual time, for the network of tests. */

/** Mulberry32: small, fast, the same everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 2654435761) + 12345) | 0
    for (let i = 0; i < 4; i++) this.next()
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }
}

interface QueuedEvent {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** A binary heap; events of one moment run in the order in which they were pushed. */
export class EventQueue {
  readonly #heap: QueuedEvent[] = []
  #pushed = 0

  push(atMs: number, run: () => void): void {
    const event = { atMs, order: this.#pushed++, run }
    const heap = this.#heap
    let i = heap.length
    heap.push(event)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (isBefore(heap[parent]!, event)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = event
  }

  pop(): QueuedEvent | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (!top || !last || heap.length === 0) return top
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (isBefore(last, heap[child]!)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
    return top
  }
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}
