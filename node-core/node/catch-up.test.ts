/** What peers say of the chain's height, on a whole node in virtual time: a word costs its speaker nothing, so it buys little. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MemoryClock } from '../adapters/memory/memory-clock.ts'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { Prepare } from '../protocol/messages.ts'
import { CatchUp } from './catch-up.ts'
import { PAUSED_CLAIMS, UNMET_CLAIM_MS } from './constants.ts'
import type { Sync } from './sync.ts'
import { encodeBlocksAnswer, SYNC_PROTOCOL } from './sync-protocols.ts'
import { TestCluster, type TestNode } from './test-cluster.ts'
import { decodeSyncRequest, encodeRepeatable, encodeStatus, STATUS_PROTOCOL } from './wire-protocols.ts'

const CLAIMED: Height = 1_000_000
const CLAIMS = 10
/** Turns of the event loop, a virtual millisecond each, in which a claim is heard and a run of questions ends. */
const TURNS = 40

let clock: MemoryClock
let cluster: TestCluster
let entry: TestNode
let turning: boolean

beforeEach(async () => {
  clock = new MemoryClock()
  turning = true
  const turn = () => {
    if (!turning) return
    clock.advance(1)
    setImmediate(turn)
  }
  turn()
  cluster = await TestCluster.create({ validators: 4, clock })
  entry = await cluster.start(null)
})
afterEach(async () => {
  await cluster.stop()
  turning = false
})

async function pass(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** A peer that claims much and has nothing; counts how often it is asked for the first block that it claims. */
async function createLiar(): Promise<{ readonly network: MemoryNetwork; asked: () => number }> {
  const network = cluster.hub.createNetwork()
  let asked = 0
  network.handle(SYNC_PROTOCOL, async (request) => {
    if (decodeSyncRequest(request)?.fromHeight === 1) asked++
    return encodeBlocksAnswer({ type: 'blocks', items: [] })
  })
  await network.start()
  await network.dial(entry.network.addresses()[0]!, { timeoutMs: 1_000 })
  return { network, asked: () => asked }
}

let repeat = 0
async function claimByMessage(network: MemoryNetwork): Promise<void> {
  const message: Prepare = {
    type: 'prepare',
    height: CLAIMED,
    round: 0,
    sender: cluster.validators[0]!.address,
    blockId: `0x${'a'.repeat(64)}` as Hash,
    signature: new Uint8Array(64),
  }
  await network.publish('consensus', encodeRepeatable(repeat++, encodeConsensusMessage(message)))
  await pass(TURNS)
}

async function claimByStatus(network: MemoryNetwork): Promise<void> {
  const status = encodeStatus({
    genesisHash: entry.node.chain.genesisHash,
    headHeight: CLAIMED,
    mode: 'full',
    version: 'test',
    validator: null,
    wallMs: clock.wallMs(),
  })
  await network.request(entry.network.self, STATUS_PROTOCOL, status, { timeoutMs: 1_000 })
  await pass(TURNS)
}

it.each([
  ['an unverified message', claimByMessage],
  ['its status', claimByStatus],
] as const)('a peer that claims by %s what it does not have is asked once in a while', async (_by, claim) => {
  const liar = await createLiar()
  for (let i = 0; i < CLAIMS; i++) await claim(liar.network)
  expect(liar.asked()).toBe(1)
  expect(entry.node.syncing).toBe(false)
  expect(entry.node.bestSeenHeight).toBe(0)
  await pass(UNMET_CLAIM_MS)
  await claim(liar.network)
  expect(liar.asked()).toBe(2)
  await liar.network.stop()
})

it('what others say counts meanwhile', async () => {
  const [first, second] = [await createLiar(), await createLiar()]
  await claimByMessage(first.network)
  await claimByMessage(second.network)
  expect([first.asked(), second.asked()]).toEqual([1, 1])
  await first.network.stop()
  await second.network.stop()
})

it('of so many peers it is remembered that their word was empty; beyond them the oldest may speak again', async () => {
  let runs = 0
  // Nobody gives a block.
  const sync = { running: false, claimed: () => undefined, run: async () => void runs++ }
  const now = new MemoryClock()
  const catchUp = new CatchUp({
    chain: entry.node.chain,
    clock: now,
    sync: sync as unknown as Sync,
    peers: entry.node.peers,
    runner: () => null,
    failed: (error) => {
      throw error
    },
    reached: () => undefined,
  })
  const runsFor = async (peers: readonly number[]) => {
    const before = runs
    for (const peer of peers) {
      catchUp.claimed(`peer-${peer}`, CLAIMED)
      await pass(1)
    }
    return runs - before
  }
  const liars = Array.from({ length: PAUSED_CLAIMS }, (_, i) => i)
  await runsFor([0])
  now.advance(UNMET_CLAIM_MS)
  expect(await runsFor([...liars.slice(1), 0])).toBe(PAUSED_CLAIMS)
  expect(await runsFor(liars)).toBe(0)
  expect(await runsFor([PAUSED_CLAIMS])).toBe(1)
  expect(await runsFor([0, ...liars.slice(2), PAUSED_CLAIMS])).toBe(0)
  expect(await runsFor([1])).toBe(1)
})
