import { describe, expect, it } from 'vitest'
import { runNodes } from './node/run.ts'
import { searchNodes, searchPresence } from './node-search.test-kit.ts'
import { type CrashAtWrite, type CrashMoment, scenario } from './scenario.ts'

const MINUTES = 60_000

describe('whole nodes under random faults and byzantine nodes, second half', () => {
  it('100 seeds of all sizes', () => searchNodes({ from: 101, to: 200 }, { heights: 4 }), 5 * MINUTES)

  it('10 seeds of 31 nodes', () => searchNodes({ from: 21, to: 30 }, { nodes: 31, heights: 3 }), 5 * MINUTES)

  it('40 seeds of short windows of presence', () => searchPresence({ from: 261, to: 300 }), 5 * MINUTES)
})

describe('a whole node that proposes invalid blocks', () => {
  it('is jailed for it on every honest chain, by evidence that the others send of themselves', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const byzantine = new Map([[seed % 4, { makesInvalid: true }]])
      const { violation, punished } = await runNodes(scenario({ seed, byzantine, heights: 32 }))
      expect({ seed, violation, punished }).toEqual({
        seed,
        violation: null,
        punished: { 'invalid-block': 1 },
      })
    }
  })
})

describe('a crash of a whole node at every write', () => {
  const HEIGHTS = 3

  it(
    'before it, in the middle of it and after it: the chain goes on and nobody is accused',
    async () => {
      for (let replica = 0; replica < 4; replica++)
        for (const when of ['before', 'torn', 'after'] as const) {
          expect(await writesCrashed(replica, 'journal', when)).toBeGreaterThanOrEqual(2 * HEIGHTS)
          expect(await writesCrashed(replica, 'storage', when)).toBeGreaterThanOrEqual(HEIGHTS)
        }
    },
    MINUTES,
  )

  /** From the first write to the last: until none is left for a crash to fall on. */
  async function writesCrashed(
    replica: number,
    disk: CrashAtWrite['disk'],
    when: CrashMoment,
  ): Promise<number> {
    for (let write = 1; ; write++) {
      const { violation, crashes } = await runNodes(
        scenario({
          seed: write,
          heights: HEIGHTS,
          calmHeights: 1,
          faults: { untilMs: 60_000 },
          script: { crashesAtWrite: [{ replica, disk, write, when }] },
        }),
      )
      expect(violation, `replica ${replica}, ${disk}, write ${write}, ${when}`).toBeNull()
      if (crashes === 0) return write - 1
    }
  }
})
