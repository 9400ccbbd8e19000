/** A proposal names its transactions by id: what a validator has not heard of, it fetches. */
import { afterEach, expect, it } from 'vitest'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { accountOf } from '../state/ledger.ts'
import { person, TestCluster, untilBlock } from './test-cluster.ts'
import { BODY_PROTOCOL, encodeList } from './wire-protocols.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

it('transactions that only their proposer has come from it, past a peer that gives others', async () => {
  const [alice, bob] = [await person('alice'), await person('bob')]
  cluster = await TestCluster.create({ validators: 4, rich: [alice] })
  const pay = (nonce: number) =>
    cluster.sign(alice, { type: 'transfer', to: bob.address, amount: 5n * UNITS_PER_AIT }, nonce)
  const signed = await pay(0)
  const spoilt = signed.with(signed.length - 1, signed.at(-1)! ^ 1)
  const bodies = [spoilt, await pay(1)]
  let asked = 0
  const liar = cluster.hub.createNetwork()
  liar.handle(BODY_PROTOCOL, async () => {
    asked++
    return encodeList(bodies)
  })
  await liar.start()
  for (const validator of cluster.validators) {
    const { network } = await cluster.start(validator)
    await liar.dial(network.addresses()[0]!, { timeoutMs: 1_000 })
  }

  // Linked last, so the others ask the liar before it. Nobody hears its transactions by gossip.
  const proposer = cluster.nodes.at(-1)!
  const publish = proposer.network.publish.bind(proposer.network)
  proposer.network.publish = async (topic, bytes) => {
    if (topic !== 'transactions') await publish(topic, bytes)
  }
  expect(await proposer.node.submit(signed)).toMatchObject({ ok: true })
  for (const { node } of cluster.nodes) {
    await untilBlock(node, () => accountOf(node.chain.state, bob.address).balance > 0n)
    expect(accountOf(node.chain.state, bob.address).balance).toBe(5n * UNITS_PER_AIT)
    expect(accountOf(node.chain.state, alice.address).nonce).toBe(1)
  }
  expect(asked).toBeGreaterThan(0)
  await liar.stop()
})
