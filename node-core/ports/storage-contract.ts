/** Runs the storage cases under vitest. The cases themselves are in storage-cases.ts. */
import { describe, it } from 'vitest'
import type { HarnessFactory } from './contract-case.ts'
import { type StorageHarness, storageCases } from './storage-cases.ts'

export function describeStorageContract(name: string, factory: HarnessFactory<StorageHarness>): void {
  describe(`${name} keeps the storage contract`, () => {
    for (const { name: title, run } of storageCases) {
      it(title, async () => {
        const harness = await factory()
        try {
          await run(harness)
        } finally {
          await harness.dispose()
        }
      })
    }
  })
}
