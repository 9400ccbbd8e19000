/** What peers send that reads well and is not right: counted by its reason, and its sender thought less of. Nothing throws. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { NEW_PEER } from '../mesh/reputation.ts'
import type { TopicName } from '../ports/network.ts'
import { decisions } from '../protocol/arbitraries.ts'
import { encodeDecided } from '../protocol/codec-block.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import {
  blockId,
  certificateHash,
  evidenceRoot,
  messageSigningBytes,
  transactionsRoot,
} from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { ConsensusMessage, Unsigned } from '../protocol/messages.ts'
import { type Person, person, TestCluster, type TestNode } from './test-cluster.ts'
import { encodeList, encodeRepeatable } from './wire-protocols.ts'

const ID = `0x${'ab'.repeat(32)}` as Hash
const NO_SIGNATURE = new Uint8Array(64)

let cluster: TestCluster
let entry: TestNode
let rich: Person

// No validator runs: the chain stands before its first block, and the set with it.
beforeAll(async () => {
  rich = await person('rich')
  cluster = await TestCluster.create({ validators: 4, rich: [rich] })
  entry = await cluster.start(null)
})
afterAll(() => cluster.stop())

const prepare = (who: Person) => ({ type: 'prepare', height: 1, round: 0, sender: who.address, blockId: ID })
const roundChange = (who: Person) => ({
  type: 'round-change',
  height: 1,
  round: 1,
  sender: who.address,
  prepared: { round: 0, blockId: ID },
  preparedCertificate: [],
})

async function withSignature(message: object, who: Person): Promise<object> {
  const { chainId } = cluster.genesis
  const { hash } = entry.node.chain.nextSet
  const unsigned = message as Unsigned<ConsensusMessage>
  const signature = await who.validatorKey.sign(messageSigningBytes(chainId, hash, unsigned as never))
  return { ...message, signature }
}

const signed = async (message: object, who: Person) => wire(await withSignature(message, who))

/** A PRE-PREPARE of round 1 that is right but for the ROUND-CHANGEs it shows: of `asking`, each signed by `signers`. */
async function reproposal(asking: readonly Person[], signers = asking): Promise<Uint8Array> {
  const justification = await Promise.all(
    asking.map((who, i) => withSignature({ ...roundChange(who), prepared: null }, signers[i]!)),
  )
  const [decided] = fc.sample(decisions, { numRuns: 1, seed: 1 })
  const header = {
    ...decided!.header,
    height: 1,
    transactionsRoot: transactionsRoot([]),
    evidenceRoot: evidenceRoot([]),
    lastCertificateHash: certificateHash(null),
  }
  const block = { header, transactionIds: [], evidence: [], parentCertificate: null }
  const [sender] = cluster.validators
  const fields = {
    type: 'pre-prepare',
    height: 1,
    round: 1,
    sender: sender!.address,
    blockId: blockId(header),
  }
  return signed({ ...fields, block, justification }, sender!)
}

const wire = (message: object) => encodeRepeatable(0, encodeConsensusMessage(message as ConsensusMessage))
const payment = (changes: { chainId?: string; validUntilHeight?: number } = {}) =>
  cluster.sign(rich, { type: 'transfer', to: rich.address, amount: 1n }, 0, changes)

type Bad = readonly [reason: string, topic: TopicName, bytes: () => Promise<Uint8Array>]

const BAD: readonly Bad[] = [
  [
    'bad-signature',
    'consensus',
    async () => wire({ ...prepare(cluster.validators[0]!), signature: NO_SIGNATURE }),
  ],
  ['bad-signature', 'consensus', () => signed(prepare(cluster.validators[0]!), cluster.validators[1]!)],
  ['not-member', 'consensus', () => signed(prepare(rich), rich)],
  [
    'bad-prepared-certificate',
    'consensus',
    () => signed(roundChange(cluster.validators[0]!), cluster.validators[0]!),
  ],
  ['bad-justification', 'consensus', () => reproposal([])],
  ['bad-justification', 'consensus', () => reproposal(cluster.validators.slice(0, 2))],
  [
    'bad-justification',
    'consensus',
    () => reproposal(cluster.validators.slice(0, 3), cluster.validators.slice(1, 4)),
  ],
  [
    'transaction-bad-signature',
    'transactions',
    async () => {
      const bytes = await payment()
      return encodeList([bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1)])
    },
  ],
  ['transaction-malformed', 'transactions', async () => encodeList([(await payment()).slice(0, -100)])],
  ['transaction-too-large', 'transactions', async () => encodeList([new Uint8Array(40_000)])],
  ['transaction-wrong-chain', 'transactions', async () => encodeList([await payment({ chainId: 'other' })])],
  [
    'decided-bad',
    'decided',
    async () => {
      const [decided] = fc.sample(decisions, { numRuns: 1, seed: 1 })
      return encodeDecided({ ...decided!, header: { ...decided!.header, height: 1 } })
    },
  ],
  ['evidence-malformed', 'evidence', async () => new Uint8Array(40)],
]

it.each(BAD)('%s on %s costs its sender', async (reason, topic, bytes) => {
  const stranger = cluster.hub.createNetwork()
  await stranger.start()
  await stranger.dial(entry.network.addresses()[0]!, { timeoutMs: 1_000 })
  const before = entry.node.rejections()[reason] ?? 0
  await stranger.publish(topic, await bytes())
  await vi.waitFor(() => expect(entry.node.rejections()[reason]).toBe(before + 1), { interval: 5 })
  expect(entry.node.peers.reputation(stranger.self).score).toBeCloseTo(NEW_PEER.score - 0.1)
  expect(entry.node.options.telemetry.metrics()).not.toContain('gate_failures')
  await stranger.stop()
})

it('a re-proposal that a quorum asked for costs its sender nothing', async () => {
  const stranger = cluster.hub.createNetwork()
  await stranger.start()
  await stranger.dial(entry.network.addresses()[0]!, { timeoutMs: 1_000 })
  const counted = new Promise<void>((resolve) => {
    const stop = entry.node.listen({
      consensus: () => {
        stop()
        resolve()
      },
    })
  })
  await stranger.publish('consensus', await reproposal(cluster.validators.slice(0, 3)))
  await counted
  expect(entry.node.peers.reputation(stranger.self).score).toBeGreaterThanOrEqual(NEW_PEER.score)
  await stranger.stop()
})

it('what an honest peer could not foresee costs it nothing', async () => {
  const stranger = cluster.hub.createNetwork()
  await stranger.start()
  await stranger.dial(entry.network.addresses()[0]!, { timeoutMs: 1_000 })
  await stranger.publish('transactions', encodeList([await payment({ validUntilHeight: 0 })]))
  await stranger.publish('transactions', encodeList([await payment()]))
  await vi.waitFor(() => expect(entry.node.pool.count).toBe(1), { interval: 5 })
  expect(entry.node.peers.reputation(stranger.self).score).toBeGreaterThanOrEqual(NEW_PEER.score)
  await stranger.stop()
})
