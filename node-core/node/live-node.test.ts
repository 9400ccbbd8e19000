import { afterEach, describe, expect, it } from 'vitest'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { accountOf } from '../state/ledger.ts'
import { beginSigningRecord } from './signer.ts'
import { person, provedKeys, TestCluster, untilBlock } from './test-cluster.ts'
import { ValidatorDuties } from './validator-duties.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

describe('a network of whole nodes', () => {
  it('decides blocks of signed transactions, the same on every node', async () => {
    const alice = await person('alice')
    const bob = await person('bob')
    cluster = await TestCluster.create({ validators: 4, rich: [alice] })
    for (const validator of cluster.validators) await cluster.start(validator)
    const observer = await cluster.start(null)

    const bytes = await cluster.sign(
      alice,
      { type: 'transfer', to: bob.address, amount: 5n * UNITS_PER_AIT },
      0,
    )
    const submitted = await cluster.nodes[0]!.node.submit(bytes)
    expect(submitted.ok).toBe(true)
    await untilBlock(observer.node, () => accountOf(observer.node.chain.state, bob.address).balance > 0n)
    expect(accountOf(observer.node.chain.state, bob.address).balance).toBe(5n * UNITS_PER_AIT)

    const { height } = observer.node.chain
    const ids = await Promise.all(
      cluster.nodes.map(async ({ node }) => {
        await untilBlock(node, () => node.chain.height >= height)
        return (await node.chain.load(height))?.certificate.blockId
      }),
    )
    expect(new Set(ids).size).toBe(1)
  })

  it('takes in a node that registers, and its COMMIT is in a certificate', async () => {
    const tab = await person('tab')
    cluster = await TestCluster.create({ validators: 4 })
    for (const validator of cluster.validators) await cluster.start(validator)
    const joining = await cluster.start(null)
    await untilBlock(joining.node, () => joining.node.chain.height >= 1)
    const submit = async (payload: Parameters<TestCluster['sign']>[1], nonce: number) => {
      const result = await joining.node.submit(await cluster.sign(tab, payload, nonce))
      expect(result).toMatchObject({ ok: true })
      await untilBlock(joining.node, () => accountOf(joining.node.chain.state, tab.address).nonce > nonce)
    }
    await submit({ type: 'faucet.drip' }, 0)
    await submit(
      {
        type: 'validator.register',
        ...(await provedKeys(tab, cluster.genesis.chainId)),
        stake: 2_000n * UNITS_PER_AIT,
        commission: 50_000,
        name: 'Nightjar',
      },
      1,
    )
    const journal = joining.journal.open()
    await beginSigningRecord(journal)
    await joining.node.setIdentity({ ...tab, journal })
    new ValidatorDuties(joining.node, async (payload) => {
      const nonce = joining.node.pool.nextNonce(tab.address)
      await joining.node.submit(await cluster.sign(tab, payload, nonce))
    })
    let own = false
    joining.node.listen({
      decided: ({ observation }) => {
        own ||= observation.ownCommit === true
      },
    })
    await untilBlock(joining.node, () => own)
    expect(own).toBe(true)
  })
})
