import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from './event-queue.ts'

/** null: one is taken. Few times, so that many fall on one moment. */
const actions = fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { freq: 3 }), { maxLength: 2_000 })

describe('the event queue', () => {
  it('gives events by time, those of one moment in the order in which they came, whatever is taken between', () => {
    fc.assert(
      fc.property(actions, (given) => {
        const queue = new EventQueue<{ atMs: number; n: number }>()
        const waiting: { atMs: number; n: number }[] = []
        const takeOne = () => {
          const next = waiting.toSorted((a, b) => a.atMs - b.atMs || a.n - b.n)[0] ?? null
          expect(queue.nextAtMs).toBe(next?.atMs ?? Number.POSITIVE_INFINITY)
          expect(queue.pop()).toBe(next)
          if (next) waiting.splice(waiting.indexOf(next), 1)
          expect(queue.size).toBe(waiting.length)
        }
        for (const [n, atMs] of given.entries()) {
          if (atMs === null) {
            takeOne()
            continue
          }
          const event = { atMs, n }
          waiting.push(event)
          queue.push(atMs, event)
        }
        while (waiting.length > 0) takeOne()
        takeOne()
      }),
      { numRuns: 30 },
    )
  })
})
