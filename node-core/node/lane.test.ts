import { expect, it } from 'vitest'
import { Lane } from './lane.ts'

function works(lane: Lane, count: number) {
  const started: number[] = []
  const ends = Array.from({ length: count }, () => Promise.withResolvers<number>())
  const results = ends.map(({ promise }, at) =>
    lane.run(() => {
      started.push(at)
      return promise
    }),
  )
  return { started, ends, results }
}

it('runs so many at a time, in the order they came', async () => {
  const { started, ends, results } = works(new Lane(2), 4)
  expect(started).toEqual([0, 1])
  ends[1]!.resolve(1)
  expect(await results[1]).toBe(1)
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  for (const [at, { resolve }] of ends.entries()) resolve(at)
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3])
  expect(started).toEqual([0, 1, 2, 3])
})

it('gives the place of a work that failed to the next', async () => {
  const { started, ends, results } = works(new Lane(1), 2)
  ends[0]!.reject(new Error('spoilt'))
  await expect(results[0]).rejects.toThrow('spoilt')
  ends[1]!.resolve(1)
  expect(await results[1]).toBe(1)
  expect(started).toEqual([0, 1])
})
