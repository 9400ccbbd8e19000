import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../node-core/adapters/nodejs/system-clock.ts'
import { utf8 } from '../node-core/lib/bytes.ts'
import {
  decodePeers,
  encodePeersRequest,
  PEERS_PROTOCOL,
  resolveAddresses,
} from '../node-core/mesh/peer-exchange.ts'
import { createMeshDriver, type MeshDriver } from '../node-core/node/mesh-driver.ts'
import type { Network } from '../node-core/ports/network.ts'
import { type Bench, createBench } from './test-support.ts'

const TIMEOUT = { timeoutMs: 10_000 }
const WAIT = { timeout: 30_000, interval: 20 }

let bench: Bench
const drivers: MeshDriver[] = []
beforeEach(() => {
  bench = createBench()
})
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.stop()
  await bench.close()
})

const reserved = (network: Network) =>
  vi.waitFor(() => expect(network.relays()).toEqual([expect.objectContaining({ connected: true })]), WAIT)

async function askRelay(
  network: Network,
  relay: { peer: string; addresses: readonly string[] },
  chainId = 'test',
) {
  const answer = await network.request(relay.peer, PEERS_PROTOCOL, encodePeersRequest({ chainId }), TIMEOUT)
  return decodePeers(answer)!.map((entry) => resolveAddresses(entry, relay.addresses[0]!))
}

async function drive(network: Network): Promise<void> {
  const driver = createMeshDriver({
    network,
    clock: systemClock,
    chainId: 'test',
    platform: 'nodejs',
    knownPeers: { load: async () => null, save: async () => {} },
    random: () => Math.random(),
  })
  drivers.push(driver)
  await driver.start()
}

describe('reservations', () => {
  it('are held, told, lost with the relay and held again when it returns', async () => {
    const keyFile = `${await temporaryDirectory()}/relay.key`
    const first = await bench.relay({ keyFile })
    const port = Number(new URL(first.url).port)
    const { network, events } = await bench.node({ relays: [...first.addresses] })
    await reserved(network)
    expect(events).toContainEqual({ type: 'relay-connected', address: first.addresses[0] })
    expect(network.addresses()).toContain(`${first.addresses[0]}/p2p-circuit/webrtc/p2p/${network.self}`)
    expect(network.connections()).toEqual([])

    await first.stop()
    await vi.waitFor(
      () => expect(events).toContainEqual({ type: 'relay-lost', address: first.addresses[0] }),
      WAIT,
    )
    expect(network.relays()).toEqual([{ address: first.addresses[0], connected: false }])

    const second = await bench.relay({ keyFile, port })
    expect(second.addresses).toEqual(first.addresses)
    await reserved(network)
    expect(events.filter(({ type }) => type === 'relay-connected')).toHaveLength(2)
  })

  it('are limited per address', async () => {
    const relay = await bench.relay({ perAddressLimits: { reservations: 1 } })
    const a = await bench.node({ relays: [...relay.addresses] })
    await reserved(a.network)
    const b = await bench.node({ relays: [...relay.addresses] })
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`${relay.url}/metrics`)).text()
      expect(metrics).toMatch(/aitbc_relay_reservations_refused_total [1-9]/)
      expect(metrics).toContain('aitbc_relay_reservations 1\n')
    }, WAIT)
    expect(b.network.relays()[0]!.connected).toBe(false)
  })

  it('holds two relays at once and survives the loss of one', async () => {
    const relays = [await bench.relay(), await bench.relay()]
    const { network } = await bench.node({ relays: relays.flatMap(({ addresses }) => addresses) })
    await vi.waitFor(
      () => expect(network.relays().map(({ connected }) => connected)).toEqual([true, true]),
      WAIT,
    )
    await relays[0]!.stop()
    await vi.waitFor(
      () => expect(network.relays().map(({ connected }) => connected)).toEqual([false, true]),
      WAIT,
    )
  })
})

describe('a draining relay', () => {
  it('takes no new guest and keeps those it has', async () => {
    const relay = await bench.relay()
    const a = (await bench.node({ relays: [...relay.addresses] })).network
    await reserved(a)
    relay.drain()
    const b = (await bench.node({ relays: [...relay.addresses] })).network
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`${relay.url}/metrics`)).text()
      expect(metrics).toMatch(/aitbc_relay_connections_refused_total [1-9]/)
    }, WAIT)
    expect(a.relays()[0]!.connected).toBe(true)
    expect(b.relays()[0]!.connected).toBe(false)
  })
})

