/** What a stranger can make this node do: how many signatures it verifies, what it remembers, what it hands out. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHub } from '../adapters/memory/memory-hub.ts'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import { createVerifier } from '../adapters/verifier.ts'
import { concatBytes } from '../lib/bytes.ts'
import type { Verifier } from '../ports/crypto.ts'
import { NetworkError } from '../ports/network-error.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import { decodeTransaction, encodeTransaction } from '../protocol/codec-transaction.ts'
import { hashBytes, messageSigningBytes, transactionId } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { ConsensusMessage, Prepare, RoundChange, Unsigned } from '../protocol/messages.ts'
import {
  BODY_BYTES,
  BODY_TRANSACTIONS,
  REMEMBERED_TRANSACTION_BYTES,
  REMEMBERED_TRANSACTIONS,
  VERIFIED_TOGETHER,
  VERIFIED_VOTES,
  VERIFYING_MESSAGES,
  VERIFYING_PER_PEER,
} from './constants.ts'
import { InboundGate } from './inbound-gate.ts'
import { LateCommits } from './late-commits.ts'
import { MessageVerifier } from './message-verifier.ts'
import { PeerBook } from './peer-book.ts'
import { type Person, person, TestCluster, type TestNode } from './test-cluster.ts'
import { TransactionVerifier } from './transaction-verifier.ts'
import {
  BODY_PROTOCOL,
  decodeList,
  encodeList,
  encodeRepeatable,
  PROPOSAL_PROTOCOL,
} from './wire-protocols.ts'

const ID = `0x${'ab'.repeat(32)}` as Hash
const OTHER_ID = `0x${'cd'.repeat(32)}` as Hash
const TIMEOUT = { timeoutMs: 5_000 }

/** The real verifier, and how often it was asked. */
class CountingVerifier implements Verifier {
  readonly #inner = createVerifier()
  asked = 0
  /** Its answers come no sooner. */
  ready: Promise<void> = Promise.resolve()

  verifyEd25519: Verifier['verifyEd25519'] = async (...args) => {
    this.asked++
    await this.ready
    return this.#inner.verifyEd25519(...args)
  }

  verifyP256: Verifier['verifyP256'] = (...args) => this.#inner.verifyP256(...args)
  verifyVrf: Verifier['verifyVrf'] = (...args) => this.#inner.verifyVrf(...args)
}

let cluster: TestCluster
let rich: Person
let entry: TestNode
let verifier: CountingVerifier

beforeEach(async () => {
  rich = await person('rich')
  cluster = await TestCluster.create({ validators: 4, rich: [rich] })
  entry = await cluster.start(null)
  verifier = new CountingVerifier()
})
afterEach(() => cluster.stop())

const chainId = () => cluster.genesis.chainId
const at = () => entry.node.chain.nextSet

async function signed<M extends ConsensusMessage>(who: Person, message: Unsigned<M>): Promise<M> {
  const bytes = messageSigningBytes(chainId(), at().hash, message as never)
  return { ...message, signature: await who.validatorKey.sign(bytes) } as unknown as M
}

const prepareOf = (who: Person, blockId = ID) =>
  signed<Prepare>(who, { type: 'prepare', height: 1, round: 0, sender: who.address, blockId } as never)

const changeOf = (who: Person, preparedCertificate: readonly Prepare[], preparedId: Hash | null = ID) =>
  signed<RoundChange>(who, {
    type: 'round-change',
    height: 1,
    round: 1,
    sender: who.address,
    prepared: preparedId && { round: 0, blockId: preparedId },
    preparedCertificate,
  } as never)

const garbage = (who: Person, fill: number): Prepare => ({
  type: 'prepare',
  height: 1,
  round: 0,
  sender: who.address,
  blockId: ID,
  signature: new Uint8Array(64).fill(fill),
})

