import { Random } from '../random.ts'
import { type Scenario, scenario } from '../scenario.ts'

const HOUR_MS = 3_600_000
/** The shorter the cap, the further apart get replicas whose timers run without a quorum. */
const CAP_MS = 30_000

/**
 * One silent, the others alone for an hour, two of them asleep for some of it. When timers ran always, one of them came out
 * so far ahead that the others, at the same capped pace, never met it again.
 */
export function hourAlone(seed: number): Scenario {
  const random = new Random(seed)
  const sleeps = [1, 2].map((replica) => ({
    replica,
    fromMs: 30_000 + random.next() * 600_000,
    forMs: random.next() * 2_400_000,
  }))
  return scenario({
    seed,
    heights: 30,
    byzantine: new Map([[0, { silent: true }]]),
    faults: { untilMs: HOUR_MS },
    script: { isolated: { fromMs: 20_000, untilMs: HOUR_MS }, sleeps },
    parameters: { roundTimeoutCapMs: CAP_MS },
    boundMs: 600_000,
    maxRound: 6,
  })
}
