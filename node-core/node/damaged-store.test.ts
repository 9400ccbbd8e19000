import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { addressOfNumber } from './measure-sync.ts'
import { blockWrite, loadBlock, loadStatePages, pageWrite } from './repositories.ts'
import { TestCluster, untilBlock, untilTold } from './test-cluster.ts'
import { writeHistory } from './test-history.ts'

const CHECKPOINTS = { checkpointEpochs: 2 }
const BLOCKS = 130

let cluster: TestCluster
/** Of a light node that keeps 64 blocks, and of one that keeps all. */
let light: MemoryDisk
let full: MemoryDisk
beforeAll(async () => {
  cluster = await TestCluster.create({
    validators: 4,
    ageMs: 86_400_000,
    parameters: { epochBlocks: 10 },
    accounts: Array.from({ length: 9_000 }, (_, n) => addressOfNumber(n)),
  })
  full = await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS })
  light = await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS, keptBlocks: 64 })
})
afterEach(() => cluster.stop())

type Harm = (page: Uint8Array) => Uint8Array | null

/** Does it to one page of the state, far into the store. */
async function harm(disk: MemoryDisk, how: Harm): Promise<void> {
  const storage = disk.open()
  const pages = await loadStatePages(storage)
  const page = pages[pages.length >> 1]!
  const key = page.slice(2, 6)
  const [write] = [pageWrite({ key, bytes: page })]
  await storage.commit([{ ...write, value: how(page) }])
  await storage.close()
}

const HARMS: readonly (readonly [string, Harm])[] = [
  ['a bit of a page is another', (page) => page.with(40, page[40]! ^ 1)],
  ['a page is torn', (page) => page.slice(0, page.length >> 1)],
  ['a page is gone', () => null],
]

describe.each(HARMS)('where %s', (_, how) => {
  it('a light node takes what is bad from peers, and the rest from its own disk', async () => {
    const disk = light.copy()
    const honest = await cluster.start(null, { disk: full.copy(), sync: CHECKPOINTS })
    await harm(disk, how)
    const hurt = await cluster.start(null, { disk, mode: 'light', sync: CHECKPOINTS, apart: [honest] })
    expect(hurt.node.chain.height).toBe(0)
    expect(hurt.node.chain.damage).toMatchObject({ height: BLOCKS })
    await untilTold(hurt, () => hurt.node.sync?.waitingFor === 'peers')
    expect(hurt.node.sync?.damage?.goodPages).toBeGreaterThan(100)
    expect(
      hurt.node.options.telemetry.lines(50).some((line) => line.area === 'storage' && line.level === 'error'),
    ).toBe(true)

    let reused = 0
    hurt.node.listen({ status: () => (reused = Math.max(reused, hurt.node.sync?.reused ?? 0)) })
    await hurt.network.dial(honest.network.addresses()[0]!, { timeoutMs: 1_000 })
    await untilBlock(hurt.node, () => hurt.node.chain.height === BLOCKS)
    expect(hurt.node.chain.state.root()).toBe(honest.node.chain.state.root())
    expect(hurt.node.chain.damage).toBeNull()
    expect(reused).toBeGreaterThan(0)

    await hurt.stop()
    const again = await cluster.start(null, { disk, mode: 'light', sync: CHECKPOINTS, apart: [honest, hurt] })
    expect(again.node.chain.height).toBe(BLOCKS)
    expect(again.node.chain.damage).toBeNull()
  })
})

describe("a full node whose head's body is damaged, at the end of an epoch, whose header is kept twice", () => {
  it('fetches it from others', async () => {
    const disk = full.copy()
    const whole = await cluster.start(null, { disk: full.copy(), sync: CHECKPOINTS })
    const storage = disk.open()
    const { value, ...write } = blockWrite(BLOCKS, (await loadBlock(storage, BLOCKS))!)
    await storage.commit([{ ...write, value: value!.with(60, value![60]! ^ 1) }])
    await storage.close()
    const hurt = await cluster.start(null, { disk, sync: CHECKPOINTS })
    await untilBlock(hurt.node, () => hurt.node.chain.height === BLOCKS)
    expect(hurt.node.chain.state.root()).toBe(whole.node.chain.state.root())
    expect((await hurt.node.chain.load(BLOCKS))?.block).toEqual((await whole.node.chain.load(BLOCKS))?.block)
  })
})

describe('a full node with a damaged state', () => {
  it('puts it back from its own blocks, without a peer', async () => {
    const disk = full.copy()
    const whole = await cluster.start(null, { disk: full.copy(), sync: CHECKPOINTS })
    await harm(disk, HARMS[0]![1])
    const hurt = await cluster.start(null, { disk, sync: CHECKPOINTS, apart: cluster.nodes.slice() })
    await untilBlock(hurt.node, () => hurt.node.chain.height === BLOCKS)
    expect(hurt.node.chain.state.root()).toBe(whole.node.chain.state.root())
    await untilTold(hurt, () => hurt.node.sync === null)
    expect(await hurt.node.chain.load(1)).not.toBeNull()
  })
})
