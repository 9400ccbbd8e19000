/** Runs contract cases under vitest. */
import { describe, it } from 'vitest'
import type { ContractCase, HarnessFactory } from './contract-case.ts'

export function describeContract<Harness>(
  name: string,
  cases: readonly ContractCase<Harness>[],
  factory: HarnessFactory<Harness>,
): void {
  describe(name, () => {
    for (const { name: title, run } of cases) {
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
