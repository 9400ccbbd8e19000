import { afterEach, describe, expect, it } from 'vitest'
import type { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { createVerifier } from '../adapters/verifier.ts'
import type { Header } from '../protocol/block.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Height } from '../protocol/ids.ts'
import { addressOfNumber } from './measure-sync.ts'
import {
  decodeBlocksAnswer,
  decodeChunkRequest,
  decodeHeadersRequest,
  HEADERS_PROTOCOL,
  SNAPSHOT_PROTOCOL,
  SYNC_PROTOCOL,
} from './sync-protocols.ts'
import {
  type Person,
  person,
  provedKeys,
  TestCluster,
  type TestNode,
  untilBlock,
  untilTold,
} from './test-cluster.ts'
import { writeHistory } from './test-history.ts'
import { type BentPeer, spoilt, startBentPeer } from './test-peers.ts'
import { TransactionVerifier } from './transaction-verifier.ts'
import { encodeSyncRequest, STATUS_PROTOCOL } from './wire-protocols.ts'

const DAY_MS = 86_400_000
/** Eight chunks or so. */
const ACCOUNTS = 6_000
/** Checkpoints are every 20 blocks: the last is at 240. */
const EPOCH_BLOCKS = 10
const CHECKPOINTS = { checkpointEpochs: 2 }
const BLOCKS = 250

let cluster: TestCluster
const bent: BentPeer[] = []
afterEach(async () => {
  await cluster.stop()
  for (const peer of bent.splice(0)) await peer.network.stop()
})

async function createCluster(
  accounts = 0,
  rich: readonly Person[] = [],
  parameters: Partial<ChainParameters> = {},
): Promise<void> {
  cluster = await TestCluster.create({
    validators: 4,
    ageMs: DAY_MS,
    rich,
    parameters: { epochBlocks: EPOCH_BLOCKS, ...parameters },
    accounts: Array.from({ length: accounts }, (_, n) => addressOfNumber(n)),
  })
}

/** A full node that holds a chain of so many blocks; no validator runs, so it stays as it is. */
async function source(blocks = BLOCKS): Promise<TestNode> {
  const disk = await writeHistory(cluster, { blocks, ...CHECKPOINTS })
  return cluster.start(null, { disk, sync: CHECKPOINTS })
}

async function bend(honest: TestNode, rule: Parameters<typeof startBentPeer>[2]): Promise<BentPeer> {
  const peer = await startBentPeer(cluster.hub, honest, rule)
  bent.push(peer)
  return peer
}

const dial = (node: TestNode, address: string) => node.network.dial(address, { timeoutMs: 1_000 })
const never = () => new Promise<never>(() => undefined)
const apart = () => cluster.nodes.slice()

const chunkRequests = (peer: BentPeer) =>
  peer.asked.flatMap(({ protocol, request }) =>
    protocol === SNAPSHOT_PROTOCOL ? (decodeChunkRequest(request) ?? []) : [],
  )

/** Heights of each request. */
const headerRequests = (peer: BentPeer) =>
  peer.asked.flatMap(({ protocol, request }) =>
    protocol === HEADERS_PROTOCOL ? [decodeHeadersRequest(request)!] : [],
  )

describe('catching up block by block', () => {
  it('goes on where a peer lies, one stalls and one vanishes, and says who lied', async () => {
    await createCluster()
    const honest = await source()
    const liar = await bend(honest, async ({ protocol, answer }) =>
      protocol === SYNC_PROTOCOL ? spoilt(await answer()) : answer(),
    )
    const stalling = await bend(honest, ({ protocol, answer }) =>
      protocol === SYNC_PROTOCOL ? never() : answer(),
    )
    const vanishing = await bend(honest, async ({ protocol, answer }) => {
      if (protocol === SYNC_PROTOCOL) await vanishing.network.stop()
      return answer()
    })
    const joining = await cluster.start(null, { apart: apart() })
    for (const peer of [liar, vanishing, stalling]) {
      await dial(joining, peer.address)
      await peer.wasAsked(SYNC_PROTOCOL)
    }
    await dial(joining, honest.network.addresses()[0]!)
    await untilBlock(joining.node, () => joining.node.chain.height === BLOCKS)
    expect(joining.node.chain.state.root()).toBe(honest.node.chain.state.root())
    expect(joining.node.chain.head?.id).toBe(honest.node.chain.head?.id)
    expect(joining.node.peers.reputation(liar.network.self).rejected).toBeGreaterThanOrEqual(1)
    expect(joining.node.peers.reputation(stalling.network.self).rejected).toBe(0)
    expect(joining.node.peers.reputation(honest.network.self).score).toBeGreaterThan(0.6)
  })

  it('keeps certificates that others can verify, for every block', async () => {
    await createCluster()
    const first = await source(70)
    const second = await cluster.start(null)
    await untilBlock(second.node, () => second.node.chain.height === 70)
    const third = await cluster.start(null, { apart: [first] })
    await untilBlock(third.node, () => third.node.chain.height === 70)
    expect(third.node.chain.state.root()).toBe(first.node.chain.state.root())
  })

  it('asks another where a peer has let the body go', async () => {
    await createCluster()
    const full = await source()
    const disk = await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS, keptBlocks: 64 })
    const pruned = await cluster.start(null, {
      disk,
      mode: 'light',
      sync: { ...CHECKPOINTS, keptBlocks: 64 },
    })
    expect(pruned.node.chain.oldestHeight).toBe(BLOCKS - 64 + 1)
    const answer = await full.network.request(
      pruned.network.self,
      SYNC_PROTOCOL,
      encodeSyncRequest({ fromHeight: 1, limit: 10 }),
      { timeoutMs: 1_000 },
    )
    expect(decodeBlocksAnswer(answer)).toEqual({ type: 'gone', oldestHeight: BLOCKS - 64 + 1 })

    const joining = await cluster.start(null, { apart: [full] })
    await untilTold(joining, () => joining.node.sync?.waitingFor === 'source')
    expect(joining.node.chain.height).toBe(0)
    expect(joining.node.peers.reputation(pruned.network.self).rejected).toBe(0)
    await dial(joining, full.network.addresses()[0]!)
    await untilBlock(joining.node, () => joining.node.chain.height === BLOCKS)
    await untilTold(joining, () => joining.node.sync === null)
  })
})

