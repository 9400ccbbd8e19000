import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { acquireLock } from './lock-file.ts'
import { startVictim } from './test-child.ts'
import { makeTestDirectory } from './test-directory.ts'

it('one holder at a time, named in the refusal, free after the release', async () => {
  const directory = await makeTestDirectory()
  const held = await acquireLock(directory.path)
  await expect(acquireLock(directory.path)).rejects.toMatchObject({
    code: 'key-in-use',
    data: { holder: { pid: process.pid } },
  })
  await held.release()
  await (await acquireLock(directory.path)).release()
  await directory.remove()
})

it('of many that ask at once exactly one gets it', async () => {
  const directory = await makeTestDirectory()
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(directory.path)))
  const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  await winners[0]!.value.release()
  await directory.remove()
})

it('a killed process leaves no stale lock behind', async () => {
  const directory = await makeTestDirectory()
  const victim = startVictim('lock', directory.path)
  const pid = await victim.acknowledged(1)
  await expect(acquireLock(directory.path)).rejects.toMatchObject({
    code: 'key-in-use',
    data: { holder: { pid } },
  })
  await victim.kill()
  await (await acquireLock(directory.path)).release()
  await directory.remove()
})

it('what the note about the holder says decides nothing, even when it is damaged or names a living process', async () => {
  const directory = await makeTestDirectory()
  await (await acquireLock(directory.path)).release()
  await writeFile(
    path.join(directory.path, 'holder.json'),
    JSON.stringify({ pid: process.pid, host: 'here', sinceMs: 1 }),
  )
  const held = await acquireLock(directory.path)
  await writeFile(path.join(directory.path, 'holder.json'), '{"pid":')
  await expect(acquireLock(directory.path)).rejects.toMatchObject({
    code: 'key-in-use',
    data: { holder: null },
  })
  await held.release()
  await directory.remove()
})