describe('votes beside a message, which its signature does not cover', () => {
  const messages = () => new MessageVerifier(verifier, chainId(), () => {})

  it('prove a claim when they are a quorum', async () => {
    const [a, b, c] = cluster.validators
    const change = await changeOf(a!, await Promise.all([a!, b!, c!].map((who) => prepareOf(who))))
    expect(await messages().verify(change, at())).toMatchObject({ ok: true })
    expect(verifier.asked).toBe(4)
  })

  it.each([
    [
      'four thousand of one validator',
      (all: readonly Person[]) => Array.from({ length: 4_000 }, (_, i) => garbage(all[0]!, i & 255)),
    ],
    ['none', () => []],
    ['too few', (all: readonly Person[]) => [garbage(all[0]!, 1)]],
    ['one of nobody', (all: readonly Person[]) => [...all.map((who) => garbage(who, 1)), garbage(rich, 1)]],
  ])('cost one verification when they could prove nothing: %s', async (_, votes) => {
    const change = await changeOf(cluster.validators[0]!, votes(cluster.validators))
    expect(await messages().verify(change, at())).toEqual({
      ok: false,
      reason: 'bad-prepared-certificate',
      blame: 'relayer',
    })
    expect(verifier.asked).toBe(1)
  })

  it('cost one verification when they are for another block than the claim', async () => {
    const votes = await Promise.all(cluster.validators.map((who) => prepareOf(who, OTHER_ID)))
    verifier.asked = 0
    expect(await messages().verify(await changeOf(cluster.validators[0]!, votes), at())).toMatchObject({
      ok: false,
    })
    expect(verifier.asked).toBe(1)
  })
})

it('verified votes are remembered up to a limit, the oldest forgotten first', async () => {
  const messages = new MessageVerifier(verifier, chainId(), () => {})
  const [first, second] = await Promise.all(cluster.validators.slice(0, 2).map((who) => prepareOf(who)))
  const costOf = async (vote: Prepare) => {
    const before = verifier.asked
    expect(await messages.verify(vote, at())).toMatchObject({ ok: true })
    return verifier.asked - before
  }
  expect([await costOf(first!), await costOf(second!)]).toEqual([1, 1])
  for (let round = 1; round <= VERIFIED_VOTES - 2; round++) messages.remember({ ...first!, round })
  expect([await costOf(first!), await costOf(second!)]).toEqual([0, 0])
  messages.remember({ ...first!, round: VERIFIED_VOTES })
  expect([await costOf(second!), await costOf(first!)]).toEqual([0, 1])
})

describe('a bundle of transactions', () => {
  it('is not verified beyond the lot with a bad one', async () => {
    const stranger = cluster.hub.createNetwork()
    await stranger.start()
    await stranger.dial(entry.network.addresses()[0]!, TIMEOUT)
    const good = await cluster.sign(rich, { type: 'validator.pause' }, 0)
    const bad = good.slice()
    bad[bad.length - 1]! ^= 1
    const others = await Promise.all(
      Array.from({ length: 3 * VERIFIED_TOGETHER }, (_, i) =>
        cluster.sign(rich, { type: 'transfer', to: rich.address, amount: 1n }, 1 + i),
      ),
    )
    const told = new Promise<void>((resolve) => {
      const stop = entry.node.listen({ status: () => {} })
      const look = () => {
        if (!entry.node.rejections()['transaction-bad-signature']) return void setImmediate(look)
        stop()
        resolve()
      }
      look()
    })
    await stranger.publish('transactions', encodeList([bad, ...others]))
    await told
    expect(entry.node.pool.count).toBeLessThan(VERIFIED_TOGETHER)
    expect(entry.node.peers.reputation(stranger.self).score).toBeCloseTo(0.5)
    await stranger.stop()
  })
})

