import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHub } from '../adapters/memory/memory-hub.ts'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import type { KnownPeer } from '../mesh/discovery.ts'
import { createMeshDriver, type KnownPeersStore, type MeshDriver } from './mesh-driver.ts'

const drivers: MeshDriver[] = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.stop()
})

function memoryStore(initial: unknown = null): KnownPeersStore & { saved(): readonly KnownPeer[] } {
  let stored = initial
  return {
    load: async () => stored,
    save: async (known) => {
      stored = JSON.parse(JSON.stringify(known))
    },
    saved: () => stored as readonly KnownPeer[],
  }
}

async function drive(network: MemoryNetwork, hub: ReturnType<typeof createMemoryHub>, store = memoryStore()) {
  await network.start()
  const driver = createMeshDriver({
    network,
    clock: hub.clock,
    chainId: 'test',
    platform: 'nodejs',
    knownPeers: store,
    random: () => hub.random(),
  })
  await driver.start()
  drivers.push(driver)
  return { network, driver, store }
}

const degree = (network: MemoryNetwork) => network.connections().length

describe('mesh driver', () => {
  it('grows a chain of nodes into a mesh', async () => {
    const hub = createMemoryHub()
    const nodes: Awaited<ReturnType<typeof drive>>[] = []
    for (let i = 0; i < 6; i++) nodes.push(await drive(hub.createNetwork(), hub))
    for (let i = 1; i < 6; i++)
      await nodes[i]!.network.dial(nodes[i - 1]!.network.addresses()[0]!, { timeoutMs: 1_000 })
    await vi.waitFor(
      () => {
        for (const { network } of nodes) expect(degree(network)).toBeGreaterThanOrEqual(3)
      },
      { timeout: 30_000 },
    )
  })

  it('finds its peers again after a restart, from what it saved', async () => {
    const hub = createMemoryHub()
    const [a, b, c] = [hub.createNetwork(), hub.createNetwork(), hub.createNetwork()]
    await drive(b, hub)
    await drive(c, hub)
    const first = await drive(a, hub)
    await b.dial(c.addresses()[0]!, { timeoutMs: 1_000 })
    await a.dial(b.addresses()[0]!, { timeoutMs: 1_000 })
    await vi.waitFor(() => expect(degree(a)).toBe(2), { timeout: 10_000 })
    await first.driver.stop()
    await a.stop()
    expect(first.store.saved().map(({ peer }) => peer)).toContain(c.self)

    const again = hub.createNetwork({ peer: a.self })
    await drive(again, hub, first.store)
    await vi.waitFor(() => expect(degree(again)).toBe(2), { timeout: 10_000 })
  })

  it('links again after a split heals', async () => {
    const hub = createMemoryHub()
    const [a, b] = [hub.createNetwork(), hub.createNetwork()]
    await drive(
      a,
      hub,
      memoryStore([{ peer: b.self, addresses: b.addresses(), score: 0.5, seenAtMs: Date.now() }]),
    )
    await drive(b, hub)
    await vi.waitFor(() => expect(degree(a)).toBe(1), { timeout: 10_000 })
    hub.split([[a.self], [b.self]])
    expect(degree(a)).toBe(0)
    hub.heal()
    await vi.waitFor(() => expect(degree(a)).toBe(1), { timeout: 15_000 })
  })
})
