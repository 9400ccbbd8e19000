import { expect, it } from 'vitest'
import { lastAnswered } from './last-answered.ts'

it('computes when it is asked another thing than the last time, and only then', () => {
  const asked: number[][] = []
  const sum = lastAnswered((...numbers: readonly number[]) => {
    asked.push([...numbers])
    return numbers.reduce((a, b) => a + b, 0)
  })
  expect([sum(1, 2), sum(1, 2), sum(2, 2), sum(1, 2)]).toEqual([3, 3, 4, 3])
  expect(asked).toEqual([
    [1, 2],
    [2, 2],
    [1, 2],
  ])
})
