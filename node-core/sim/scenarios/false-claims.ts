import { type Scenario, scenario } from '../scenario.ts'

/** By 142 a catch-up ended when its block was decided, and cut off the check of the next one: that was never begun again. */
export const FALSE_CLAIMS_SEEDS = [1, 2, 142]

/**
 * Rounds end with a value prepared by some, and one validator claims what suits it in ROUND-CHANGEs: an older value with its
 * true proof, nothing, or a value whose proof is short of votes or not signed.
 */
export function falseClaims(seed: number): Scenario {
  return scenario({
    seed,
    powers: [1, 1, 1, 1],
    heights: 5,
    calmHeights: 1,
    byzantine: new Map([
      [seed % 4, { claims: seed % 2 === 0 ? 'stale' : 'mixed', forges: true, leavesOut: 0.2 }],
    ]),
    faults: { untilMs: 120_000, loss: 0.5, delayMs: 100, notPassedOn: 0.5 },
  })
}
