import { describe, expect, it } from 'vitest'
import { runNodes } from './node/run.ts'
import { searchNodes, searchPresence } from './node-search.test-kit.ts'
import { randomScenario } from './random-scenario.ts'
import { scenario } from './scenario.ts'

const MINUTES = 60_000

describe('whole nodes under random faults and byzantine nodes, first half', () => {
  it('100 seeds of all sizes', () => searchNodes({ from: 1, to: 100 }, { heights: 4 }), 5 * MINUTES)

  it('10 seeds of 31 nodes', () => searchNodes({ from: 1, to: 10 }, { nodes: 31, heights: 3 }), 5 * MINUTES)

  it('40 seeds of short windows of presence', () => searchPresence({ from: 161, to: 200 }), 5 * MINUTES)

  it('the same seed runs the same way', async () => {
    const given = randomScenario({ seed: 3, heights: 4 })
    expect(await runNodes(given)).toEqual(await runNodes(given))
  })

  it('nodes that do not verify signatures believe a forged certificate, and the checkers see it', async () => {
    const forger = (seed: number) =>
      scenario({
        seed,
        byzantine: new Map([[seed % 4, { forges: true }]]),
        heights: 8,
        faults: { untilMs: 20_000, delayMs: 200, loss: 0.1 },
      })
    for (let seed = 1; seed <= 20; seed++) {
      const { violation } = await runNodes(forger(seed), { believesForgeries: true })
      if (violation === null) continue
      expect(violation).toMatch(/fork|halted|accused/)
      expect((await runNodes(forger(seed))).violation).toBeNull()
      return
    }
    expect.unreachable('nothing was seen')
  })
})