describe('verified transactions', () => {
  const transactions = (pooled?: ConstructorParameters<typeof TransactionVerifier>[3]) =>
    new TransactionVerifier(verifier, chainId(), 32_768, pooled)

  it('with a spoilt signature are refused, though the same transaction is known', async () => {
    const known = transactions()
    const bytes = await cluster.sign(rich, { type: 'validator.pause' }, 0)
    expect((await known.verifyBytes(bytes)).ok).toBe(true)
    const decoded = decodeTransaction(bytes)
    if (!decoded.ok) throw new Error(decoded.code)
    const { signature } = decoded.value
    const spoilt = encodeTransaction({
      ...decoded.value,
      signature: { ...signature, bytes: signature.bytes.map((byte) => byte ^ 1) },
    })
    expect(await known.judgeBytes(spoilt)).toMatchObject({ ok: false, code: 'bad-signature' })
    expect(await known.judgeBytes(bytes)).toMatchObject({ ok: true })
    expect(verifier.asked).toBe(2)
  })

  it('are not remembered because somebody sent them, and what waits in the pool is never forgotten', async () => {
    const bytes = await cluster.sign(rich, { type: 'validator.pause' }, 0)
    const judged = await transactions().judgeBytes(bytes)
    if (!judged.ok) throw new Error(judged.code)
    const { id } = judged.verified
    const known = transactions()
    await known.judgeBytes(bytes)
    expect(known.known(id)).toBeUndefined()
    const pooled = transactions((asked) => (asked === id ? judged.verified : undefined))
    for (let i = 0; i <= REMEMBERED_TRANSACTIONS; i++)
      pooled.remember({ ...judged.verified, id: `0x${i.toString(16).padStart(64, '0')}` as Hash })
    expect(pooled.known(`0x${'0'.repeat(64)}` as Hash)).toBeUndefined()
    expect(pooled.known(id)).toBe(judged.verified)
  })

  it('are remembered up to so many bytes, the oldest forgotten first, as many as a large one needs', async () => {
    const judged = await transactions().judgeBytes(await cluster.sign(rich, { type: 'validator.pause' }, 0))
    if (!judged.ok) throw new Error(judged.code)
    const { verified } = judged
    const known = transactions()
    const idOf = (i: number) => `0x${i.toString(16).padStart(64, '0')}` as Hash
    const remember = (i: number, bytes: Uint8Array) => known.remember({ ...verified, id: idOf(i), bytes })
    const bytes = new Uint8Array(16_384)
    const most = REMEMBERED_TRANSACTION_BYTES / bytes.length
    const forgotten = () => Array.from({ length: most }, (_, i) => i).filter((i) => !known.known(idOf(i)))
    for (let i = 0; i < most; i++) remember(i, bytes)
    expect(forgotten()).toEqual([])
    remember(most, new Uint8Array(1))
    expect(forgotten()).toEqual([0])
    remember(most + 1, new Uint8Array(2 * bytes.length))
    expect(forgotten()).toEqual([0, 1, 2])
    expect(known.known(idOf(most + 1))).toBeDefined()
  })

  it('that nobody asked for cost no verification', async () => {
    const bytes = await cluster.sign(rich, { type: 'validator.pause' }, 0)
    expect(await transactions().judgeBytes(bytes, new Set([ID]))).toMatchObject({
      ok: false,
      code: 'not-asked-for',
    })
    expect(verifier.asked).toBe(0)
  })

  it('well signed and worthless, in any number, leave those of blocks in memory', async () => {
    const wanted = await cluster.sign(rich, { type: 'validator.pause' }, 0)
    expect(await entry.node.submit(wanted)).toMatchObject({ ok: true })
    const poor = await person('poor')
    const result = await entry.node.submit(
      await cluster.sign(poor, { type: 'transfer', to: rich.address, amount: 1n }, 0),
    )
    expect(result).toMatchObject({ ok: false, code: 'insufficient-balance' })
    const decoded = decodeTransaction(wanted)
    if (!decoded.ok) throw new Error(decoded.code)
    const asker = cluster.hub.createNetwork()
    await asker.start()
    await asker.dial(entry.network.addresses()[0]!, TIMEOUT)
    const ask = async (ids: readonly Hash[]) =>
      decodeList(
        await asker.request(entry.network.self, BODY_PROTOCOL, concatBytes(...ids.map(hashBytes)), TIMEOUT),
        BODY_TRANSACTIONS,
      )
    const id = transactionId(decoded.value)
    // Asked for two thousand times in one request, it is given once.
    expect(await ask(Array.from({ length: BODY_TRANSACTIONS }, () => id))).toEqual([wanted])
    expect(BODY_BYTES).toBeLessThan(4 * 1024 * 1024)
    for (const protocol of [BODY_PROTOCOL, PROPOSAL_PROTOCOL])
      await expect(asker.request(entry.network.self, protocol, new Uint8Array(33), TIMEOUT)).rejects.toThrow(
        NetworkError,
      )
    expect(entry.node.rejections()).toMatchObject({ 'request-malformed': 2 })
    await asker.stop()
  })
})

