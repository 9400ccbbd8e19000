import { describe, expect, it } from 'vitest'
import type { ByzantineMode } from './byzantine.test-kit.ts'
import { type NetworkOptions, type RunResult, TestNetwork } from './network.test-kit.ts'
import { Random } from './random.test-kit.ts'

const SEEDS = 320
const WEIGHTS: readonly (readonly number[])[] = [
  [1, 1, 1, 1],
  [1, 1, 1, 1, 1],
  [1, 1, 1, 1, 1, 1, 1],
  [5, 3, 3, 2, 1],
  [10, 9, 8, 3, 2, 1, 1],
]

/** Byzantine members of less than a third of the power, each misbehaving in its own way. */
function someByzantine(random: Random, powers: readonly number[]): Map<number, ByzantineMode> {
  const total = powers.reduce((sum, power) => sum + power, 0)
  const chosen = new Map<number, ByzantineMode>()
  if (random.chance(0.15)) return chosen
  let power = 0
  const order = powers.map((_, index) => ({ index, key: random.next() })).sort((a, b) => a.key - b.key)
  for (const { index } of order) {
    if (3 * (power + powers[index]!) >= total) continue
    power += powers[index]!
    chosen.set(index, {
      silent: random.chance(0.2),
      equivocates: random.chance(0.5),
      forgets: random.chance(0.5),
      jumpsAhead: random.chance(0.3),
      leavesOut: random.chance(0.5) ? random.next() * 0.6 : 0,
      makesInvalid: random.chance(0.25),
      withholdsBodies: random.chance(0.25),
    })
  }
  return chosen
}

function randomOptions(seed: number): NetworkOptions {
  const random = new Random(seed ^ 0x5bd1e995)
  const powers = random.pick(WEIGHTS)
  const faultsMs = 8_000 + random.next() * 20_000
  return {
    seed,
    powers,
    byzantine: someByzantine(random, powers),
    faultsMs,
    loss: random.chance(0.5) ? random.next() * 0.3 : 0,
    duplication: random.chance(0.5) ? 0.1 : 0,
    delayMs: 20 + random.next() * 400,
    partitions: random.below(4),
    crashes: random.below(6),
    everyoneCrashesAtMs: random.chance(0.25) ? [random.next() * faultsMs] : [],
    skewMs: random.chance(0.5) ? 150 : 0,
    timerLatenessMs: random.chance(0.2) ? 5_000 : 0,
    heights: 3,
    work: random.pick([1, 0.5, 0]),
  }
}

function run(options: NetworkOptions): RunResult {
  return new TestNetwork(options).run()
}

describe('random faults and byzantine replicas', () => {
  it(`${SEEDS} seeds: no fork, progress after the faults, no honest replica accused`, () => {
    const violations: string[] = []
    let crashes = 0
    let rounds = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = run(randomOptions(seed))
      if (result.violation) violations.push(result.violation)
      crashes += result.crashes
      rounds = Math.max(rounds, result.highestRound)
    }
    expect(violations).toEqual([])
    expect(crashes).toBeGreaterThan(SEEDS / 2)
    expect(rounds).toBeGreaterThan(2)
  })

  it('the same seed runs the same way', () => {
    const options = randomOptions(17)
    expect(run(options)).toEqual(run(options))
  })
})