describe('what a quorum signed and this node cannot follow', () => {
  it('stops it, and it says so', async () => {
    await createCluster()
    const disk = await writeHistory(cluster, { blocks: 30 })
    const falsify = (header: Header) => ({ ...header, gasUsed: header.gasUsed + 1 })
    await writeHistory(cluster, { blocks: 1, disk, falsify })
    await cluster.start(null, { disk })
    const joining = await cluster.start(null)
    await untilTold(joining, () => joining.node.haltedBecause !== null)
    expect(joining.node.haltedBecause).toBe('block 31: wrong-gas-used')
    expect(joining.node.chain.height).toBe(30)
  })
})

describe('validators that keep few blocks', () => {
  it('go on deciding, let old bodies go, and take in others by their checkpoints', async () => {
    cluster = await TestCluster.create({ validators: 4 })
    const sync = { checkpointEpochs: 1, keptBlocks: 8, snapshotFromBlocks: 8 }
    for (const validator of cluster.validators) await cluster.start(validator, { mode: 'light', sync })
    const first = cluster.nodes[0]!
    await untilBlock(first.node, () => first.node.chain.height >= 25)
    expect(first.node.chain.oldestHeight).toBeGreaterThan(8)
    expect(first.node.mode).toBe('validator')
    await expect(first.api.call('chain_block', { height: 1 })).rejects.toMatchObject({ code: 'pruned' })
    const joining = await cluster.start(null, { mode: 'light', sync })
    await untilBlock(joining.node, () => joining.node.chain.height >= 30)
    expect(joining.node.chain.oldestHeight).toBeGreaterThan(8)
    const full = await cluster.start(null, { sync })
    await untilTold(full, () => full.node.sync?.waitingFor === 'source')
    expect(full.node.chain.height).toBe(0)
  })
})

