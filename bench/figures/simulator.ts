/** Seeds of the simulator that one core gets through: how much is searched in the time that one is willing to wait. */
import { type Campaign, runCampaign } from '../../node-core/sim/campaign.ts'
import { runCore } from '../../node-core/sim/core/run.ts'
import { runNodes } from '../../node-core/sim/node/run.ts'
import { randomScenario } from '../../node-core/sim/random-scenario.ts'
import { type Benchmark, rounded } from '../figure.ts'

const REPLICAS = 7
const HEIGHTS = 100
const CORE_SEEDS = 400
const NODE_SEEDS = 10
/** Not counted: code is compiled, in threads whose time is the process's. A search runs thousands of seeds of the core. */
const CORE_WARM_UP = 50
const NODE_WARM_UP = 3

export const coreSeeds = seedsBenchmark('sim_consensus_seeds_per_core_minute', {
  engine: runCore,
  warmUp: CORE_WARM_UP,
  seeds: CORE_SEEDS,
})
export const nodeSeeds = seedsBenchmark('sim_node_seeds_per_core_minute', {
  engine: runNodes,
  warmUp: NODE_WARM_UP,
  seeds: NODE_SEEDS,
})

function seedsBenchmark(
  name: string,
  { engine, warmUp, seeds }: { engine: Campaign['engine']; warmUp: number; seeds: number },
): Benchmark {
  const scenario = (seed: number) => randomScenario({ seed, nodes: REPLICAS, heights: HEIGHTS })
  return {
    names: [name],
    async run() {
      await runCampaign({ engine, scenario, from: 1, to: warmUp })
      const from = warmUp + 1
      const { seedsPerCoreMinute, violations, heights } = await runCampaign({
        engine,
        scenario,
        from,
        to: from + seeds - 1,
      })
      if (violations.length > 0) throw new Error(`seed ${violations[0]!.seed}: ${violations[0]!.violation}`)
      return [
        { name, value: rounded(seedsPerCoreMinute), unit: 'seeds/core-minute', detail: { seeds, heights } },
      ]
    },
  }
}
