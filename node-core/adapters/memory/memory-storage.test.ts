import { describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import { describeContract } from '../../ports/describe-contract.ts'
import { storageCases } from '../../ports/storage-cases.ts'
import { MemoryDisk } from './memory-storage.ts'

describeContract('memory storage keeps the storage contract', storageCases, async () => {
  const disk = new MemoryDisk()
  return {
    open: async () => disk.open(),
    crash: async () => disk.crash(),
    dispose: async () => undefined,
  }
})

describe('a memory disk', () => {
  const write = (key: string, value: string) => ({ bucket: 1, key: utf8(key), value: utf8(value) })

  it('loses at a crash exactly the commits that were not acknowledged', async () => {
    const held = Promise.withResolvers<void>()
    let slow = false
    const disk = new MemoryDisk({ settle: () => (slow ? held.promise : Promise.resolve()) })
    const storage = disk.open()
    await storage.commit([write('a', 'durable')])
    slow = true
    const lost = storage.commit([write('a', 'lost')])
    disk.crash()
    held.resolve()
    await expect(lost).rejects.toMatchObject({ code: 'storage-lost' })
    await expect(storage.get(1, utf8('a'))).rejects.toMatchObject({ code: 'storage-lost' })
    expect(await disk.open().get(1, utf8('a'))).toEqual(utf8('durable'))
  })

  it('refuses what does not fit and keeps what it has', async () => {
    const storage = new MemoryDisk({ quotaBytes: 100 }).open()
    await storage.commit([write('a', 'fits')])
    await expect(storage.commit([write('b', 'x'), write('c', 'x'.repeat(200))])).rejects.toMatchObject({
      code: 'storage-full',
    })
    expect(await storage.get(1, utf8('b'))).toBeNull()
    expect(await storage.get(1, utf8('a'))).toEqual(utf8('fits'))
  })

  it('fails by the code it was told, until it is mended', async () => {
    const disk = new MemoryDisk()
    const storage = disk.open()
    disk.fail('storage-full')
    await expect(storage.commit([write('a', '1')])).rejects.toMatchObject({ code: 'storage-full' })
    disk.fail(null)
    await storage.commit([write('a', '2')])
    expect(await storage.get(1, utf8('a'))).toEqual(utf8('2'))
  })
})
