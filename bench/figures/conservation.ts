/** Blocks of random traffic of every kind in which no base unit is made or lost, recounted and compared after each. */
import { RandomRun } from '../../node-core/execution/random-run.test-kit.ts'
import type { Benchmark } from '../figure.ts'

const BLOCKS = 10_000
const SEED = 1
const TOLD_EVERY = 1_000

export const conservation: Benchmark = {
  names: ['conservation_blocks'],
  async run({ say }) {
    const run = new RandomRun(SEED)
    for (let block = 1; block <= BLOCKS; block++) {
      run.step()
      if (block % TOLD_EVERY === 0) say(`${block} blocks`)
    }
    const counts = [...run.outcomes].map(([name, count]) => ({ isOk: name.endsWith(' ok'), count }))
    const sum = (of: typeof counts) => of.reduce((total, { count }) => total + count, 0)
    const detail = {
      seed: SEED,
      transactions: sum(counts),
      failed: sum(counts.filter(({ isOk }) => !isOk)),
    }
    return [{ name: 'conservation_blocks', value: BLOCKS, unit: 'blocks', detail }]
  },
}
