/** By seed: every detector hears its attack each time, and lets honest people be. */
import { describe, expect, it } from 'vitest'
import type { AttackType } from './finding.ts'
import { runTraffic } from './traffic.test-kit.ts'

const ATTACKS: readonly AttackType[] = [
  'sybil',
  'stake-grinding',
  'nothing-at-stake',
  'long-range',
  'front-running',
  'gas-manipulation',
  'stake-concentration',
  'wash-trading',
]
const HONEST_SEEDS = 240
const ATTACK_SEEDS = 40
const MOST_FALSE_ALARMS = 0.05
const TIMEOUT_MS = 120_000

const seeds = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** Types that spoke at any of the looks of an hour. */
function alarmsOf(seed: number, attack: AttackType | null): ReadonlySet<AttackType> {
  const looks = runTraffic(seed, attack)
  return new Set(looks.flat().flatMap(({ type, threat }) => (threat === null ? [] : [type])))
}

describe('detectors', () => {
  it.each(ATTACKS)(
    '%s is noticed in every seed',
    (attack) => {
      const missed = seeds(ATTACK_SEEDS).filter((seed) => !alarmsOf(seed, attack).has(attack))
      expect(missed).toEqual([])
    },
    TIMEOUT_MS,
  )

  it(
    'raise a false alarm in fewer than one of twenty hours of honest traffic, each of them',
    () => {
      const alarms = seeds(HONEST_SEEDS).map((seed) => alarmsOf(seed, null))
      const rates = ATTACKS.map((type) => {
        const rate = alarms.filter((each) => each.has(type)).length / HONEST_SEEDS
        return { type, rate }
      })
      expect(rates.filter(({ rate }) => rate >= MOST_FALSE_ALARMS)).toEqual([])
    },
    TIMEOUT_MS,
  )
})
