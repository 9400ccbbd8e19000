import { type Scenario, scenario } from '../scenario.ts'

/** Every crash leaves one page of the stored state damaged or gone: its node finds that by the hashes and puts the state back. */
export function damagedPage(seed: number): Scenario {
  return scenario({
    seed,
    followers: 1,
    heights: 10,
    faults: { untilMs: 20_000, crashes: 20, damagedPages: 1, delayMs: 100 },
  })
}
