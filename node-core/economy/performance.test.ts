import { describe, expect, it } from 'vitest'
import { nextPerformance } from './performance.ts'

describe('performance score', () => {
  it.each([
    { title: 'stays whole', score: 1_000_000, signed: 10, expected: 10, next: 1_000_000 },
    {
      title: 'falls by a quarter of what was missed',
      score: 1_000_000,
      signed: 0,
      expected: 10,
      next: 750_000,
    },
    { title: 'rises by a quarter of the way', score: 0, signed: 10, expected: 10, next: 250_000 },
    { title: 'rounds down', score: 2, signed: 1, expected: 3, next: 83_334 },
    { title: 'stays where nothing was expected', score: 123_456, signed: 0, expected: 0, next: 123_456 },
  ])('$title', ({ score, signed, expected, next }) => {
    expect(nextPerformance(score, { signed, expected })).toBe(next)
  })
})
