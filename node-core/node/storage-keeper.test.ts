import { describe, expect, it } from 'vitest'
import { MemoryClock } from '../adapters/memory/memory-clock.ts'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { utf8 } from '../lib/bytes.ts'
import { STORAGE_RETRY_MS } from './constants.ts'
import { StorageKeeper } from './storage-keeper.ts'

const write = (key: string) => [{ bucket: 1, key: utf8(key), value: utf8('value') }]
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function keeper() {
  const clock = new MemoryClock()
  const disk = new MemoryDisk()
  const made = new StorageKeeper(disk.open(), clock)
  const changes: (string | null)[] = []
  made.onChange(() => changes.push(made.trouble?.code ?? null))
  return { clock, disk, keeper: made, changes }
}

describe('a full disk', () => {
  it('keeps commits waiting, in their order, until there is room; reading goes on', async () => {
    const { clock, disk, keeper: store, changes } = keeper()
    await store.commit(write('before'))
    disk.fail('storage-full')
    const done: string[] = []
    const first = store.commit(write('first')).then(() => done.push('first'))
    const second = store.commit(write('second')).then(() => done.push('second'))
    await turn()
    expect(changes).toEqual(['storage-full'])
    expect(await store.get(1, utf8('before'))).toEqual(utf8('value'))
    clock.advance(STORAGE_RETRY_MS)
    await turn()
    expect(done).toEqual([])
    disk.fail(null)
    clock.advance(STORAGE_RETRY_MS)
    await Promise.all([first, second])
    expect(done).toEqual(['first', 'second'])
    expect(changes).toEqual(['storage-full', null])
  })

  it('does not keep a node from stopping', async () => {
    const { disk, keeper: store } = keeper()
    disk.fail('storage-full')
    const waiting = store.commit(write('never'))
    const refused = expect(waiting).rejects.toMatchObject({ code: 'storage-full' })
    await turn()
    store.end()
    await refused
  })
})

it('a store that is gone is said at once, and not tried again', async () => {
  const { disk, keeper: store, changes } = keeper()
  disk.fail('storage-lost')
  await expect(store.commit(write('never'))).rejects.toMatchObject({ code: 'storage-lost' })
  expect(changes).toEqual(['storage-lost'])
})
