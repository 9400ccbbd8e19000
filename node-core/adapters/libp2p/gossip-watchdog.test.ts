import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BlockedPeers } from '../../mesh/blocked-peers.ts'
import { DEFAULT_TOPIC_LIMITS } from '../../mesh/limits.ts'
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
})
