/** A cut network of whole nodes: the minority says so and decides nothing, and goes on by itself when the cut heals. */
import { afterEach, expect, it } from 'vitest'
import { TestCluster, type TestNode, untilBlock } from './test-cluster.ts'

const TIMEOUT_MS = 60_000

let cluster: TestCluster
afterEach(() => cluster.stop())

function untilPartition(node: TestNode, state: string): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => {
      if ((await node.api.call('network_partition', {})).state !== state) return
      stop()
      resolve()
    }
    const stop = node.api.subscribe('status', () => void look())
  })
}

it(
  'two of seven cut off',
  async () => {
    cluster = await TestCluster.create({ validators: 7, parameters: { roundTimeoutMs: 1_000 } })
    for (const validator of cluster.validators) await cluster.start(validator)
    const [majority, minority] = [cluster.nodes.slice(0, 5), cluster.nodes.slice(5)]
    const [going, cut] = [majority[0]!, minority[0]!]
    await untilBlock(cut.node, () => cut.node.chain.height >= 2)
    cluster.hub.split([minority.map(({ network }) => network.self)])
    await untilPartition(cut, 'partitioned')
    const stood = cut.node.chain.height
    const { stall } = await cut.api.call('node_status', {})
    expect(stall).toMatchObject({ code: 'no-quorum' })
    expect(stall?.code === 'no-quorum' && stall.silent.length).toBe(5)
    await untilBlock(going.node, () => going.node.chain.height >= stood + 5)
    expect(cut.node.chain.height).toBe(stood)

    cluster.hub.heal()
    const healedMs = performance.now()
    for (const { network } of minority)
      for (const other of majority) await network.dial(other.network.addresses()[0]!, { timeoutMs: 1_000 })
    const target = going.node.chain.height + 2
    await Promise.all(minority.map(({ node }) => untilBlock(node, () => node.chain.height >= target)))
    const tookMs = Math.round(performance.now() - healedMs)
    console.log(`healed: ${target - stood} blocks fetched or decided ${tookMs} ms after the links came back`)
    await untilPartition(cut, 'healthy')
    const ids = await Promise.all(
      cluster.nodes.map(async ({ node }) => (await node.chain.load(target - 2))?.certificate.blockId),
    )
    expect(new Set(ids).size).toBe(1)
    for (const { node } of cluster.nodes) expect(node.evidence.book.all()).toEqual([])
  },
  TIMEOUT_MS,
)
