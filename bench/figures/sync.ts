/** How fast a node catches up from peers: with blocks of transfers, executed one by one; and by the state of a checkpoint. */
import { measureFullSync, measureSnapshot } from '../../node-core/node/measure-sync.ts'
import { type Benchmark, rounded } from '../figure.ts'

const BLOCKS = 2_000
const ACCOUNTS = 10_000
const PEERS = 3

/** Both ends: what is measured is the node's own work. */
const IN_ONE_PROCESS = { network: 'memory', storage: 'memory' }

export const blockSync: Benchmark = {
  names: ['sync_blocks_per_second'],
  async run() {
    const { blocksPerSecond, blocks, transfersPerBlock } = await measureFullSync(BLOCKS)
    const value = rounded(blocksPerSecond)
    const detail = { blocks, transfersPerBlock, ...IN_ONE_PROCESS }
    return [{ name: 'sync_blocks_per_second', value, unit: 'blocks/s', detail }]
  },
}

export const snapshot: Benchmark = {
  names: ['snapshot_ms'],
  async run() {
    const { snapshotMs, bytes, accounts, peers } = await measureSnapshot(ACCOUNTS, PEERS)
    return [
      {
        name: 'snapshot_ms',
        value: rounded(snapshotMs),
        unit: 'ms',
        detail: { accounts, peers, bytes, ...IN_ONE_PROCESS },
      },
    ]
  },
}
