/** What is still to happen, by virtual time. */

interface QueuedEvent {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/** A binary heap; events of one moment run in the order in which they were pushed. */
export class EventQueue {
  readonly #heap: QueuedEvent[] = []
  #pushed = 0

  get size(): number {
    return this.#heap.length
  }

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
