import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BlockedPeers } from '../../mesh/blocked-peers.ts'
import { DEFAULT_TOPIC_LIMITS, GOSSIP_OUTBOUND_BYTES, STREAM_WINDOW_BYTES } from '../../mesh/limits.ts'
import { createGater } from './connection-gater.ts'
import { Libp2pNetwork } from './libp2p-network.ts'
import { createNode } from './node-options.ts'
import { DEFAULT_REQUEST_LIMITS } from './requests.ts'
import { StreamMeter } from './stream-meter.ts'

const WAIT = { timeout: 20_000, interval: 20 }
const networks: Libp2pNetwork[] = []
afterEach(async () => {
  await Promise.all(networks.splice(0).map((network) => network.stop()))
})

/** With the libp2p node in hand, to break connections under the network. */
async function open() {
  const meter = new StreamMeter()
  const blocked = new BlockedPeers()
  const node = await createNode({
    privateKey: await generateKeyPairFromSeed('Ed25519', crypto.getRandomValues(new Uint8Array(32))),
    chainId: 'watchdog',
    listen: ['/ip4/127.0.0.1/tcp/0/ws'],
    relayCount: 0,
    iceServers: [],
    maxConnections: 10,
    gater: createGater(blocked),
    metrics: meter.metrics(),
  })
  meter.attach(() => node.getConnections())
  const network = new Libp2pNetwork(node, {
    chainId: 'watchdog',
    relays: [],
    topicLimits: DEFAULT_TOPIC_LIMITS,
    requestLimits: () => DEFAULT_REQUEST_LIMITS,
    telemetry: null,
    blocked,
    meter,
  })
  let identified = 0
  node.addEventListener('peer:identify', () => {
    identified += 1
  })
  const heard: string[] = []
  network.onGossip(async (_topic, bytes) => {
    heard.push(new TextDecoder().decode(bytes))
    return 'accept'
  })
  await network.start()
  networks.push(network)
  return { network, node, heard, identified: () => identified }
}

describe('gossip watchdog', () => {
  it('moves gossip to the connection that is left when the one that carried it closes', async () => {
    const a = await open()
    const b = await open()
    const address = multiaddr(b.network.addresses()[0]!)
    const first = await a.node.dial(address)
    await vi.waitFor(() => {
      expect(a.network.subscribers('consensus')).toEqual([b.network.self])
      expect(b.network.subscribers('consensus')).toEqual([a.network.self])
      expect(first.streams.some(({ protocol }) => protocol.startsWith('/meshsub/'))).toBe(true)
    }, WAIT)
    const second = await a.node.dial(address, { force: true })
    expect(second.id).not.toBe(first.id)
    // Until then gossipsub would take the new connection for the peer's first.
    await vi.waitFor(() => expect([a.identified(), b.identified()]).toEqual([2, 2]), WAIT)
    await first.close()
    await vi.waitFor(() => expect(b.node.getConnections()).toHaveLength(1), WAIT)
    await vi.waitFor(async () => {
      await a.network.publish('consensus', crypto.getRandomValues(new Uint8Array(8)))
      await b.network.publish('consensus', crypto.getRandomValues(new Uint8Array(8)))
      expect(a.heard.length).toBeGreaterThan(0)
      expect(b.heard.length).toBeGreaterThan(0)
    }, WAIT)
  })

  it('a peer that reads nothing loses its stream once too much waits for it; the others hear on, and so does it later', async () => {
    const [a, deaf, listening] = [await open(), await open(), await open()]
    for (const { network } of [deaf, listening]) await a.node.dial(multiaddr(network.addresses()[0]!))
    await vi.waitFor(() => expect(a.network.subscribers('consensus')).toHaveLength(2), WAIT)
    const gossipTo = (peer: string, node: typeof a.node, direction: 'inbound' | 'outbound') =>
      node
        .getConnections()
        .filter(({ remotePeer }) => remotePeer.toString() === peer)
        .flatMap(({ streams }) => streams)
        .find((each) => each.protocol.startsWith('/meshsub/') && each.direction === direction)
    await vi.waitFor(() => expect(gossipTo(a.network.self, deaf.node, 'inbound')).toBeDefined(), WAIT)
    gossipTo(a.network.self, deaf.node, 'inbound')!.pause()
    const stream = gossipTo(deaf.network.self, a.node, 'outbound')!
    const waiting: number[] = []
    const messageBytes = DEFAULT_TOPIC_LIMITS.consensus.messageBytes / 2
    const most = Math.ceil((2 * STREAM_WINDOW_BYTES + GOSSIP_OUTBOUND_BYTES) / messageBytes)
    for (let sent = 1; sent <= most && stream.status === 'open'; sent++) {
      await a.network.publish('consensus', new Uint8Array(messageBytes).fill(sent))
      await vi.waitFor(() => expect(listening.heard).toHaveLength(sent), WAIT)
      waiting.push(stream.writeBufferLength)
    }
    expect(stream.status).toBe('aborted')
    expect(Math.max(...waiting)).toBeGreaterThan(GOSSIP_OUTBOUND_BYTES - 2 * messageBytes)
    expect(Math.max(...waiting)).toBeLessThanOrEqual(GOSSIP_OUTBOUND_BYTES)
    expect(stream.writeBufferLength).toBe(0)
    await vi.waitFor(async () => {
      await a.network.publish('consensus', crypto.getRandomValues(new Uint8Array(8)))
      expect(deaf.heard.length).toBeGreaterThan(0)
    }, WAIT)
  })
})
