/** The figures beside what detectors say, on the chain of three validators whose fourth never came. */
import { afterEach, describe, expect, it } from 'vitest'
import { TestCluster, untilBlock } from '../test-cluster.ts'

const TIMEOUT_MS = 60_000

let cluster: TestCluster
afterEach(() => cluster.stop())

describe('how power, rewards and the price of gas are spread', () => {
  it(
    'is told of the entities, of the members of the last epoch and of the last blocks',
    async () => {
      cluster = await TestCluster.create({ validators: 4, parameters: { annualReward: 1_000_000 } })
      for (const validator of cluster.validators.slice(0, 3)) await cluster.start(validator)
      const { node, api } = cluster.nodes[0]!
      const figures = async () => (await api.call('economy_attacks', {})).distribution
      expect((await figures()).rewards).toBeNull()

      const { epochBlocks } = node.chain.parameters
      // In the first epoch the first block has no certificate: its members took part too little.
      await untilBlock(node, () => node.chain.height >= 2 * epochBlocks)
      const { effectiveEntities, rewards, baseFeeBlocks, baseFeeSpread } = await figures()
      expect(effectiveEntities).toBe(4_000_000)
      expect(rewards!.epoch).toBeGreaterThanOrEqual(1)
      // Three share what four could have: at least a quarter of it is missing to an equal share.
      expect(rewards!.gini).toBeGreaterThanOrEqual(250_000)
      expect(rewards!.gini).toBeLessThan(750_000)
      expect(rewards!.largestShare).toBeGreaterThanOrEqual(333_333)
      expect(rewards!.largestShare).toBeLessThan(1_000_000)
      expect(baseFeeBlocks).toBeGreaterThanOrEqual(Math.min(epochBlocks, 20))

      // Empty blocks let the base fee fall as low as it can be; there it stays.
      expect(baseFeeSpread).toBeGreaterThanOrEqual(0)
      const fees = (await api.call('economy_fees', {})).recent.map((block) => Number(block.baseFeePerGas))
      const mean = fees.reduce((sum, fee) => sum + fee, 0) / fees.length
      const away = fees.reduce((sum, fee) => sum + Math.abs(fee - mean), 0) / fees.length / mean
      expect((await figures()).baseFeeSpread! / 1_000_000).toBeCloseTo(away, 1)
    },
    TIMEOUT_MS,
  )
})
