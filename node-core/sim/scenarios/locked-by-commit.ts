import { type Scenario, scenario } from '../scenario.ts'

/**
 * All replicas crash when their COMMIT of height 2 is durable and has not left: everyone is bound to the block. Before the
 * body was part of the durable write nobody could serve it, and the chain stood still for good.
 */
export function lockedByCommit(seed: number): Scenario {
  return scenario({
    seed,
    heights: 6,
    script: { everyoneCrashesAfterCommitOf: 2 },
    faults: { untilMs: 6_000 },
    boundMs: 60_000,
  })
}
