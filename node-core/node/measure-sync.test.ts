import { expect, it } from 'vitest'
import { measureFullSync, measureSnapshot } from './measure-sync.ts'

it('measures a whole chain executed, and a whole state fetched', async () => {
  const full = await measureFullSync(150)
  expect([full.blocks, full.transfersPerBlock]).toEqual([150, 5])
  expect(full.blocksPerSecond).toBeCloseTo(150_000 / full.fullSyncMs)
  const snapshot = await measureSnapshot(500, 2)
  expect(snapshot.bytes).toBeGreaterThan(500 * 40)
  expect(snapshot.snapshotMs).toBeGreaterThan(0)
})