describe('what is kept of peers', () => {
  it('has a limit, also for those whose leaving was not seen', () => {
    const network = createMemoryHub().createNetwork()
    const book = new PeerBook({
      network,
      clock: systemClock,
      telemetry: createTelemetry({ clock: systemClock }),
    })
    const status = {
      genesisHash: ID,
      headHeight: 1,
      mode: 'full',
      version: '1',
      validator: null,
      wallMs: 0,
    } as const
    for (let i = 0; i < 5_000; i++) {
      book.heard(`peer-${i}`, status, 1)
      book.conduct(`peer-${i}`, 'served')
    }
    expect(book.record('peer-0').status).toBeNull()
    expect(book.record('peer-4999').status).toEqual(status)
    expect(book.reputation('peer-0').score).toBe(0.6)
    expect(book.reputation('peer-4999').score).toBeGreaterThan(0.6)
  })
})

it('one peer’s messages leave places for the others’', async () => {
  const loud = cluster.hub.createNetwork()
  await loud.start()
  await loud.dial(entry.network.addresses()[0]!, TIMEOUT)
  const [validator] = cluster.validators
  const vote = await prepareOf(validator!)
  const many = 4 * VERIFYING_PER_PEER
  for (let i = 0; i < many; i++)
    void loud.publish('consensus', encodeRepeatable(i, encodeConsensusMessage({ ...vote, round: i + 1 })))
  const quiet = cluster.hub.createNetwork()
  await quiet.start()
  await quiet.dial(entry.network.addresses()[0]!, TIMEOUT)
  await quiet.publish('consensus', encodeRepeatable(0, encodeConsensusMessage(vote)))
  const heard = () => entry.node.recorder.lastHeard(validator!.address)
  while (heard() === null) await new Promise((resolve) => setImmediate(resolve))
  expect(heard()?.height).toBe(1)
  expect(entry.node.peers.reputation(loud.self).bans).toBeGreaterThan(0)
  expect(entry.node.peers.reputation(quiet.self).bans).toBe(0)
  await loud.stop()
  await quiet.stop()
})

it('so many messages are verified at the same time, of one peer and of all; the others are let go, and the next finds room', async () => {
  const network = cluster.hub.createNetwork()
  await network.start()
  const telemetry = createTelemetry({ clock: systemClock })
  const { promise, resolve: answer } = Promise.withResolvers<void>()
  verifier.ready = promise
  const heard: number[] = []
  const never = () => {
    throw new Error('nobody sends it')
  }
  new InboundGate({
    chain: entry.node.chain,
    network,
    verifier: new MessageVerifier(verifier, chainId(), () => {}),
    lateCommits: new LateCommits(),
    telemetry,
    ports: {
      consensus: ({ round }) => heard.push(round),
      ahead: never,
      transaction: never,
      decided: never,
      evidence: never,
      misbehaved: never,
    },
  })
  let round = 0
  const [validator] = cluster.validators
  const send = async (peer: typeof network, count: number) => {
    for (let i = 0; i < count; i++) {
      const fields = { type: 'prepare', height: 1, round: ++round, sender: validator!.address, blockId: ID }
      const vote = await signed<Prepare>(validator!, fields as never)
      await peer.publish('consensus', encodeRepeatable(0, encodeConsensusMessage(vote)))
    }
  }
  const shed = () => Number(/messages_shed\{topic="consensus"\} (\d+)/.exec(telemetry.metrics())?.[1] ?? 0)
  const loud = VERIFYING_MESSAGES / VERIFYING_PER_PEER
  const peers = Array.from({ length: loud + 1 }, () => cluster.hub.createNetwork())
  for (const peer of peers) {
    await peer.start()
    await peer.dial(network.addresses()[0]!, TIMEOUT)
  }
  for (const peer of peers.slice(0, loud)) await send(peer, VERIFYING_PER_PEER + 2)
  await vi.waitFor(() => expect(shed()).toBe(2 * loud), { interval: 5 })
  expect(verifier.asked).toBe(VERIFYING_MESSAGES)
  const last = peers.at(-1)!
  await send(last, 3)
  await vi.waitFor(() => expect(shed()).toBe(2 * loud + 3), { interval: 5 })
  expect([verifier.asked, heard.length]).toEqual([VERIFYING_MESSAGES, 0])
  answer()
  await vi.waitFor(() => expect(heard.length).toBe(VERIFYING_MESSAGES), { interval: 5 })
  await send(last, 1)
  await vi.waitFor(() => expect(heard.at(-1)).toBe(round), { interval: 5 })
  for (const each of [...peers, network]) await each.stop()
})
