/** A validator changes its keys while it votes, on a chain that stands still without each of its votes. */
import { afterEach, expect, it } from 'vitest'
import { expectOwnKeys, listenTo, sendRotation, untilNamed } from './key-rotation.test-kit.ts'
import { person, TestCluster, untilBlock } from './test-cluster.ts'

const TIMEOUT_MS = 60_000
const EPOCH_BLOCKS = 4

let cluster: TestCluster
afterEach(() => cluster.stop())

it(
  'goes over twice without a restart: no round fails, and each vote is by the key of its height alone',
  async () => {
    cluster = await TestCluster.create({ validators: 3, parameters: { epochBlocks: EPOCH_BLOCKS } })
    for (const each of cluster.validators) await cluster.start(each)
    const who = cluster.validators[0]!
    const { node } = cluster.nodes[0]!
    const watcher = cluster.nodes[1]!.node
    await untilBlock(node, () => node.chain.height >= 2)
    const said = await listenTo(cluster, who)
    const from = node.chain.height + 1
    const pairs = [who, await person('second pair'), await person('third pair')] as const
    const turns = []
    for (const [before, next] of [pairs.slice(0, 2), pairs.slice(1)] as const) {
      const sentAtMs = node.chain.parent.timestampMs
      await node.host.holdKeys({ ...before!, spare: next! })
      await sendRotation(watcher, cluster, who, next!)
      const turn = await untilNamed(node, next!)
      turns.push(turn)
      const { unbondingMs } = cluster.genesis.parameters
      const isFree = () => node.chain.parent.timestampMs > sentAtMs + 2 * unbondingMs
      await untilBlock(node, () => node.chain.height >= turn + EPOCH_BLOCKS && isFree())
    }
    const stored = await node.chain.loadRange(from, node.chain.height - from + 1)
    expect(stored.length).toBeGreaterThan(4 * EPOCH_BLOCKS)
    expect(stored.filter(({ certificate }) => certificate.round > 0)).toEqual([])
    expect(stored.filter(({ observation }) => observation.ownCommit !== true)).toEqual([])
    for (const turn of turns) {
      const later = stored.filter(({ block: { header } }) => header.height >= turn)
      expect(later.some(({ block: { header } }) => header.proposer === who.address)).toBe(true)
      expect(said.some(({ height }) => height === turn)).toBe(true)
      expect(said.some(({ height }) => height === turn - 1)).toBe(true)
    }
    await expectOwnKeys(said, watcher, pairs)
    expect(node.host.silence()).toBeNull()
    for (const each of cluster.nodes) expect(each.node.evidence.book.all()).toEqual([])
  },
  TIMEOUT_MS,
)
