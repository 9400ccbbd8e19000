import { describe, expect, it } from 'vitest'
import { runCore } from './core/run.ts'
import { searchCore } from './core-search.test-kit.ts'
import { scenario } from './scenario.ts'

const MINUTES = 60_000

describe('consensus under random faults and byzantine replicas, second half', () => {
  it('2,400 seeds of all sizes', () => searchCore({ from: 2_601, to: 5_000 }), 5 * MINUTES)

  it('20 seeds of 31 replicas', () => searchCore({ from: 1, to: 20 }, { nodes: 31, heights: 5 }), 5 * MINUTES)
})

describe('a crash at every write', () => {
  const HEIGHTS = 4
  const WRITES = { journal: 3 * (HEIGHTS + 2), storage: HEIGHTS }

  it('of one replica, before it, in the middle of it and after it: the chain goes on and nobody is accused', () => {
    let crashes = 0
    for (const disk of ['journal', 'storage'] as const)
      for (let write = 1; write <= WRITES[disk]; write++)
        for (const when of ['before', 'torn', 'after'] as const)
          for (let replica = 0; replica < 4; replica++) {
            const result = runCore(
              scenario({
                seed: write,
                heights: HEIGHTS,
                calmHeights: 1,
                faults: { untilMs: 60_000 },
                script: { crashesAtWrite: [{ replica, disk, write, when }] },
              }),
            )
            expect(result.violation).toBeNull()
            crashes += result.crashes
          }
    expect(crashes).toBeGreaterThan(4 * 3 * (2 * HEIGHTS + HEIGHTS))
  })

  it('of all replicas at once', () => {
    for (const disk of ['journal', 'storage'] as const)
      for (let write = 1; write <= WRITES[disk]; write++)
        for (const when of ['before', 'torn', 'after'] as const) {
          const crashesAtWrite = [0, 1, 2, 3].map((replica) => ({ replica, disk, write, when }))
          const result = runCore(
            scenario({
              seed: write,
              heights: HEIGHTS,
              calmHeights: 1,
              faults: { untilMs: 60_000 },
              script: { crashesAtWrite },
            }),
          )
          expect(result.violation).toBeNull()
        }
  })
})
