import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import { describeContract } from '../../ports/describe-contract.ts'
import { storageCases } from '../../ports/storage-cases.ts'
import { openLevelStorage } from './level-storage.ts'
import { startVictim } from './test-child.ts'
import { makeTestDirectory } from './test-directory.ts'

describeContract('LevelDB storage keeps the storage contract', storageCases, async () => {
  const directory = await makeTestDirectory()
  const place = path.join(directory.path, 'store')
  return {
    open: () => openLevelStorage(place),
    crash: (storage) => storage.close(),
    dispose: directory.remove,
  }
})

describe('LevelDB storage', () => {
  it('keeps every acknowledged commit of a process that was killed, each whole', async () => {
    const directory = await makeTestDirectory()
    const victim = startVictim('storage', directory.path)
    await victim.acknowledged(50)
    const last = await victim.kill()
    const storage = await openLevelStorage(directory.path)
    const left = Number(new TextDecoder().decode((await storage.get(1, utf8('left')))!))
    const right = Number(new TextDecoder().decode((await storage.get(2, utf8('right')))!))
    expect(left).toBe(right)
    expect(left).toBeGreaterThanOrEqual(last)
    expect(left).toBeLessThanOrEqual(last + 1)
    await storage.close()
    await directory.remove()
  })

  it('keeps every commit that was acknowledged after a disk was full', async () => {
    const directory = await makeTestDirectory()
    const victim = startVictim('full-storage', directory.path)
    await victim.acknowledged(20)
    const last = await victim.kill()
    const storage = await openLevelStorage(directory.path)
    for (let number = 1; number <= last; number++)
      expect((await storage.get(1, utf8(`${number}`)))?.length, `commit ${number} of ${last}`).toBe(3_000)
    await storage.close()
    await directory.remove()
  })

  it('is refused by code while another handle has it open', async () => {
    const directory = await makeTestDirectory()
    const storage = await openLevelStorage(directory.path)
    await expect(openLevelStorage(directory.path)).rejects.toMatchObject({ code: 'storage-blocked' })
    await storage.close()
    await directory.remove()
  })

  it('tells what it uses and what is left', async () => {
    const directory = await makeTestDirectory()
    const storage = await openLevelStorage(directory.path)
    await storage.commit([
      { bucket: 1, key: utf8('k'), value: new Uint8Array(100_000).map((_, i) => (i * 7919) % 256) },
    ])
    const { usedBytes, quotaBytes, persistent } = await storage.usage()
    expect(usedBytes).toBeGreaterThan(1_000)
    expect(quotaBytes).toBeGreaterThan(usedBytes!)
    expect(persistent).toBe(true)
    await storage.close()
    await directory.remove()
  })
})
