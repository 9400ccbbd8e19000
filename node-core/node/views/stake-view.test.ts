/** The stake of a validator that leaves, and what a node remembers of its epochs, on a real chain. */
import { afterEach, describe, expect, it } from 'vitest'
import { formatAddress } from '../../protocol/address.ts'
import { UNITS_PER_AIT } from '../../protocol/amount.ts'
import { TestCluster, untilBlock } from '../test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

const STAKE = String(1_000n * UNITS_PER_AIT)

describe('stake', () => {
  it('is active, unstaking, released and withdrawn, each with its amount', async () => {
    cluster = await TestCluster.create({ validators: 4 })
    for (const validator of cluster.validators) await cluster.start(validator)
    const { node, api } = cluster.nodes[0]!
    const leaving = cluster.validators[3]!
    const address = formatAddress(leaving.address)
    const positions = () => api.call('stake_positions', { address })

    expect(await positions()).toMatchObject({
      positions: [{ kind: 'delegation', state: 'active', validator: address, amount: STAKE, lost: '0' }],
      totals: { active: STAKE, unstaking: '0', withdrawable: '0' },
    })
    const nonce = node.pool.nextNonce(leaving.address)
    await node.submit(await cluster.sign(leaving, { type: 'validator.exit' }, nonce))
    const unbonding = () => node.chain.state.keysOf('unbonding').length > 0
    await untilBlock(node, unbonding)
    const waiting = await positions()
    expect(waiting).toMatchObject({
      positions: [{ kind: 'unbonding', state: 'unstaking', position: 0, amount: STAKE, principal: STAKE }],
      totals: { active: '0', unstaking: STAKE },
    })
    const { releasedAtMs, blocksLeft } = waiting.positions[0]!
    expect(blocksLeft).toBeGreaterThan(0)
    await untilBlock(node, () => node.chain.headHeader!.timestampMs >= releasedAtMs!)
    expect((await positions()).totals.withdrawable).toBe(STAKE)

    const next = node.pool.nextNonce(leaving.address)
    await node.submit(await cluster.sign(leaving, { type: 'stake.withdraw', position: 0 }, next))
    await untilBlock(node, () => !unbonding())
    await untilBlock(node, () => node.pool.count === 0)
    expect(await positions()).toMatchObject({
      positions: [{ state: 'withdrawn', position: 0, validator: address, amount: STAKE, lost: '0' }],
      totals: { active: '0', unstaking: '0', withdrawable: '0' },
    })
  })
})

describe('epochs', () => {
  it('are noted one by one, and still known after a restart', async () => {
    cluster = await TestCluster.create({ validators: 1 })
    const [validator] = cluster.validators
    const first = await cluster.start(validator!)
    const { epochBlocks } = first.node.chain.parameters
    await untilBlock(first.node, () => first.node.chain.height >= 3 * epochBlocks)
    const address = formatAddress(validator!.address)
    const { epochs } = await first.api.call('economy_history', {})
    expect(epochs.slice(0, 3).map(({ epoch, height }) => [epoch, height])).toEqual(
      [1, 2, 3].map((number) => [number - 1, number * epochBlocks]),
    )
    const head = await first.node.chain.load(epochBlocks)
    expect(epochs[0]).toMatchObject({
      atMs: head!.block.header.timestampMs,
      bonded: STAKE,
      baseFeePerGas: String(head!.block.header.baseFeePerGas),
      nakamoto: 1,
      gini: 0,
    })
    const rewards = await first.api.call('stake_rewards', { address })
    expect(rewards.history.map(({ epoch }) => epoch)).toEqual(epochs.map(({ epoch }) => epoch))
    expect(rewards.history[0]).toMatchObject({ stake: STAKE })
    await first.stop()

    const again = await cluster.start(null, { disk: first.disk })
    const kept = await again.api.call('economy_history', {})
    const lasting = epochs.filter(({ height }) => height <= again.node.chain.height)
    expect(kept.epochs.slice(0, lasting.length)).toEqual(lasting)
    expect((await again.api.call('stake_rewards', { address })).history).toHaveLength(kept.epochs.length)
  })
})
