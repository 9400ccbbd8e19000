import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import { createVerifier } from '../adapters/verifier.ts'
import { UNITS_PER_AIT } from '../protocol/amount.ts'
import { hashBytes } from '../protocol/hash.ts'
import type { Address } from '../protocol/ids.ts'
import type { StakePayload } from '../protocol/transaction.ts'
import { assertRecounted } from '../state/invariants.ts'
import { endOf, type Region, readChunk } from '../state/region.ts'
import { ChainState } from '../state/store.ts'
import { Chain } from './chain.ts'
import { addressOfNumber } from './measure-sync.ts'
import { SnapshotSource } from './snapshot-source.ts'
import { person, TestCluster } from './test-cluster.ts'
import { writeHistory } from './test-history.ts'
import { TransactionVerifier } from './transaction-verifier.ts'

const OPTIONS = { keptBlocks: 8, checkpointEpochs: 2 }
const CHECKPOINT_BLOCKS = 8

let cluster: TestCluster
beforeAll(async () => {
  cluster = await TestCluster.create({
    validators: 4,
    ageMs: 86_400_000,
    rich: [await person('alice')],
    accounts: Array.from({ length: 300 }, (_, n) => addressOfNumber(n)),
    parameters: { annualReward: 1_000_000, stakeOperationsPerWindow: 1_000 },
  })
})

async function open(disk: MemoryDisk): Promise<{ chain: Chain; snapshots: SnapshotSource }> {
  const storage = disk.open()
  const opened = await Chain.open(cluster.genesis, storage, OPTIONS)
  if (!opened.ok) throw new Error(opened.failure.code)
  const telemetry = createTelemetry({ clock: systemClock })
  return { chain: opened.chain, snapshots: new SnapshotSource({ chain: opened.chain, storage, telemetry }) }
}

/** One transfer a block to a random account, so that pages change, and new ones come. */
async function transfers(targets: readonly number[]) {
  const alice = await person('alice')
  const verifier = new TransactionVerifier(createVerifier(), cluster.genesis.chainId, 32_768)
  return async (height: number) => {
    const to = addressOfNumber(targets[height % targets.length]!)
    const bytes = await cluster.sign(alice, { type: 'transfer', to, amount: 1n }, height - 1)
    const verdict = await verifier.verifyBytes(bytes)
    return verdict.ok ? [verdict.verified] : []
  }
}

/** One operation on stake a block: in, its rewards to join it or to wait, out, what was earned elsewhere, on to there. */
async function stakeOperations(amounts: readonly bigint[]) {
  const alice = await person('alice')
  const verifier = new TransactionVerifier(createVerifier(), cluster.genesis.chainId, 32_768)
  const [first, second] = cluster.validators.map(({ address }) => address) as [Address, Address]
  return async (height: number) => {
    const round = Math.floor((height - 1) / 5)
    const amount = amounts[round % amounts.length]! * UNITS_PER_AIT + 7n
    const payloads: readonly StakePayload[] = [
      { type: 'stake.delegate', validator: first, amount: 4n * amount },
      { type: 'stake.compound', validator: first, enabled: round % 2 === 1 },
      { type: 'stake.undelegate', validator: first, amount },
      { type: 'stake.claimRewards', validator: second },
      { type: 'stake.redelegate', from: first, to: second, amount },
    ]
    const bytes = await cluster.sign(alice, payloads[(height - 1) % 5]!, height - 1)
    const verdict = await verifier.verifyBytes(bytes)
    if (!verdict.ok) throw new Error(verdict.code)
    return [verdict.verified]
  }
}

/** All that is anybody's stake, with what it has earned and how it comes back. */
function positionsOf(state: ChainState): ReadonlyMap<string, unknown> {
  const kinds = ['delegation', 'unbonding', 'redelegations', 'validator', 'pendingRewards', 'supply'] as const
  return new Map(kinds.flatMap((kind) => state.keysOf(kind)).map((key) => [key, state.get(key)]))
}

/** The whole state of the offered checkpoint, chunk by chunk. */
async function exported(snapshots: SnapshotSource, chain: Chain) {
  const offer = await snapshots.offer()
  if (!offer) return null
  const { header } = (await chain.loadHeader(offer.height))!
  const records = []
  for (let region: Region | null = { start: 0, depth: 0 }; region; ) {
    const answer = await snapshots.chunk({ height: offer.height, region, known: null })
    if (answer.type !== 'chunk') throw new Error(answer.type)
    const chunk = readChunk(answer.bytes, hashBytes(header.stateRoot))
    expect(chunk).not.toBeNull()
    records.push(...chunk!.records)
    const next = endOf(chunk!.region)
    const depth = 32 - Math.log2(next & -next || 2 ** 32)
    region = next < 2 ** 32 ? { start: next, depth } : null
  }
  return { height: offer.height, root: header.stateRoot, imported: ChainState.assemble(records)! }
}

describe('blocks on a disk that fails at any moment', () => {
  it('are there to some height with the state of that height, and the checkpoint below it is whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 40 }),
        fc.array(fc.nat({ max: 600 }), { minLength: 3, maxLength: 9 }),
        async (crashAt, targets) => {
          let commits = 0
          const disk: MemoryDisk = new MemoryDisk({
            settle: async () => {
              if (commits++ === crashAt) disk.crash()
            },
          })
          const blocks = 30
          const transactions = await transfers(targets)
          await writeHistory(cluster, { blocks, disk, transactions, ...OPTIONS }).catch(() => undefined)
          const { chain, snapshots } = await open(disk)
          expect(chain.damage).toBeNull()
          const header = chain.headHeader
          if (header) expect(chain.state.root()).toBe(header.stateRoot)
          for (let height = chain.oldestHeight; height <= chain.height; height++)
            expect(await chain.load(height)).not.toBeNull()
          const whole = await exported(snapshots, chain)
          const expected = Math.floor(chain.height / CHECKPOINT_BLOCKS) * CHECKPOINT_BLOCKS
          expect(whole?.height ?? 0).toBe(expected)
          expect(whole?.imported.state.root()).toBe(whole?.root)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('hold everyone’s stake as it was without the failure, to the base unit', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.bigInt({ min: 1n, max: 100n }), { minLength: 3, maxLength: 6 }),
        async (crashAt, amounts) => {
          let commits = 0
          const disk: MemoryDisk = new MemoryDisk({
            settle: async () => {
              if (commits++ === crashAt) disk.crash()
            },
          })
          const transactions = await stakeOperations(amounts)
          await writeHistory(cluster, { blocks: 30, disk, transactions, ...OPTIONS }).catch(() => undefined)
          const { chain } = await open(disk)
          expect(chain.damage).toBeNull()
          assertRecounted(chain.state)
          const sound = await writeHistory(cluster, { blocks: chain.height, transactions, ...OPTIONS })
          const expected = (await open(sound)).chain
          expect(expected.height).toBe(chain.height)
          expect(positionsOf(chain.state)).toEqual(positionsOf(expected.state))
          for (let height = expected.oldestHeight; height <= expected.height; height++) {
            const { block, receipts } = (await expected.load(height))!
            seen.add(`${block.body.transactions[0]?.payload.type} ${receipts[0]?.code}`)
          }
        },
      ),
      { numRuns: 20 },
    )
    const operations = ['delegate', 'compound', 'redelegate', 'claimRewards', 'undelegate']
    expect([...seen]).toEqual(expect.arrayContaining(operations.map((name) => `stake.${name} ok`)))
  })
})