describe('starting from a checkpoint', () => {
  it('takes the state from several peers, names the one whose chunk is wrong, and follows to the head', async () => {
    await createCluster(ACCOUNTS)
    const honest = await source()
    const other = await cluster.start(null, { disk: honest.disk.copy(), sync: CHECKPOINTS })
    // Nobody says how it is before all are connected: then all are in the plan from its beginning.
    const connected = Promise.withResolvers<void>()
    const behindGate = (node: TestNode, lies: boolean) =>
      bend(node, async ({ protocol, request, answer }) => {
        if (protocol === STATUS_PROTOCOL) await connected.promise
        const isChunk = protocol === SNAPSHOT_PROTOCOL && request.length > 0
        return lies && isChunk ? spoilt(await answer()) : answer()
      })
    const liar = await behindGate(honest, true)
    const good = [await behindGate(honest, false), await behindGate(other, false)]
    const joining = await cluster.start(null, { mode: 'light', sync: CHECKPOINTS, apart: apart() })
    const phases = new Set<string>()
    const sources = new Set<string>()
    joining.node.listen({
      status: () => {
        const { sync } = joining.node
        if (sync) phases.add(sync.phase)
        for (const each of sync?.sources ?? []) if (each.bytes > 0) sources.add(each.peer)
      },
    })
    for (const each of [liar, ...good]) await dial(joining, each.address)
    connected.resolve()
    await untilBlock(joining.node, () => joining.node.chain.height === BLOCKS)
    expect(joining.node.chain.state.root()).toBe(honest.node.chain.state.root())
    expect(phases).toEqual(new Set(['headers', 'snapshot', 'blocks']))
    expect(sources.size).toBeGreaterThanOrEqual(2)
    expect(joining.node.chain.oldestHeight).toBe(241)
    expect(chunkRequests(liar).length).toBeGreaterThan(0)
    expect(joining.node.peers.reputation(liar.network.self).rejected).toBe(1)
    for (const each of good) expect(joining.node.peers.reputation(each.network.self).rejected).toBe(0)

    // It can be started from by others in its turn, though it never saw the blocks before.
    const next = await cluster.start(null, {
      mode: 'light',
      sync: CHECKPOINTS,
      apart: apart().filter((each) => each !== joining),
    })
    await untilTold(next, () => next.node.chain.height === BLOCKS)
    expect(next.node.chain.state.root()).toBe(honest.node.chain.state.root())
  })
  it('goes on after a restart without fetching again what is there', async () => {
    await createCluster(ACCOUNTS)
    const honest = await source()
    const all = await bend(honest, ({ answer }) => answer())
    let given = 0
    const failing = await bend(honest, async ({ protocol, request, answer }) => {
      if (protocol === SNAPSHOT_PROTOCOL && request.length > 0 && ++given > 1) return never()
      return answer()
    })
    const cut = await cluster.start(null, { mode: 'light', sync: CHECKPOINTS, apart: apart() })
    await dial(cut, failing.address)
    await untilTold(cut, () => (cut.node.sync?.done ?? 0) > 0 && cut.node.sync?.phase === 'snapshot')
    await cut.stop()
    const held = chunkRequests(failing)[0]!

    const again = await cluster.start(null, {
      disk: cut.disk,
      mode: 'light',
      sync: CHECKPOINTS,
      apart: apart(),
    })
    await dial(again, all.address)
    await untilBlock(again.node, () => again.node.chain.height === BLOCKS)
    expect(again.node.chain.state.root()).toBe(honest.node.chain.state.root())
    const asked = chunkRequests(all).map(({ region }) => region)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked).not.toContainEqual(held.region)
  })

  it('uses what it knows where the checkpoint has moved on', async () => {
    await createCluster(9_000)
    const old = await writeHistory(cluster, { blocks: 100, ...CHECKPOINTS, keptBlocks: 64 })
    const disk = await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS })
    const honest = await cluster.start(null, { disk, sync: CHECKPOINTS })
    const behind = await cluster.start(null, { disk: old, mode: 'light', sync: CHECKPOINTS, apart: apart() })
    let reused = 0
    behind.node.listen({ status: () => (reused = Math.max(reused, behind.node.sync?.reused ?? 0)) })
    await dial(behind, honest.network.addresses()[0]!)
    await untilBlock(behind.node, () => behind.node.chain.height === BLOCKS)
    expect(behind.node.chain.state.root()).toBe(honest.node.chain.state.root())
    expect(reused).toBeGreaterThan(0)
    expect(reused).toBeLessThan(1_000_000)
  })

  it('is offered the checkpoint as it was, whatever changed since, over restarts', async () => {
    const alice = await person('alice')
    await createCluster(ACCOUNTS, [alice])
    const verifier = new TransactionVerifier(createVerifier(), cluster.genesis.chainId, 32_768)
    let nonce = 0
    const transactions = async () => {
      const to = addressOfNumber(nonce % (ACCOUNTS + 500))
      const bytes = await cluster.sign(alice, { type: 'transfer', to, amount: 1n }, nonce++)
      const verdict = await verifier.verifyBytes(bytes)
      return verdict.ok ? [verdict.verified] : []
    }
    const disk = await writeHistory(cluster, { blocks: 33, ...CHECKPOINTS, transactions })
    await writeHistory(cluster, { blocks: 4, disk, ...CHECKPOINTS, transactions })
    const sync = { ...CHECKPOINTS, snapshotFromBlocks: 10 }
    const full = await cluster.start(null, { disk, sync })
    const light = await cluster.start(null, { mode: 'light', sync })
    await untilBlock(light.node, () => light.node.chain.height === 37)
    expect(light.node.chain.oldestHeight).toBe(21)
    expect(light.node.chain.state.root()).toBe(full.node.chain.state.root())
  })

  it('is not fooled by offers of heights that nobody certified', async () => {
    await createCluster()
    const honest = await source()
    const liar = await bend(honest, async ({ protocol, request, answer }) => {
      const bytes = await answer()
      if (protocol === STATUS_PROTOCOL) {
        const status = JSON.parse(new TextDecoder().decode(bytes))
        return new TextEncoder().encode(JSON.stringify({ ...status, headHeight: 1_000_000 }))
      }
      if (protocol === SNAPSHOT_PROTOCOL && request.length === 0)
        new DataView(bytes.buffer, bytes.byteOffset).setUint32(1, 900_000, true)
      return bytes
    })
    const joining = await cluster.start(null, { mode: 'light', sync: CHECKPOINTS, apart: apart() })
    await dial(joining, liar.address)
    await dial(joining, honest.network.addresses()[0]!)
    await untilBlock(joining.node, () => joining.node.chain.height === BLOCKS)
    expect(joining.node.chain.state.root()).toBe(honest.node.chain.state.root())
  })
})

