/** How fast a node catches up from peers in the same process: for benchmarks. Real keys, signatures and execution. */

import { assert } from '../lib/assert.ts'
import { toHex } from '../lib/bytes.ts'
import { sha256 } from '../protocol/hash.ts'
import type { Address } from '../protocol/ids.ts'
import { person, TestCluster, type TestNode, untilBlock } from './test-cluster.ts'
import { transfersOf, writeHistory } from './test-history.ts'

export interface SyncFigures {
  /** Executed from genesis, certificates verified, durable. */
  readonly blocksPerSecond: number
  readonly blocks: number
  readonly transfersPerBlock: number
  readonly fullSyncMs: number
}

export interface SnapshotFigures {
  readonly accounts: number
  /** From nothing to the checkpoint's state, proved and durable. */
  readonly snapshotMs: number
  readonly bytes: number
  readonly peers: number
}

const EPOCH_BLOCKS = 120
const VALIDATORS = 5
const CHECKPOINT_HEIGHT = 80
const TRANSFERS_PER_BLOCK = 5

/** Blocks of five validators with five transfers of as many accounts in each, from one peer. */
export async function measureFullSync(blocks: number): Promise<SyncFigures> {
  const senders = await Promise.all(
    Array.from({ length: TRANSFERS_PER_BLOCK }, (_, n) => person(`sender-${n}`)),
  )
  const cluster = await TestCluster.create({
    validators: VALIDATORS,
    ageMs: 10 * 86_400_000,
    parameters: { epochBlocks: EPOCH_BLOCKS },
    rich: senders,
  })
  try {
    const disk = await writeHistory(cluster, { blocks, transactions: transfersOf(cluster, senders) })
    await cluster.start(null, { disk })
    const startMs = performance.now()
    const { node } = await cluster.start(null)
    await untilBlock(node, () => node.chain.height >= blocks)
    const fullSyncMs = performance.now() - startMs
    const { body } = (await node.chain.load(blocks))!.block
    assert(body.transactions.length === TRANSFERS_PER_BLOCK, 'every transfer is in its block')
    const blocksPerSecond = (blocks / fullSyncMs) * 1_000
    return { blocksPerSecond, blocks, transfersPerBlock: TRANSFERS_PER_BLOCK, fullSyncMs }
  } finally {
    await cluster.stop()
  }
}

/** A light node that starts from a checkpoint with this many accounts, from `peers` peers at once. */
export async function measureSnapshot(accounts: number, peers: number): Promise<SnapshotFigures> {
  const cluster = await TestCluster.create({
    validators: VALIDATORS,
    ageMs: 10 * 86_400_000,
    parameters: { epochBlocks: 10 },
    accounts: Array.from({ length: accounts - VALIDATORS }, (_, n) => addressOfNumber(n)),
  })
  try {
    const disk = await writeHistory(cluster, { blocks: CHECKPOINT_HEIGHT })
    const sources: TestNode[] = []
    for (let i = 0; i < peers; i++) sources.push(await cluster.start(null, { disk: disk.copy() }))
    // The first one makes the peers read their checkpoint back from the disk.
    await fetchSnapshot(cluster, sources)
    return { accounts, peers, ...(await fetchSnapshot(cluster, sources)) }
  } finally {
    await cluster.stop()
  }
}

async function fetchSnapshot(cluster: TestCluster, sources: readonly TestNode[]) {
  const { node, network, stop } = await cluster.start(null, { mode: 'light', apart: cluster.nodes })
  const startMs = performance.now()
  for (const source of sources) await network.dial(source.network.addresses()[0]!, { timeoutMs: 1_000 })
  await new Promise<void>((resolve) => {
    node.listen({ status: () => node.chain.height >= CHECKPOINT_HEIGHT && !node.syncing && resolve() })
  })
  const snapshotMs = performance.now() - startMs
  const bytes = network.connections().reduce((sum, connection) => sum + connection.bytesIn, 0)
  await stop()
  return { snapshotMs, bytes }
}

export function addressOfNumber(n: number): Address {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, n)
  return toHex(sha256(bytes).subarray(0, 20)) as Address
}
