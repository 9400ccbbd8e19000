/** What a node says of fees, against the blocks of a real chain. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryJournalFile } from '../adapters/memory/memory-journal.ts'
import { formatAddress } from '../protocol/address.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { WATCHED_TRANSACTIONS } from './constants.ts'
import { beginSigningRecord } from './signer.ts'
import { type Person, person, TestCluster, type TestNode, untilBlock } from './test-cluster.ts'

let cluster: TestCluster
let node: TestNode
let people: Person[]

beforeEach(async () => {
  people = await Promise.all(['ann', 'bob', 'cid'].map(person))
  cluster = await TestCluster.create({ validators: 1, rich: people })
  node = await cluster.start(cluster.validators[0]!)
})

afterEach(() => cluster.stop())

async function send(who: Person, nonce: number, tip: bigint): Promise<void> {
  const payload = { type: 'transfer', to: who.address, amount: UNITS_PER_AIT } as const
  const bytes = await cluster.sign(who, payload, nonce, { maxPriorityFeePerGas: tip })
  expect(await node.node.submit(bytes)).toMatchObject({ ok: true })
}

const heightAfter = (blocks: number) => {
  const height = node.node.chain.height + blocks
  return untilBlock(node.node, () => node.node.chain.height >= height)
}

describe('economy_fees', () => {
  it('tells tips that were paid, and what comes next from the block before', async () => {
    for (const [i, who] of people.entries()) await send(who, 0, BigInt(5 * (i + 1)))
    await untilBlock(node.node, () => node.node.pool.count === 0)
    const fees = await node.api.call('economy_fees', {})
    expect([fees.slow, fees.standard, fees.fast]).toEqual(['5', '10', '15'])
    expect(fees.forecast).toHaveLength(5)
    expect(fees.forecast[0]).toEqual({
      height: node.node.chain.height + 1,
      low: fees.baseFeePerGas,
      expected: fees.baseFeePerGas,
      high: fees.baseFeePerGas,
    })
    expect(fees.waits).toEqual({ slow: 1, standard: 1, fast: 1 })
    const { height } = node.node.chain
    await heightAfter(1)
    const next = await node.node.chain.load(height + 1)
    expect(String(next!.block.header.baseFeePerGas)).toBe(fees.baseFeePerGas)
  })

  it('measures how often it was right: base fees foretold, and waits of what was sent here', async () => {
    await send(people[0]!, 0, 2n)
    // The second block ahead is the first that is not certain.
    await heightAfter(8)
    const { hitRate } = await node.api.call('economy_fees', {})
    expect(hitRate).toMatchObject({ waits: 1_000_000, sent: 1 })
    expect(hitRate.forecasts).toBeGreaterThan(0)
    expect(hitRate.forecast).toBeGreaterThan(500_000)
  })

  it('counts no transaction that its sender replaced', async () => {
    await cluster.stop()
    cluster = await TestCluster.create({ validators: 1, rich: people })
    // Nobody makes blocks until both are there.
    node = await cluster.start(null)
    const dropped: string[] = []
    node.node.listen({ dropped: (_transaction, { code }) => dropped.push(code) })
    const [ann] = people
    await send(ann!, 0, 2n)
    const payload = { type: 'transfer', to: ann!.address, amount: 1n } as const
    const dearer = { maxFeePerGas: 2_000n, maxPriorityFeePerGas: 4n }
    expect(await node.node.submit(await cluster.sign(ann!, payload, 0, dearer))).toMatchObject({ ok: true })
    const journal = new MemoryJournalFile().open()
    await beginSigningRecord(journal)
    await node.node.setIdentity({ ...cluster.validators[0]!, journal })
    await heightAfter(1)
    const { hitRate } = await node.api.call('economy_fees', {})
    expect([dropped, hitRate.sent, hitRate.waits]).toEqual([['replaced'], 1, 1_000_000])
  })

  it('follows so many transactions at a time; those beyond are sent and not counted, until there is room', async () => {
    await cluster.stop()
    people = await Promise.all(['ann', 'bob', 'cid', 'dan', 'eve'].map(person))
    cluster = await TestCluster.create({ validators: 1, rich: people })
    // Nobody makes blocks until all are there.
    node = await cluster.start(null)
    const sent = WATCHED_TRANSACTIONS + people.length
    for (let i = 0; i < sent; i++) await send(people[i % people.length]!, Math.floor(i / people.length), 2n)
    expect(node.node.pool.count).toBe(sent)
    const journal = new MemoryJournalFile().open()
    await beginSigningRecord(journal)
    await node.node.setIdentity({ ...cluster.validators[0]!, journal })
    await untilBlock(node.node, () => node.node.pool.count === 0)
    const followed = async () => (await node.api.call('economy_fees', {})).hitRate.sent
    await heightAfter(1)
    expect(await followed()).toBe(WATCHED_TRANSACTIONS)
    await send(people[0]!, Math.ceil(sent / people.length), 2n)
    await heightAfter(2)
    expect(await followed()).toBe(WATCHED_TRANSACTIONS + 1)
  })

  it('knows the blocks of before its start', async () => {
    await send(people[0]!, 0, 7n)
    await untilBlock(node.node, () => node.node.pool.count === 0)
    const before = await node.api.call('economy_gas', {})
    const { height } = node.node.chain
    await node.stop()
    const again = await cluster.start(null, { disk: node.disk })
    const fees = await again.api.call('economy_fees', {})
    expect([fees.fast, fees.recent.at(-1)!.height]).toEqual(['7', again.node.chain.height])
    const report = await again.api.call('economy_gas', {})
    expect(again.node.chain.height).toBeGreaterThanOrEqual(height)
    expect(report.operations).toEqual(before.operations)
    expect(report.operations[0]).toMatchObject({ type: 'transfer', count: 1, failed: 0, gas: 21_000 })
  })
})

describe('economy_stats', () => {
  it('tells how concentrated the power is', async () => {
    await heightAfter(1)
    const { concentration, supply } = await node.api.call('economy_stats', {})
    expect(concentration).toEqual({
      nakamoto: 1,
      nakamotoOfEntities: 1,
      gini: 0,
      largestShare: 1_000_000,
      entities: [
        {
          validators: [formatAddress(cluster.validators[0]!.address)],
          share: 1_000_000,
          because: 'alone',
        },
      ],
    })
    const places = ['bonded', 'unbonding', 'rewardPool', 'rewards'] as const
    expect(places.every((place) => BigInt(supply[place]) >= 0n)).toBe(true)
  })
})
