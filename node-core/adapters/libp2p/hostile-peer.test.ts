/** A whole node on real sockets, an honest peer beside it, and peers that do what they can to bring it down. */

import { connect, type Socket } from 'node:net'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Connection, Stream, StreamMuxer } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { concatBytes, utf8 } from '../../lib/bytes.ts'
import { BlockedPeers } from '../../mesh/blocked-peers.ts'
import {
  CONNECTIONS_PER_PEER,
  DEFAULT_TOPIC_LIMITS,
  REFUSALS_OF_A_FLOOD,
  REQUEST_BURST,
  REQUEST_STREAMS,
  REQUESTS_PER_SECOND,
  STREAMS_PER_CONNECTION,
} from '../../mesh/limits.ts'
import { BAN_BELOW } from '../../mesh/reputation.ts'
import { createNode } from '../../node/create-node.ts'
import type { LiveNode } from '../../node/live-node.ts'
import { beginSigningRecord } from '../../node/signer.ts'
import { HEADERS_PROTOCOL, SNAPSHOT_PROTOCOL, SYNC_PROTOCOL } from '../../node/sync-protocols.ts'
import { TestCluster, untilBlock } from '../../node/test-cluster.ts'
import {
  BODY_PROTOCOL,
  EVIDENCE_PROTOCOL,
  encodeRepeatable,
  encodeStatus,
  PROPOSAL_PROTOCOL,
  STATUS_PROTOCOL,
} from '../../node/wire-protocols.ts'
import type { Network, TopicName } from '../../ports/network.ts'
import { prepares } from '../../protocol/arbitraries.ts'
import { encodeConsensusMessage } from '../../protocol/codec-messages.ts'
import { sha256 } from '../../protocol/hash.ts'
import { MemoryJournalFile } from '../memory/memory-journal.ts'
import { MemoryDisk } from '../memory/memory-storage.ts'
import { systemClock } from '../nodejs/system-clock.ts'
import { createTelemetry } from '../telemetry.ts'
import { createVerifier } from '../verifier.ts'
import { createGater } from './connection-gater.ts'
import { createLibp2pNetwork } from './create-network.ts'
import { topicId } from './gossip.ts'
import { createNode as createLibp2pNode, type Node } from './node-options.ts'
import { protocolId } from './requests.ts'
import { StreamMeter } from './stream-meter.ts'

const WAIT = { timeout: 30_000, interval: 20 }
const CHAIN = 'aitbc-test'
/** What the rate lets through, and refusals enough for the ban, several times over. */
const MESSAGES_OF_A_FLOOD = 4 * (DEFAULT_TOPIC_LIMITS.consensus.messageBurst + 6 * REFUSALS_OF_A_FLOOD)
const randomSeed = () => crypto.getRandomValues(new Uint8Array(32))

let cluster: TestCluster
let victim: { node: LiveNode; network: Network }
let honest: { node: LiveNode; network: Network }
const attackers: Node[] = []

async function whole(validator: boolean): Promise<{ node: LiveNode; network: Network }> {
  const telemetry = createTelemetry({ clock: systemClock })
  const network = await createLibp2pNetwork({
    privateKeySeed: randomSeed(),
    chainId: CHAIN,
    relays: [],
    listen: ['/ip4/127.0.0.1/tcp/0/ws'],
    platform: 'nodejs',
    iceServers: [],
    maxConnections: 20,
    telemetry,
  })
  const created = await createNode({
    genesis: cluster.genesis,
    mode: 'full',
    version: 'test',
    storage: new MemoryDisk().open(),
    network,
    clock: systemClock,
    verifier: createVerifier(),
    telemetry,
    transport: { channels: 'native', verifyWorkers: 0 },
    relaysConfigured: 0,
    config: {},
  })
  if (!created.ok) throw new Error('the node does not open')
  await network.start()
  if (validator) {
    const journal = new MemoryJournalFile().open()
    await beginSigningRecord(journal)
    await created.node.setIdentity({ ...cluster.validators[0]!, journal })
  }
  return { node: created.node, network }
}

