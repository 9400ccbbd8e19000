import { describe, expect, it } from 'vitest'
import { roundChange } from './builders.test-kit.ts'
import type { ByzantineMode } from './byzantine.test-kit.ts'
import { type NetworkOptions, type RunResult, TestNetwork } from './network.test-kit.ts'
import { Random } from './random.test-kit.ts'
import type { GuardRecord } from './replica-state.ts'

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

const SILENT: ByzantineMode = { silent: true }

describe('what stopped the chain before the rules were as they are', () => {
  const locked = { powers: [1, 1, 1, 1], everyoneCrashesAfterCommitOf: 2, faultsMs: 5_000, boundMs: 60_000 }

  it('all crash after their COMMIT is durable and before it leaves: the block is proposed again', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const result = run({ ...locked, seed })
      expect(result.violation).toBeNull()
      expect(result.crashes).toBe(4)
    }
  })

  it('the same without the bodies in the durable write: all are locked on a block that nobody has', () => {
    expect(run({ ...locked, seed: 1, forgetsBodies: true }).violation).toMatch(/no progress/)
  })

  it('an hour alone, some asleep and one silent: nobody runs ahead, and all meet again', () => {
    const hourMs = 3_600_000
    for (let seed = 1; seed <= 8; seed++) {
      const random = new Random(seed)
      const sleeps = [1, 2].map((index) => ({
        index,
        fromMs: 30_000 + random.next() * 600_000,
        forMs: random.next() * 2_400_000,
      }))
      const result = run({
        seed,
        powers: [1, 1, 1, 1],
        byzantine: new Map([[0, SILENT]]),
        faultsMs: hourMs,
        isolated: { fromMs: 20_000, untilMs: hourMs },
        sleeps,
        boundMs: 120_000,
      })
      expect(result.violation).toBeNull()
      expect(result.highestRound).toBeLessThan(6)
    }
  })

  it('replicas that come back in rounds far apart, one silent: the latest ROUND-CHANGE of each brings them together', () => {
    const alone = [12, 9, 4].map((round, index): [number, GuardRecord] => [
      index,
      {
        position: { height: 1, round, type: 'round-change' },
        messages: [roundChange(index, { round })],
        lastCommit: null,
        prepared: null,
      },
    ])
    for (let seed = 1; seed <= 20; seed++) {
      const result = run({
        seed,
        powers: [1, 1, 1, 1],
        byzantine: new Map([[3, SILENT]]),
        records: new Map(alone),
        boundMs: 200_000,
      })
      expect(result.violation).toBeNull()
    }
  })
})

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
