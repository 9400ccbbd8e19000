/** The headers that an observer has, in memory and in its store. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import type { LightBlock } from '../light/light-block.ts'
import { certificates, headers, validatorSets } from '../protocol/arbitraries.ts'
import { blockId } from '../protocol/hash.ts'
import { OBSERVED_HEADERS } from './constants.ts'
import { ObservedChain } from './observed-chain.ts'
import { TestCluster } from './test-cluster.ts'

const parts = fc.record({ header: headers, certificate: certificates, set: validatorSets })
const [sample] = fc.sample(parts, { numRuns: 1, seed: 5 })

function blockAt(height: number): LightBlock {
  const header = { ...sample!.header, height }
  return { ...sample!, header, id: blockId(header) }
}

it('are the newest up to a limit: older ones leave the store too, and none comes back', async () => {
  const { genesis } = await TestCluster.create({ validators: 1 })
  const disk = new MemoryDisk()
  const open = async () => {
    const opened = await ObservedChain.open(genesis, disk.open())
    if (!opened.ok) throw new Error(opened.failure.code)
    return opened.chain
  }
  const heights = (chain: ObservedChain) =>
    chain.newest(2 * OBSERVED_HEADERS, Infinity).map(({ header }) => header.height)
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => to - i)
  const chain = await open()
  await chain.adopt(range(1, OBSERVED_HEADERS).map(blockAt))
  expect(heights(chain)).toEqual(range(1, OBSERVED_HEADERS))
  await chain.adopt([blockAt(OBSERVED_HEADERS + 1), blockAt(OBSERVED_HEADERS + 2)])
  // One that is older than all that is kept, when a peer's proof names it.
  await chain.adopt([blockAt(2)])
  for (const each of [chain, await open()]) {
    expect(heights(each)).toEqual(range(3, OBSERVED_HEADERS + 2))
    expect(each.oldestHeight).toBe(3)
    expect(each.trustedFor(2)).toBeNull()
  }
})
