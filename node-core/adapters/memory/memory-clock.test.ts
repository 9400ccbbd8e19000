import { describe, expect, it } from 'vitest'
import { MemoryClock } from './memory-clock.ts'

describe('the virtual clock', () => {
  it('fires timers in the order of their deadlines, ties as they were set, each at its own time', () => {
    const clock = new MemoryClock()
    const fired: [string, number][] = []
    const set = (name: string, delayMs: number) =>
      clock.setTimer(delayMs, () => fired.push([name, clock.monotonicMs()]))
    set('late', 30)
    set('tie one', 10)
    set('tie two', 10)
    set('now', 0)
    clock.advance(29)
    expect(fired).toEqual([
      ['now', 0],
      ['tie one', 10],
      ['tie two', 10],
    ])
    expect(clock.monotonicMs()).toBe(29)
    clock.advance(1)
    expect(fired.at(-1)).toEqual(['late', 30])
  })

  it('fires a timer set by a callback when it falls due on the same way', () => {
    const clock = new MemoryClock()
    const at: number[] = []
    const again = () => {
      at.push(clock.monotonicMs())
      clock.setTimer(10, again)
    }
    clock.setTimer(10, again)
    clock.advance(35)
    expect(at).toEqual([10, 20, 30])
    expect(clock.nextTimerMs()).toBe(40)
  })

  it('does not fire what was cancelled, and a wall jump moves no deadline', () => {
    const clock = new MemoryClock({ wallStartMs: 1_000 })
    let fired = 0
    clock.setTimer(10, () => fired++).cancel()
    clock.setTimer(20, () => fired++)
    clock.jumpWall(-500)
    expect(clock.wallMs()).toBe(500)
    clock.advance(19)
    expect(fired).toBe(0)
    expect(clock.fireNext()).toBe(true)
    expect(clock.monotonicMs()).toBe(20)
    expect(fired).toBe(1)
    expect(clock.fireNext()).toBe(false)
  })
})