describe('headers on the way to a checkpoint', () => {
  const LAST_CHECKPOINT = 240
  /** The genesis is a day old: young enough to skip from. */
  const YOUNG = { unbondingMs: 7 * DAY_MS }

  /** What a node that begins at the genesis asks of its only peer. */
  async function asked(disk: MemoryDisk): Promise<Height[][]> {
    const honest = await cluster.start(null, { disk, sync: CHECKPOINTS })
    const peer = await bend(honest, ({ answer }) => answer())
    const joining = await cluster.start(null, { mode: 'light', sync: CHECKPOINTS, apart: apart() })
    await dial(joining, peer.address)
    await untilBlock(joining.node, () => joining.node.chain.height === BLOCKS)
    expect(joining.node.chain.oldestHeight).toBe(LAST_CHECKPOINT + 1)
    expect(joining.node.chain.state.root()).toBe(honest.node.chain.state.root())
    return headerRequests(peer)
  }

  it('are skipped while the validators are the same and trust is young', async () => {
    await createCluster(0, [], YOUNG)
    expect(await asked(await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS }))).toEqual([
      [1],
      [LAST_CHECKPOINT],
    ])
  })

  it('are one an epoch where trust is too old to skip', async () => {
    await createCluster()
    const ends = Array.from({ length: 23 }, (_, i) => (i + 2) * EPOCH_BLOCKS)
    expect(await asked(await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS }))).toEqual([
      [1, ...ends],
    ])
  })

  it('are looked for in between where most keys have changed, as few as it takes', async () => {
    await createCluster(0, [], YOUNG)
    const rotated = await Promise.all(
      cluster.validators.slice(1).map(async (each) => ({
        ...(await person(`${each.name} later`)),
        address: each.address,
        accountKey: each.accountKey,
      })),
    )
    const verifier = new TransactionVerifier(createVerifier(), cluster.genesis.chainId, 32_768)
    const rotations = () =>
      Promise.all(
        rotated.map(async (each) => {
          const keys = await provedKeys(each, cluster.genesis.chainId)
          const bytes = await cluster.sign(each, { type: 'validator.rotateKey', ...keys }, 0)
          const verdict = await verifier.verifyBytes(bytes)
          if (!verdict.ok) throw new Error('a change of keys is well formed')
          return verdict.verified
        }),
      )
    const transactions = async (height: Height) => (height === 100 ? rotations() : [])
    const disk = await writeHistory(cluster, { blocks: BLOCKS, ...CHECKPOINTS, transactions, rotated })
    // Each of the halves is too far until the epoch before the change, which announces the new keys.
    expect(await asked(disk)).toEqual([[1], [LAST_CHECKPOINT], [120], [60], [90], [105]])
  })
})
