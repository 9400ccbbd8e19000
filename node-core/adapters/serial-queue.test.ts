import { expect, it } from 'vitest'
import { SERIAL_OPERATIONS } from './limits.ts'
import { SerialQueue } from './serial-queue.ts'

it('runs one task after another in the order of the calls, and goes on after one that fails', async () => {
  const queue = new SerialQueue()
  const seen: string[] = []
  const slow = Promise.withResolvers<void>()
  const first = queue.run(async () => {
    await slow.promise
    seen.push('first')
  })
  const second = queue.run(() => Promise.reject(new Error('no')))
  const third = queue.run(() => seen.push('third'))
  slow.resolve()
  await first
  await expect(second).rejects.toThrow('no')
  expect(await third).toBe(2)
  expect(seen).toEqual(['first', 'third'])
})

it('lets so many wait; one more is refused at once with a code, and what waits is carried out all the same', async () => {
  const queue = new SerialQueue()
  const blocked = Promise.withResolvers<void>()
  const seen: number[] = []
  const taken = Array.from({ length: SERIAL_OPERATIONS }, (_, i) =>
    queue.run(async () => {
      await blocked.promise
      seen.push(i)
    }),
  )
  const refused = queue.run(() => seen.push(-1))
  await expect(refused).rejects.toMatchObject({ code: 'storage-busy', data: { limit: SERIAL_OPERATIONS } })
  expect(seen).toEqual([])
  blocked.resolve()
  await Promise.all(taken)
  expect(seen).toEqual(taken.map((_, i) => i))
  expect(await queue.run(() => 'there is room')).toBe('there is room')
})