async function attacker(): Promise<{ node: Node; connection: Connection; id: string }> {
  const node = await createLibp2pNode({
    privateKey: await generateKeyPairFromSeed('Ed25519', randomSeed()),
    chainId: CHAIN,
    listen: [],
    relayCount: 0,
    iceServers: [],
    maxConnections: 50,
    gater: createGater(new BlockedPeers()),
    metrics: new StreamMeter().metrics(),
  })
  attackers.push(node)
  await node.start()
  const connection = await node.dial(multiaddr(victim.network.addresses()[0]!))
  await vi.waitFor(() => expect(isConnected(node.peerId.toString())).toBe(true), WAIT)
  return { node, connection, id: node.peerId.toString() }
}

beforeAll(async () => {
  cluster = await TestCluster.create({ validators: 1 })
  victim = await whole(true)
  honest = await whole(false)
  await honest.network.dial(victim.network.addresses()[0]!, { timeoutMs: 5_000 })
  await untilBlock(honest.node, () => honest.node.chain.height >= 1)
})
afterEach(async () => {
  await Promise.all(attackers.splice(0).map((node) => node.stop()))
})
afterAll(async () => {
  for (const { node, network } of [honest, victim]) {
    await node.stop()
    await network.stop()
  }
})

const isConnected = (id: string) => victim.network.connections().some(({ peer }) => peer === id)
const rejected = (reason: string) => victim.node.rejections()[reason] ?? 0

async function cutOff(id: string): Promise<void> {
  await vi.waitFor(() => expect(isConnected(id)).toBe(false), WAIT)
  expect(victim.node.peers.reputation(id).bans).toBeGreaterThan(0)
}

/** The chain goes on, and the honest peer hears of it and is answered. Like any node it dials again what it lost. */
async function goesOn(): Promise<void> {
  await honest.network.dial(victim.network.addresses()[0]!, { timeoutMs: 20_000 })
  const from = victim.node.chain.height
  await untilBlock(honest.node, () => honest.node.chain.height > from + 1)
  const answer = await honest.network.request(victim.network.self, BODY_PROTOCOL, new Uint8Array(0), {
    timeoutMs: 5_000,
  })
  expect(answer).toHaveLength(4)
  expect(victim.node.peers.reputation(honest.network.self).score).toBeGreaterThanOrEqual(0.5)
  expect(isConnected(honest.network.self)).toBe(true)
}

const frame = (length: number, bytes: Uint8Array) => {
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint32(0, length)
  return concatBytes(head, bytes)
}
const open = (connection: Connection, protocol: string): Promise<Stream> =>
  connection.newStream(protocolId(CHAIN, protocol), { maxOutboundStreams: 2_000 })

const MANY_STREAMS = 1_000
const stillOpen = (streams: readonly Stream[]) => streams.filter(({ status }) => status === 'open').length
/** An answer comes after all that the victim had to say before, refusals of streams among it. */
const hasHeard = (node: Node, { remotePeer }: Connection) => node.services.ping.ping(remotePeer)

/** Sends and lets go; the other side may already have hung up. */
async function send(connection: Connection, protocol: string, bytes: Uint8Array): Promise<void> {
  try {
    const stream = await open(connection, protocol)
    stream.send(bytes)
  } catch {
    // Cut off: that is what the test waits for.
  }
}

