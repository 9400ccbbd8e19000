import { expect, it } from 'vitest'
import { Memo } from './memo.ts'

it('asks once for what it is asked again, and forgets what nobody asks for any more', () => {
  const asked: number[] = []
  const memo = new Memo(2, (key: number) => {
    asked.push(key)
    return 10 * key
  })
  expect([1, 1, 2, 1].map((key) => memo.get(key))).toEqual([10, 10, 20, 10])
  expect(asked).toEqual([1, 2])
  memo.get(3)
  memo.get(1)
  memo.get(4)
  memo.get(1)
  expect(asked).toEqual([1, 2, 3, 4])
  memo.get(2)
  expect(asked).toEqual([1, 2, 3, 4, 2])
})
