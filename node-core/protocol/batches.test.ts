import { expect, it } from 'vitest'
import { batchesOf, savedGas, together } from './batches.ts'
import { MAX_BATCH_PAYLOADS } from './constants.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

it.each([
  [0, []],
  [1, [1]],
  [MAX_BATCH_PAYLOADS, [MAX_BATCH_PAYLOADS]],
  [MAX_BATCH_PAYLOADS + 1, [MAX_BATCH_PAYLOADS, 1]],
  [2 * MAX_BATCH_PAYLOADS + 6, [MAX_BATCH_PAYLOADS, MAX_BATCH_PAYLOADS, 6]],
])('puts %i operations into as few batches as hold them, in order', (count, sizes) => {
  const batches = batchesOf(numbers(count))
  expect(batches.map(({ length }) => length)).toEqual(sizes)
  expect(batches.flat()).toEqual(numbers(count))
})

it('signs one operation alone', () => {
  const ready = { type: 'validator.ready' } as const
  expect(together([ready])).toBe(ready)
  expect(together([ready, ready])).toEqual({ type: 'batch', payloads: [ready, ready] })
})

it('saves for each operation but the first', () => {
  const parameters = { batchSavingGas: 15_000 }
  expect([0, 1, 2, 64].map((count) => savedGas(count, parameters))).toEqual([0, 0, 15_000, 945_000])
})
