/** Runs the journal cases under vitest. The cases themselves are in journal-cases.ts. */
import { describe, it } from 'vitest'
import type { HarnessFactory } from './contract-case.ts'
import { type JournalHarness, journalCases } from './journal-cases.ts'

export function describeJournalContract(name: string, factory: HarnessFactory<JournalHarness>): void {
  describe(`${name} keeps the journal contract`, () => {
    for (const { name: title, run } of journalCases) {
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