describe('peer exchange of the relay', () => {
  it('names guests of the same chain, with how to reach them', async () => {
    const relay = await bench.relay()
    const relays = [...relay.addresses]
    const a = (await bench.node({ relays })).network
    const b = (await bench.node({ relays, listen: ['/ip4/127.0.0.1/tcp/0/ws'] })).network
    const stranger = (await bench.node({ relays, chainId: 'other' })).network
    await Promise.all([reserved(a), reserved(b), reserved(stranger)])
    await vi.waitFor(async () => {
      const peers = await askRelay(a, relay)
      expect(peers.map(({ peer }) => peer)).toEqual([b.self])
      expect(peers[0]!.addresses[0]).toBe(`${relay.addresses[0]}/p2p-circuit/webrtc/p2p/${b.self}`)
      expect(
        peers[0]!.addresses.some((address) => /\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws\/p2p\//.test(address)),
      ).toBe(true)
    }, WAIT)
    await b.stop()
    await vi.waitFor(async () => expect(await askRelay(a, relay)).toEqual([]), WAIT)
  })

  it('refuses what is not a question', async () => {
    const relay = await bench.relay()
    const { network } = await bench.node({ relays: [...relay.addresses] })
    await reserved(network)
    await expect(network.request(relay.peer, PEERS_PROTOCOL, utf8('?'), TIMEOUT)).rejects.toMatchObject({
      code: 'closed',
    })
  })
})

describe('nodes that know only a relay', () => {
  it('find each other, gossip and answer requests, and go on without the relay', async () => {
    const relay = await bench.relay()
    const relays = [...relay.addresses]
    const a = (await bench.node({ relays, listen: ['/ip4/127.0.0.1/tcp/0/ws'] })).network
    const b = (await bench.node({ relays, listen: ['/ip4/127.0.0.1/tcp/0/ws'] })).network
    const heard: string[] = []
    b.onGossip(async (topic, bytes) => {
      heard.push(`${topic} ${new TextDecoder().decode(bytes)}`)
      return 'accept'
    })
    b.handle('echo/1', async (request) => request)
    await drive(a)
    await drive(b)
    await vi.waitFor(() => expect(a.subscribers('consensus')).toEqual([b.self]), WAIT)
    await a.publish('consensus', utf8('with the relay'))
    await vi.waitFor(() => expect(heard).toEqual(['consensus with the relay']), WAIT)
    await relay.stop()
    await vi.waitFor(() => expect(a.relays()[0]!.connected).toBe(false), WAIT)
    await a.publish('consensus', utf8('without'))
    await vi.waitFor(() => expect(heard).toHaveLength(2), WAIT)
    expect(await a.request(b.self, 'echo/1', utf8('still here'), TIMEOUT)).toEqual(utf8('still here'))
  })

  it('listening nowhere, make a direct WebRTC link that outlives the relay', async () => {
    const relay = await bench.relay()
    const relays = [...relay.addresses]
    const a = (await bench.node({ relays })).network
    const b = (await bench.node({ relays })).network
    await drive(a)
    await drive(b)
    await vi.waitFor(() => {
      expect(a.connections()[0]).toMatchObject({ peer: b.self, transport: 'webrtc', relayed: false })
      expect(b.connections()[0]).toMatchObject({ peer: a.self, transport: 'webrtc', relayed: false })
      expect(a.subscribers('consensus')).toEqual([b.self])
      expect(b.subscribers('consensus')).toEqual([a.self])
    }, WAIT)
    await relay.stop()
    const heard: string[] = []
    b.onGossip(async (_topic, bytes) => {
      heard.push(new TextDecoder().decode(bytes))
      return 'accept'
    })
    await a.publish('consensus', utf8('direct'))
    await vi.waitFor(() => expect(heard).toEqual(['direct']), WAIT)
    const [link] = b.connections()
    expect(link!.bytesIn).toBeGreaterThan('direct'.length)
  })

  it('carry no gossip over a relayed connection', async () => {
    const relay = await bench.relay()
    const relays = [...relay.addresses]
    const a = (await bench.node({ relays })).network
    const b = (await bench.node({ relays })).network
    await Promise.all([reserved(a), reserved(b)])
    await a.dial(`${relay.addresses[0]}/p2p-circuit/p2p/${b.self}`, TIMEOUT)
    expect(a.connections()).toEqual([
      expect.objectContaining({ peer: b.self, relayed: true, transport: 'relayed' }),
    ])
    await expect(a.request(b.self, 'echo/1', utf8('?'), TIMEOUT)).rejects.toMatchObject({
      code: 'not-connected',
    })
    expect(a.subscribers('consensus')).toEqual([])
  })
})

async function temporaryDirectory(): Promise<string> {
  const { mkdtemp } = await import('node:fs/promises')
  const { tmpdir } = await import('node:os')
  return mkdtemp(`${tmpdir()}/relay-`)
}
