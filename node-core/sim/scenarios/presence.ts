import { Random } from '../random.ts'
import { randomScenario } from '../random-scenario.ts'
import type { Behaviour, Scenario } from '../scenario.ts'

/** When a COMMIT was lost that came while a block was being written, these jailed an honest validator that was there. */
export const PRESENCE_SEEDS = [195, 287]

const HEIGHTS = 14
const SIZES = [7, 8, 10]
/** Mean extra delays, ms. */
const LEAST_DELAY_MS = 20
const MOST_DELAY_MS = 200
/** A prime, so that these draws differ from the others of the seed. */
const PRESENCE_SEED = 0x2c1b3c6d

/**
 * Windows so short that a partition or a crash makes up more than half of one, and an absence costs stake at once or soon, on
 * links that are as the chain assumes where they are not cut: whoever was there must not pay for it. One validator is
 * byzantine, mostly silent: it stays below a third of the power when a third of the others is jailed.
 */
export function presence(seed: number): Scenario {
  const random = new Random(seed ^ PRESENCE_SEED)
  const given = randomScenario({ seed, nodes: random.pick(SIZES), heights: HEIGHTS, byzantine: 1 })
  const [[member, behaviour]] = [...given.byzantine] as [[number, Behaviour]]
  const parameters = {
    ...given.parameters,
    presenceWindowBlocks: random.pick([4, 5, 6]),
    unavailableOffences: random.pick([1, 1, 2]),
    slowOffences: random.pick([1, 1, 2]),
  }
  const delayMs = LEAST_DELAY_MS + random.next() * (MOST_DELAY_MS - LEAST_DELAY_MS)
  const faults = { ...given.faults, loss: 0, timerLatenessMs: 0, delayMs }
  const byzantine = new Map([[member, random.chance(0.6) ? { silent: true } : behaviour]])
  return { ...given, byzantine, parameters, faults }
}
