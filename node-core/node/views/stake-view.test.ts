/** The stake of a validator that leaves, and what a node remembers of its epochs, on a real chain. */
import { afterEach, describe, expect, it } from 'vitest'
import { formatAddress } from '../../protocol/address.ts'
import { UNITS_PER_AIT } from '../../protocol/amount.ts'
import { pairOf } from '../../protocol/codec-evidence.ts'
import { encodeEvidenceProof } from '../../protocol/evidence-proof.ts'
import { messageSigningBytes } from '../../protocol/hash.ts'
import type { Hash, Height } from '../../protocol/ids.ts'
import { validatorKey } from '../../state/keys.ts'
import { type Person, person, TestCluster, untilBlock } from '../test-cluster.ts'

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

describe('stake with a validator that lost all of it', () => {
  it('is slashed, where it works and on its way back', async () => {
    const alice = await person('alice')
    // The window of presence outlives the test.
    const parameters = { doubleSignSlash: 1_000_000, unbondingMs: 600_000, presenceWindowBlocks: 10_000 }
    cluster = await TestCluster.create({ validators: 4, rich: [alice], parameters })
    for (const validator of cluster.validators) await cluster.start(validator)
    const { node, api } = cluster.nodes[0]!
    const bad = cluster.validators[3]!
    const positions = () => api.call('stake_positions', { address: formatAddress(alice.address) })
    const [put, taken] = [9n * UNITS_PER_AIT, 4n * UNITS_PER_AIT]
    const validator = bad.address
    await node.submit(await cluster.sign(alice, { type: 'stake.delegate', validator, amount: put }, 0))
    // It backs power from the epoch after the next on: what was not behind an offence owes nothing for it.
    const counts = 3 * node.chain.parameters.epochBlocks + 1
    await untilBlock(node, () => node.chain.height > counts)
    await node.submit(await cluster.sign(alice, { type: 'stake.undelegate', validator, amount: taken }, 1))
    await untilBlock(node, () => node.chain.state.keysOf('unbonding').length > 0)
    expect((await positions()).positions.map(({ state }) => state)).toEqual(['active', 'unstaking'])

    const { hash } = node.chain.setAt(counts)!
    const proof = await contradictionOf(bad, counts, hash)
    await node.submit(await cluster.sign(cluster.validators[0]!, { type: 'evidence.submit', proof }, 0))
    await untilBlock(node, () => node.chain.state.get(validatorKey(bad.address))!.tombstoned)
    const { positions: after, totals } = await positions()
    expect(after).toMatchObject([
      { kind: 'delegation', state: 'slashed', amount: '0', lost: String(put - taken) },
      { kind: 'unbonding', state: 'slashed', amount: '0', principal: String(taken), lost: String(taken) },
    ])
    expect(totals).toMatchObject({ active: '0', unstaking: '0', withdrawable: '0' })
  })
})

/** Two COMMITs of one place, as its keys sign them. */
async function contradictionOf(who: Person, height: Height, validatorsHash: Hash): Promise<Uint8Array> {
  const commits = await Promise.all(
    ['a', 'b'].map(async (digit) => {
      const blockId = `0x${digit.repeat(64)}` as Hash
      const fields = { type: 'commit', height, round: 0, sender: who.address, blockId } as const
      const bytes = messageSigningBytes(cluster.genesis.chainId, validatorsHash, fields)
      return { ...fields, signature: await who.validatorKey.sign(bytes) }
    }),
  )
  const accused = { validatorKey: who.validatorKey.publicKey, pair: pairOf(commits[0]!, commits[1]!) }
  return encodeEvidenceProof({ type: 'contradiction', validatorsHash, ...accused })
}

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
