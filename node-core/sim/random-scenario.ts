/** A scenario from a seed: sizes, weights, faults and byzantine replicas that a search should not leave out. */
import { Random } from './random.ts'
import { type Behaviour, type Faults, type Scenario, scenario } from './scenario.ts'

export interface RandomScenarioOptions {
  readonly seed: number
  /** Validators of equal power; left out: the seed chooses among sizes and weights. */
  readonly nodes?: number
  readonly heights?: number
  /** Byzantine validators; left out: the seed chooses, below a third of the power. */
  readonly byzantine?: number
}

const DEFAULT_HEIGHTS = 10
/** Fewer heights than this leave one for the calm. */
const SHORT_RUN = 6
/** Virtual ms of faults for each height: the faults end before the heights do only where the chain stands still. */
const FAULTS_PER_HEIGHT_MS = 3_000
/** A prime, so that the scenario's own draws differ from those of the run. */
const SCENARIO_SEED = 0x5bd1e995

const POWERS: readonly (readonly number[])[] = [
  [1, 1, 1, 1],
  [1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  [5, 3, 3, 2, 1],
  [10, 9, 8, 3, 2, 1, 1],
  [20, 20, 20, 10, 10, 10, 10],
]

export function randomScenario(options: RandomScenarioOptions): Scenario {
  const { seed, nodes, heights = DEFAULT_HEIGHTS } = options
  const random = new Random(seed ^ SCENARIO_SEED)
  const powers = nodes === undefined ? random.pick(POWERS) : new Array<number>(nodes).fill(1)
  const order = random.shuffled(powers.map((_, index) => index))
  const chosen =
    options.byzantine === undefined
      ? belowAThird(powers, random.chance(0.15) ? [] : order)
      : order.slice(0, options.byzantine)
  const misbehaving = new Map(chosen.map((index) => [index, randomBehaviour(random)]))
  const { faults, work } = faultsAndWork(random, heights)
  // The last draw: a seed's other faults are what they were before there was this one.
  const damagedPages = random.chance(0.2) ? 0.4 : 0
  return scenario({
    seed,
    powers,
    heights,
    calmHeights: heights < SHORT_RUN ? 1 : 3,
    byzantine: misbehaving,
    faults: { ...faults, damagedPages },
    work,
    boundMs: 900_000 + heights * 10_000,
  })
}

function faultsAndWork(random: Random, heights: number): { faults: Partial<Faults>; work: number } {
  const faults = randomFaults(random, heights)
  const work = random.pick([1, 1, 0.5, 0])
  return { faults: { ...faults, notPassedOn: random.pick([0, 0, 0.5, 0.9]) }, work }
}

/** As many of these as have less than a third of the power. */
function belowAThird(powers: readonly number[], order: readonly number[]): number[] {
  const total = powers.reduce((sum, power) => sum + power, 0)
  let power = 0
  return order.filter((index) => {
    if (3 * (power + powers[index]!) >= total) return false
    power += powers[index]!
    return true
  })
}

function randomBehaviour(random: Random): Behaviour {
  if (random.chance(0.2)) return { twins: true }
  if (random.chance(0.12)) return { silent: true }
  const claims = random.pick(['none', 'stale', 'mixed', null, null] as const)
  return {
    equivocates: random.chance(0.5),
    votesForAll: random.chance(0.4),
    ...(claims ? { claims } : {}),
    hidesPrepared: random.chance(0.4),
    jumpsAhead: random.chance(0.2),
    shiftsRounds: random.chance(0.2),
    replays: random.chance(0.3),
    forges: random.chance(0.3),
    leavesOut: random.chance(0.5) ? random.next() * 0.6 : 0,
    makesInvalid: random.chance(0.25),
    withholdsBodies: random.chance(0.25),
  }
}

function randomFaults(random: Random, heights: number): Partial<Faults> {
  const lengthMs = 8_000 + heights * FAULTS_PER_HEIGHT_MS * random.next()
  const often = 1 + lengthMs / 30_000
  return {
    untilMs: lengthMs,
    loss: random.chance(0.5) ? random.next() * 0.3 : 0,
    duplication: random.chance(0.5) ? 0.1 : 0,
    delayMs: 20 + random.next() * 400,
    partitions: random.below(4 * often),
    crashes: random.below(6 * often),
    everyoneCrashes: random.chance(0.25) ? 1 : 0,
    tornWrites: random.chance(0.5) ? 0.4 : 0,
    lostRecords: random.chance(0.2) ? 1 : 0,
    skewMs: random.chance(0.5) ? 150 : 0,
    drift: random.chance(0.3) ? 0.001 : 0,
    clockJumps: random.chance(0.2) ? random.below(4) : 0,
    clockJumpMs: random.pick([500, 5_000]),
    timerLatenessMs: random.chance(0.15) ? 5_000 : 0,
  }
}
