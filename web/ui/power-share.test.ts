import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isQuorum, membersToDecide, membersToStop, segments } from './power-share.ts'

test.each([
  ['nine unequal validators', [16800, 15200, 13600, 12400, 10900, 9300, 7600, 6100, 4500], 3, 5],
  ['four equal: two stop it, three decide', [1, 1, 1, 1], 2, 3],
  ['exactly a third stops nothing', [1, 1, 1], 2, 3],
  ['one holds everything', [10], 1, 1],
  ['nobody has power', [0, 0], 0, 0],
  ['an empty set', [], 0, 0],
])('%s', (_, powers, stop, decide) => {
  expect(membersToStop(powers)).toBe(stop)
  expect(membersToDecide(powers)).toBe(decide)
})

const powersArbitrary = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 })

test('those who decide are a quorum, and without those who stop there is none', () => {
  fc.assert(
    fc.property(powersArbitrary, (powers) => {
      const total = powers.reduce((a, b) => a + b, 0)
      fc.pre(total > 0)
      const sorted = [...powers].sort((a, b) => b - a)
      const sum = (list: number[]) => list.reduce((a, b) => a + b, 0)
      expect(isQuorum(sum(sorted.slice(0, membersToDecide(powers))), total)).toBe(true)
      expect(isQuorum(sum(sorted.slice(0, membersToDecide(powers) - 1)), total)).toBe(false)
      expect(isQuorum(sum(sorted.slice(membersToStop(powers))), total)).toBe(false)
    }),
  )
})

test('segments fill the bar, largest first, and leave out members without power', () => {
  const bar = segments([
    { key: 'a', power: 1 },
    { key: 'b', power: 3 },
    { key: 'c', power: 0 },
  ])
  expect(bar).toEqual([
    { key: 'b', share: 0.75 },
    { key: 'a', share: 0.25 },
  ])
  expect(segments([{ key: 'a', power: 0 }])).toEqual([])
})
