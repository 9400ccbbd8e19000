import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentlyUsed } from './recently-used.ts'

it('keeps what was used last, up to its limit', () => {
  const kept = new RecentlyUsed<string, number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  expect(kept.get('a')).toBe(1)
  kept.set('c', 3)
  expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([1, undefined, 3])
})

it('does not push another out when a value is set again', () => {
  const kept = new RecentlyUsed<string, number>(2)
  kept.set('a', 1)
  kept.set('b', 2)
  kept.set('b', 3)
  expect([kept.get('a'), kept.get('b'), kept.size]).toEqual([1, 3, 2])
})

it('holds the last keys used, whatever the order of uses', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 9 })), (limit, uses) => {
      const kept = new RecentlyUsed<number, number>(limit)
      for (const key of uses) if (kept.get(key) === undefined) kept.set(key, key)
      const last = [...new Set(uses.toReversed())].slice(0, limit)
      expect(kept.size).toBe(last.length)
      for (const key of last) expect(kept.get(key)).toBe(key)
    }),
  )
})
