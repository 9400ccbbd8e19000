/** Rewards as a delegator sees them, on a chain of a real node: what it can claim, had earned, and gets. */
import { afterEach, describe, expect, it } from 'vitest'
import { formatAddress } from '../../protocol/address.ts'
import { UNITS_PER_AIT } from '../../protocol/amount.ts'
import type { Payload } from '../../protocol/transaction.ts'
import { accountOf } from '../../state/ledger.ts'
import { person, TestCluster, untilBlock } from '../test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

describe('rewards', () => {
  it('grow with each epoch, and a claim pays what was shown and takes nothing from what was earned', async () => {
    const [ann, bob] = await Promise.all(['ann', 'bob'].map(person))
    // A year's rewards are as much as the stake, so that an epoch of a second pays something.
    cluster = await TestCluster.create({
      validators: 1,
      rich: [ann!, bob!],
      parameters: { annualReward: 1_000_000 },
    })
    const { node, api } = await cluster.start(cluster.validators[0]!)
    const validator = cluster.validators[0]!.address
    const send = async (who: typeof ann, payload: Payload) => {
      const nonce = node.pool.nextNonce(who!.address)
      expect(await node.submit(await cluster.sign(who!, payload, nonce))).toMatchObject({ ok: true })
      await untilBlock(node, () => accountOf(node.chain.state, who!.address).nonce > nonce)
    }
    const amount = 500n * UNITS_PER_AIT
    for (const who of [ann, bob]) await send(who, { type: 'stake.delegate', validator, amount })
    await send(bob, { type: 'stake.compound', validator, enabled: true })

    const { epochBlocks } = node.chain.parameters
    const enough = node.chain.height + 5 * epochBlocks
    await untilBlock(node, () => node.chain.height >= enough)
    const of = (who: typeof ann) => ({ address: formatAddress(who!.address) })
    const rewards = await api.call('stake_rewards', of(ann))
    const { history } = rewards
    for (const [i, point] of history.slice(1).entries())
      expect(BigInt(point.earned)).toBeGreaterThanOrEqual(BigInt(history[i]!.earned))
    const claimable = BigInt(rewards.claimable[0]!.amount)
    expect(claimable).toBeGreaterThan(0n)
    expect(String(claimable)).toBe(history.at(-1)!.earned)
    expect(rewards.annualRate).toBeGreaterThan(0)

    const saved = await api.call('stake_positions', of(bob))
    expect(saved.positions).toMatchObject([{ state: 'active', compounding: true, principal: String(amount) }])
    const joined = BigInt(saved.totals.active) - amount
    const { history: bobs } = await api.call('stake_rewards', of(bob))
    expect(joined).toBeGreaterThan(0n)
    // What it had earned before it asked to compound was paid to its balance.
    expect(BigInt(bobs.at(-1)!.earned)).toBeGreaterThanOrEqual(joined - 1n)

    await send(ann, { type: 'stake.claimRewards', validator })
    const next = node.chain.height + epochBlocks
    await untilBlock(node, () => node.chain.height >= next)
    const after = await api.call('stake_rewards', of(ann))
    expect(BigInt(after.history.at(-1)!.earned)).toBeGreaterThanOrEqual(claimable)
    const { epochs } = await api.call('economy_history', {})
    expect(epochs.some((epoch) => BigInt(epoch.rewards) > 0n)).toBe(true)
    expect(
      (await api.call('validator_get', { address: formatAddress(validator) })).annualRate,
    ).toBeGreaterThan(0)
  }, 60_000)
})
