import { afterEach, describe, expect, it } from 'vitest'
import { OBSERVE_PROTOCOL } from '../node/observe-protocol.ts'
import { TestCluster } from '../node/test-cluster.ts'
import { writeHistory } from '../node/test-history.ts'
import { formatAddress } from '../protocol/address.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { createMeshObserver } from './mesh-observer.ts'
import { systemClock } from './nodejs/system-clock.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

async function observed(blocks: number) {
  cluster = await TestCluster.create({ validators: 4, ageMs: 86_400_000, parameters: { epochBlocks: 10 } })
  const disk = await writeHistory(cluster, { blocks })
  return cluster.start(null, { disk })
}

describe('an observer in the mesh', () => {
  it('has the head and an account by certificates and proofs alone', async () => {
    const honest = await observed(57)
    const network = cluster.hub.createNetwork()
    await network.start()
    await network.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
    const observer = createMeshObserver({ network, genesis: cluster.genesis, clock: systemClock })
    const head = await observer.ask((client) => client.verifyBlock('head'))
    expect(head.trusted.height).toBe(57)
    expect(head.trusted.blockId).toBe(honest.node.chain.head?.id)
    const address = formatAddress(cluster.validators[0]!.address)
    const account = await observer.ask((client) => client.verifyAccount(address))
    expect(account.record?.balance).toBe(10_000n * UNITS_PER_AIT)
    await network.stop()
  })

  it('refuses a peer that lies about a balance by its name, and believes the next', async () => {
    const honest = await observed(57)
    const liar = cluster.hub.createNetwork()
    liar.handle(OBSERVE_PROTOCOL, async (request) => {
      const answer = await liar.request(honest.network.self, OBSERVE_PROTOCOL, request, { timeoutMs: 1_000 })
      const { result } = JSON.parse(new TextDecoder().decode(answer))
      const rich = result.value ? { ...result, value: `0xff${result.value.slice(4)}` } : result
      return new TextEncoder().encode(JSON.stringify({ result: rich }))
    })
    await liar.start()
    await liar.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
    const network = cluster.hub.createNetwork()
    await network.start()
    for (const address of [liar.addresses()[0]!, honest.network.addresses()[0]!])
      await network.dial(address, { timeoutMs: 1_000 })
    const observer = createMeshObserver({ network, genesis: cluster.genesis, clock: systemClock })
    const address = formatAddress(cluster.validators[0]!.address)
    const account = await observer.ask((client) => client.verifyAccount(address))
    expect(account.record?.balance).toBe(10_000n * UNITS_PER_AIT)
    expect(observer.refused.get(liar.self)?.code).toBe('bad-proof')
    expect(observer.refused.has(honest.network.self)).toBe(false)

    await network.disconnect(honest.network.self)
    await expect(observer.ask((client) => client.verifyAccount(address))).rejects.toMatchObject({
      code: 'no-source',
      data: { refused: [{ peer: liar.self, code: 'bad-proof' }] },
    })
    await network.stop()
    await liar.stop()
  })

  it('can ask nothing but what is proved', async () => {
    const honest = await observed(1)
    const network = cluster.hub.createNetwork()
    await network.start()
    await network.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
    const question = new TextEncoder().encode(JSON.stringify({ method: 'node_logs', params: {} }))
    const answer = await network.request(honest.network.self, OBSERVE_PROTOCOL, question, {
      timeoutMs: 1_000,
    })
    expect(JSON.parse(new TextDecoder().decode(answer))).toEqual({ code: 'malformed' })
    await network.stop()
  })
})
