import { expect, test } from 'vitest'
import { sparklinePath } from './sparkline-path.ts'

test('spans the box from the lowest to the highest value', () => {
  expect(sparklinePath([0, 10, 5], 58, 16)).toBe('M0 14.5L29 1.5L58 8')
})

test('a constant or a single value is a level line, none is nothing', () => {
  expect(sparklinePath([7, 7], 58, 16)).toBe('M0 8L58 8')
  expect(sparklinePath([7], 58, 16)).toBe('M0 8H58')
  expect(sparklinePath([], 58, 16)).toBe('')
})
