/**
 * Blocks of random traffic of every kind, with offences and absences, in which no base unit is made or lost: recounted and
 * compared with a plain model after each.
 */
import { RandomRun } from '../../node-core/execution/random-run.test-kit.ts'
import type { Benchmark } from '../figure.ts'

const BLOCKS = 10_000
/** Of one chain: the few that are removed for good are to happen often. */
const BLOCKS_A_SEED = 1_000

export const conservation: Benchmark = {
  names: ['conservation_blocks'],
  async run({ say }) {
    const runs: RandomRun[] = []
    for (let seed = 1; seed <= BLOCKS / BLOCKS_A_SEED; seed++) {
      const run = new RandomRun(seed, seed % 2 === 1 ? 'stake' : 'authority')
      for (let block = 1; block <= BLOCKS_A_SEED; block++) run.step()
      runs.push(run)
      say(`${runs.length * BLOCKS_A_SEED} blocks`)
    }
    const outcomes = runs.flatMap(({ outcomes }) => [...outcomes])
    const punishments = runs.flatMap(({ punishments }) => [...punishments])
    const detail = {
      seeds: runs.length,
      transactions: sum(outcomes),
      failed: sum(outcomes.filter(([name]) => !name.endsWith(' ok'))),
      slashes: sum(punishments.filter(([name]) => name.startsWith('slash'))),
      jailed: sum(punishments.filter(([name]) => name.startsWith('jail'))),
    }
    return [{ name: 'conservation_blocks', value: BLOCKS, unit: 'blocks', detail }]
  },
}

function sum(counts: readonly (readonly [name: string, count: number])[]): number {
  return counts.reduce((total, [, count]) => total + count, 0)
}
