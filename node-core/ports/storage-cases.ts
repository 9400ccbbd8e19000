/** What every Storage must do. Bytes are small on purpose: the cases are about order, atomicity and survival. */
import { utf8 } from '../lib/bytes.ts'
import { type ContractCase, expectBytes, expectCode, expectList } from './contract-case.ts'
import type { RangeQuery, Storage, StorageWrite } from './storage.ts'

/** One place that can be opened again, and again. */
export interface StorageHarness {
  open(): Promise<Storage>
  /** Ends the storage without a close where the platform allows; what was acknowledged must survive. */
  crash(storage: Storage): Promise<void>
}

const BUCKET = 3
const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes)
const put = (at: Uint8Array, value: string, bucket = BUCKET): StorageWrite => ({
  bucket,
  key: at,
  value: utf8(value),
})
const erase = (at: Uint8Array, bucket = BUCKET): StorageWrite => ({ bucket, key: at, value: null })

async function keysOf(storage: Storage, query: RangeQuery, bucket = BUCKET): Promise<Uint8Array[]> {
  return (await storage.range(bucket, query)).map((entry) => entry.key)
}

export const storageCases: readonly ContractCase<StorageHarness>[] = [
  {
    name: 'an empty store answers null and no entries',
    async run(harness) {
      const storage = await harness.open()
      expectBytes(await storage.get(BUCKET, key(1)), null, 'absent key')
      expectList(await keysOf(storage, { limit: 10 }), [], 'empty range')
      await storage.close()
    },
  },
  {
    name: 'a commit writes, overwrites and deletes; the last write of one key in a commit stands',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(1), 'a'), put(key(2), 'b')])
      await storage.commit([put(key(1), 'a2'), erase(key(2)), put(key(3), 'x'), put(key(3), 'y')])
      expectBytes(await storage.get(BUCKET, key(1)), utf8('a2'), 'overwritten')
      expectBytes(await storage.get(BUCKET, key(2)), null, 'deleted')
      expectBytes(await storage.get(BUCKET, key(3)), utf8('y'), 'last write of the key')
      await storage.commit([put(key(3), 'z'), erase(key(3)), erase(key(9))])
      expectBytes(await storage.get(BUCKET, key(3)), null, 'put and deleted')
      await storage.close()
    },
  },
  {
    name: 'an empty value and an empty key are values and keys like others',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(1), ''), put(key(), 'root')])
      expectBytes(await storage.get(BUCKET, key(1)), utf8(''), 'empty value')
      expectBytes(await storage.get(BUCKET, key()), utf8('root'), 'empty key')
      expectList(await keysOf(storage, { limit: 5 }), [key(), key(1)], 'order')
      await storage.close()
    },
  },
  {
    name: 'buckets do not see each other, the first and the last among them',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([
        put(key(7), 'zero', 0),
        put(key(7), 'one', 1),
        put(key(7), 'last', 255),
        put(key(8), 'last', 255),
      ])
      expectBytes(await storage.get(0, key(7)), utf8('zero'), 'bucket 0')
      expectBytes(await storage.get(1, key(7)), utf8('one'), 'bucket 1')
      expectList(await keysOf(storage, { limit: 9 }, 0), [key(7)], 'range of 0')
      expectList(await keysOf(storage, { limit: 9 }, 255), [key(7), key(8)], 'range of 255')
      expectList(
        await keysOf(storage, { limit: 9, reverse: true }, 255),
        [key(8), key(7)],
        'reverse range of 255',
      )
      expectList(await keysOf(storage, { limit: 9 }, 2), [], 'range of an empty bucket between others')
      await storage.close()
    },
  },
  {
    name: 'a range is in byte order, from inclusive, to exclusive, limited, from either end',
    async run(harness) {
      const storage = await harness.open()
      const sorted = [
        key(0),
        key(1),
        key(1, 0),
        key(1, 255),
        key(2),
        key(127),
        key(128),
        key(255),
        key(255, 255),
      ]
      await storage.commit([...sorted].reverse().map((at) => put(at, 'v')))
      expectList(await keysOf(storage, { limit: 100 }), sorted, 'all')
      expectList(await keysOf(storage, { limit: 100, reverse: true }), [...sorted].reverse(), 'all, reversed')
      expectList(
        await keysOf(storage, { from: key(1), to: key(2), limit: 100 }),
        sorted.slice(1, 4),
        'from 1 to 2',
      )
      expectList(
        await keysOf(storage, { from: key(1, 1), limit: 2 }),
        sorted.slice(3, 5),
        'from between keys, two',
      )
      expectList(
        await keysOf(storage, { to: key(128), limit: 2, reverse: true }),
        [key(127), key(2)],
        'the last two below',
      )
      expectList(await keysOf(storage, { from: key(2), to: key(2), limit: 9 }), [], 'from equals to')
      expectList(await keysOf(storage, { from: key(3), to: key(2), limit: 9 }), [], 'from above to')
      expectList(await keysOf(storage, { limit: 0 }), [], 'limit zero')
      await storage.close()
    },
  },
  {
    name: 'values come back with their keys',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(1), 'one'), put(key(2), 'two')])
      for (const reverse of [false, true]) {
        const entries = await storage.range(BUCKET, { limit: 9, reverse })
        for (const entry of entries)
          expectBytes(entry.value, utf8(entry.key[0] === 1 ? 'one' : 'two'), 'value of its key')
      }
      await storage.close()
    },
  },
  {
    name: 'bytes given and bytes returned belong to the caller afterwards',
    async run(harness) {
      const storage = await harness.open()
      const given = utf8('abc')
      await storage.commit([{ bucket: BUCKET, key: key(1), value: given }])
      given.fill(0)
      const returned = await storage.get(BUCKET, key(1))
      expectBytes(returned, utf8('abc'), 'after the given bytes changed')
      returned!.fill(0)
      const [entry] = await storage.range(BUCKET, { limit: 1 })
      expectBytes(entry!.value, utf8('abc'), 'after the returned bytes changed')
      entry!.value.fill(0)
      expectBytes(await storage.get(BUCKET, key(1)), utf8('abc'), 'after the range bytes changed')
      await storage.close()
    },
  },
  {
    name: 'a view into a larger buffer is stored as the view alone',
    async run(harness) {
      const storage = await harness.open()
      const large = utf8('....key=value....')
      await storage.commit([{ bucket: BUCKET, key: large.subarray(4, 7), value: large.subarray(8, 13) }])
      expectBytes(await storage.get(BUCKET, utf8('key')), utf8('value'), 'the view')
      await storage.close()
    },
  },
  {
    name: 'commits that overlap in time apply in the order of the calls',
    async run(harness) {
      const storage = await harness.open()
      const commits = Array.from({ length: 40 }, (_, i) =>
        storage.commit([put(key(1), `${i}`), put(key(2, i), 'x')]),
      )
      await Promise.all(commits)
      expectBytes(await storage.get(BUCKET, key(1)), utf8('39'), 'the last call')
      const all = await keysOf(storage, { from: key(2), limit: 100 })
      if (all.length !== 40) throw new Error(`expected 40 keys, got ${all.length}`)
      await storage.close()
    },
  },
  {
    name: 'an empty commit resolves and changes nothing',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(1), 'a')])
      await storage.commit([])
      expectBytes(await storage.get(BUCKET, key(1)), utf8('a'), 'kept')
      await storage.close()
    },
  },
  {
    name: 'what was committed is there after a close, and after a crash',
    async run(harness) {
      const first = await harness.open()
      await first.commit([put(key(1), 'closed')])
      await first.close()
      const second = await harness.open()
      await second.commit([put(key(2), 'crashed'), erase(key(3))])
      await harness.crash(second)
      const third = await harness.open()
      expectBytes(await third.get(BUCKET, key(1)), utf8('closed'), 'after the close')
      expectBytes(await third.get(BUCKET, key(2)), utf8('crashed'), 'after the crash')
      await third.close()
    },
  },
  {
    name: 'a commit cut short by a crash is there whole or not at all, and later ones not without it',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(0), 'before')])
      const cut = [1, 2, 3].map((round) =>
        storage.commit([put(key(round, 1), 'half'), put(key(round, 2), 'half')]).catch(() => undefined),
      )
      await harness.crash(storage)
      await Promise.all(cut)
      const after = await harness.open()
      expectBytes(await after.get(BUCKET, key(0)), utf8('before'), 'the acknowledged commit')
      let gone = false
      for (const round of [1, 2, 3]) {
        const halves = [await after.get(BUCKET, key(round, 1)), await after.get(BUCKET, key(round, 2))]
        if ((halves[0] === null) !== (halves[1] === null)) throw new Error(`commit ${round} was torn in two`)
        if (gone && halves[0] !== null) throw new Error(`commit ${round} survived without the one before it`)
        gone = halves[0] === null
      }
      await after.close()
    },
  },
  {
    name: 'a large commit cut short by a crash is there whole or not at all',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(0), 'before'), put(key(1, 0, 0), 'old')])
      const entries = Array.from({ length: 600 }, (_, i) => put(key(1, i >> 8, i & 255), 'x'.repeat(1_000)))
      const cut = storage.commit([erase(key(0)), ...entries]).catch(() => undefined)
      await harness.crash(storage)
      await cut
      const after = await harness.open()
      const kept = (await keysOf(after, { from: key(1), limit: 1_000 })).length
      const before = await after.get(BUCKET, key(0))
      const whole = kept === entries.length && before === null
      if (!whole && !(kept === 1 && before !== null))
        throw new Error(`torn: ${kept} of ${entries.length} entries`)
      await after.close()
    },
  },
  {
    name: 'after close every operation is refused by code',
    async run(harness) {
      const storage = await harness.open()
      await storage.close()
      await expectCode(storage.get(BUCKET, key(1)), 'storage-lost', 'get')
      await expectCode(storage.range(BUCKET, { limit: 1 }), 'storage-lost', 'range')
      await expectCode(storage.commit([put(key(1), 'a')]), 'storage-lost', 'commit')
    },
  },
  {
    name: 'close waits for the commits before it and may be called twice',
    async run(harness) {
      const storage = await harness.open()
      const pending = storage.commit([put(key(1), 'kept')])
      await storage.close()
      await pending
      await storage.close()
      const again = await harness.open()
      expectBytes(await again.get(BUCKET, key(1)), utf8('kept'), 'committed before the close')
      await again.close()
    },
  },
  {
    name: 'usage is numbers or null, never negative, used not above the quota',
    async run(harness) {
      const storage = await harness.open()
      await storage.commit([put(key(1), 'x'.repeat(10_000))])
      const { usedBytes, quotaBytes } = await storage.usage()
      for (const bytes of [usedBytes, quotaBytes]) {
        if (bytes !== null && !(Number.isFinite(bytes) && bytes >= 0)) throw new Error(`not a size: ${bytes}`)
      }
      if (usedBytes !== null && quotaBytes !== null && usedBytes > quotaBytes)
        throw new Error('more used than allowed')
      await storage.close()
    },
  },
]
