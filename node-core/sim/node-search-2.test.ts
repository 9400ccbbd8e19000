import { describe, expect, it } from 'vitest'
import { runNodes } from './node/run.ts'
import { searchNodes } from './node-search.test-kit.ts'
import { scenario } from './scenario.ts'

const MINUTES = 60_000

describe('whole nodes under random faults and byzantine nodes, second half', () => {
  it('100 seeds of all sizes', () => searchNodes({ from: 101, to: 200 }, { heights: 4 }), 5 * MINUTES)

  it('10 seeds of 31 nodes', () => searchNodes({ from: 11, to: 20 }, { nodes: 31, heights: 3 }), 5 * MINUTES)
})

describe('a crash of a whole node at every write', () => {
  const HEIGHTS = 3

  it('before it, in the middle of it and after it: the chain goes on and nobody is accused', async () => {
    let crashes = 0
    for (const disk of ['journal', 'storage'] as const)
      for (let write = 1; write <= 2 * HEIGHTS + 2; write++)
        for (const when of ['before', 'torn', 'after'] as const) {
          const result = await runNodes(
            scenario({
              seed: write,
              heights: HEIGHTS,
              calmHeights: 1,
              faults: { untilMs: 60_000 },
              script: { crashesAtWrite: [{ replica: write % 4, disk, write, when }] },
            }),
          )
          expect(result.violation).toBeNull()
          crashes += result.crashes
        }
    expect(crashes).toBeGreaterThan(3 * 2 * HEIGHTS)
  })
})