describe('a hostile peer', { timeout: 120_000 }, () => {
  it.each([
    ['consensus', 'consensus-malformed'],
    ['transactions', 'bundle-malformed'],
    ['decided', 'decided-malformed'],
    ['evidence', 'evidence-malformed'],
  ] as const)('that speaks nonsense on %s is counted and cut off', async (topic: TopicName, reason) => {
    const { node, id } = await attacker()
    const gossip = node.services.gossip
    gossip.subscribe(topicId(CHAIN, topic))
    await vi.waitFor(() => expect(gossip.getSubscribers(topicId(CHAIN, topic)).length).toBe(1), WAIT)
    const before = rejected(reason)
    for (let i = 0; i < 40; i++)
      await gossip.publish(topicId(CHAIN, topic), sha256(utf8(`${topic} ${i}`))).catch(() => {})
    await cutOff(id)
    expect(rejected(reason) - before).toBeGreaterThanOrEqual(5)
    expect(victim.node.peers.reputation(id).score).toBeLessThan(0.6)
    await goesOn()
  })

  it.each([
    SYNC_PROTOCOL,
    HEADERS_PROTOCOL,
    SNAPSHOT_PROTOCOL,
    BODY_PROTOCOL,
    PROPOSAL_PROTOCOL,
    EVIDENCE_PROTOCOL,
    'peers/1',
  ])('that speaks nonsense on %s is counted and cut off', async (protocol) => {
    const { connection, id } = await attacker()
    const before = rejected('request-malformed')
    const nonsense = utf8('nonsense')
    for (let i = 0; i < 20; i++)
      await send(connection, protocol, frame(nonsense.length - 1, nonsense.subarray(1)))
    await cutOff(id)
    expect(rejected('request-malformed') - before).toBeGreaterThanOrEqual(5)
    await goesOn()
  })

  it('that says it is of another chain is cut off at once', async () => {
    const { connection, id } = await attacker()
    const status = encodeStatus({
      genesisHash: `0x${'99'.repeat(32)}`,
      headHeight: 1,
      mode: 'full',
      version: '1',
      validator: null,
      wallMs: Date.now(),
    })
    await send(connection, STATUS_PROTOCOL, frame(status.length, status))
    await cutOff(id)
    expect(victim.node.peers.reputation(id).score).toBeLessThan(0.5)
    expect(victim.node.peers.reputation(id).score).toBeGreaterThan(BAN_BELOW)
    await goesOn()
  })

  it('that announces requests of four gigabytes is cut off, and nothing is kept for them', async () => {
    const { connection, id } = await attacker()
    for (let i = 0; i < 20; i++) await send(connection, SYNC_PROTOCOL, frame(0xffff_ffff, utf8('much more')))
    await cutOff(id)
    expect(rejected('request-too-large')).toBeGreaterThanOrEqual(5)
    await goesOn()
  })

  it('that publishes what is too large is cut off', async () => {
    const { node, id } = await attacker()
    const topic = topicId(CHAIN, 'decided')
    node.services.gossip.subscribe(topic)
    await vi.waitFor(() => expect(node.services.gossip.getSubscribers(topic).length).toBe(1), WAIT)
    for (let i = 0; i < 12; i++) {
      const large = new Uint8Array(DEFAULT_TOPIC_LIMITS.decided.messageBytes + 1).fill(i)
      await node.services.gossip.publish(topic, large).catch(() => {})
    }
    await cutOff(id)
    expect(rejected('gossip-too-large')).toBeGreaterThanOrEqual(1)
    await goesOn()
  })

  it('that talks without end is cut off', async () => {
    const { node, id } = await attacker()
    const topic = topicId(CHAIN, 'consensus')
    node.services.gossip.subscribe(topic)
    await vi.waitFor(() => expect(node.services.gossip.getSubscribers(topic).length).toBe(1), WAIT)
    const [message] = fc.sample(prepares, { numRuns: 1, seed: 3 })
    const bytes = encodeConsensusMessage({ ...message!, height: 1_000_000 })
    for (let i = 0; i < MESSAGES_OF_A_FLOOD && isConnected(id); i++)
      await node.services.gossip.publish(topic, encodeRepeatable(i, bytes)).catch(() => {})
    await cutOff(id)
    expect(rejected('flood')).toBeGreaterThanOrEqual(1)
    await goesOn()
  })

  it('that asks well-formed questions faster than one may is answered so many, and cut off', async () => {
    const { connection, id } = await attacker()
    const before = rejected('flood')
    const began = performance.now()
    let answered = 0
    const ask = async () => {
      while (isConnected(id)) {
        const stream = await open(connection, BODY_PROTOCOL).catch(() => null)
        // Cut off: that is what the test waits for.
        if (stream?.status !== 'open') continue
        const over = new Promise<boolean>((resolve) => {
          stream.addEventListener('message', () => resolve(true), { once: true })
          stream.addEventListener('close', () => resolve(false), { once: true })
        })
        stream.send(frame(0, new Uint8Array(0)))
        if (await over) answered++
        stream.abort(new Error('answered'))
      }
    }
    await Promise.all(Array.from({ length: REQUEST_STREAMS }, ask))
    const seconds = (performance.now() - began) / 1_000
    await cutOff(id)
    expect(rejected('flood') - before).toBeGreaterThanOrEqual(1)
    expect(answered).toBeGreaterThan(0)
    expect(answered).toBeLessThanOrEqual(REQUEST_BURST + REQUESTS_PER_SECOND * (seconds + 1))
    await goesOn()
  })

  it('that opens a thousand streams and says nothing holds few of them, and is cut off', async () => {
    const { node, connection, id } = await attacker()
    const protocols = [STATUS_PROTOCOL, SYNC_PROTOCOL, BODY_PROTOCOL, PROPOSAL_PROTOCOL]
    const stalled = rejected('request-stalled')
    const opened: Stream[] = []
    let most = 0
    for (let i = 0; i < MANY_STREAMS; i++) {
      opened.push(await open(connection, protocols[i % protocols.length]!))
      if (i % 50 !== 49) continue
      await hasHeard(node, connection)
      most = Math.max(most, stillOpen(opened))
    }
    expect(most).toBe(protocols.length * REQUEST_STREAMS)
    await goesOn()
    expect(stillOpen(opened)).toBe(most)
    await cutOff(id)
    expect(stillOpen(opened)).toBe(0)
    expect(rejected('request-stalled') - stalled).toBeGreaterThan(0)
    await goesOn()
  })

  it('that opens a thousand streams and names no protocol holds as many as a connection may have', async () => {
    const { node, connection } = await attacker()
    const { muxer } = connection as unknown as { readonly muxer: StreamMuxer }
    const opened: Stream[] = []
    for (let i = 0; i < MANY_STREAMS; i++) {
      opened.push(await muxer.createStream())
      await new Promise((resolve) => setImmediate(resolve))
    }
    await vi.waitFor(() => expect(stillOpen(opened)).toBeLessThanOrEqual(STREAMS_PER_CONNECTION), WAIT)
    const held = stillOpen(opened)
    expect(held).toBeGreaterThan(STREAMS_PER_CONNECTION / 2)
    await goesOn()
    expect(stillOpen(opened)).toBe(held)
    await vi.waitFor(() => expect(stillOpen(opened)).toBe(0), WAIT)
    await hasHeard(node, connection)
  })

  it('that connects again and again takes a few places, not all', async () => {
    const { node, id } = await attacker()
    const address = multiaddr(victim.network.addresses()[0]!)
    await Promise.all(Array.from({ length: 16 }, () => node.dial(address, { force: true }).catch(() => null)))
    await vi.waitFor(
      () =>
        expect(node.getConnections().filter(({ status }) => status === 'open').length).toBeLessThanOrEqual(
          CONNECTIONS_PER_PEER,
        ),
      WAIT,
    )
    const late = await attacker()
    await vi.waitFor(() => expect(isConnected(late.id)).toBe(true), WAIT)
    expect(isConnected(id)).toBe(true)
    await goesOn()
  })

  it('that does not even speak the protocol does not matter', async () => {
    const port = Number(/\/tcp\/(\d+)/.exec(victim.network.addresses()[0]!)![1])
    /** Resolves when the node has answered or hung up; the socket stays as the node leaves it. */
    const talk = (bytes: string | Uint8Array) =>
      new Promise<Socket>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
        socket.on('error', () => {})
        socket.on('data', () => resolve(socket))
        socket.on('close', () => resolve(socket))
      })
    const upgrade = `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\n\r\n`
    const sockets = await Promise.all([
      talk(randomSeed()),
      talk('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      talk(upgrade + String.fromCharCode(0x82, 0x7f).repeat(100)),
      ...Array.from({ length: 50 }, () => talk(upgrade)),
    ])
    await goesOn()
    for (const socket of sockets) socket.destroy()
    await goesOn()
  })
})
