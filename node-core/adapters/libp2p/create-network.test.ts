import { expect, it } from 'vitest'
import type { Network } from '../../ports/network.ts'
import { describeNetworkContract } from '../../ports/network-contract.ts'
import { createLibp2pNetwork, type Libp2pNetworkOptions } from './create-network.ts'

const BASE: Omit<Libp2pNetworkOptions, 'privateKeySeed'> = {
  chainId: 'contract',
  relays: [],
  listen: ['/ip4/127.0.0.1/tcp/0/ws'],
  platform: 'nodejs',
  iceServers: [],
  maxConnections: 50,
}
const randomSeed = () => crypto.getRandomValues(new Uint8Array(32))

describeNetworkContract('libp2p over a local WebSocket', async () => {
  const networks: Network[] = []
  return {
    chainId: 'contract',
    create: async (topicLimits) => {
      const network = await createLibp2pNetwork({
        ...BASE,
        privateKeySeed: randomSeed(),
        ...(topicLimits ? { topicLimits } : {}),
      })
      networks.push(network)
      return network
    },
    close: async () => {
      await Promise.all(networks.map((network) => network.stop()))
    },
  }
})

it('has the peer id of its seed', async () => {
  const privateKeySeed = new Uint8Array(32).fill(7)
  const first = await createLibp2pNetwork({ ...BASE, privateKeySeed })
  const second = await createLibp2pNetwork({ ...BASE, privateKeySeed })
  const other = await createLibp2pNetwork({ ...BASE, privateKeySeed: new Uint8Array(32).fill(8) })
  expect(second.self).toBe(first.self)
  expect(other.self).not.toBe(first.self)
})

it('names the argument of a short seed', async () => {
  await expect(createLibp2pNetwork({ ...BASE, privateKeySeed: new Uint8Array(31) })).rejects.toThrow(
    /privateKeySeed/,
  )
})

it('does not send on to a peer what that peer has sent itself meanwhile', async () => {
  const [publisher, fast, slow] = await Promise.all(
    [0, 1, 2].map(() => createLibp2pNetwork({ ...BASE, privateKeySeed: randomSeed() })),
  )
  const networks = [publisher!, fast!, slow!]
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const heardByFast: number[] = []
  fast!.onGossip(async (_topic, bytes) => {
    heardByFast.push(bytes[0]!)
    return 'accept'
  })
  slow!.onGossip(async (_topic, bytes) => {
    if (bytes[0] === VOTE) await held
    return 'accept'
  })
  try {
    await Promise.all(networks.map((network) => network.start()))
    for (const [from, to] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      await networks[from]!.dial(networks[to]!.addresses()[0]!, { timeoutMs: 5_000 })
    const linked = (network: Network) => network.subscribers('consensus').length === 2
    await expect.poll(() => networks.every(linked), { timeout: 10_000 }).toBe(true)
    const toFast = () => linkTo(slow!, fast!.self)
    const [inBefore, outBefore] = [toFast().bytesIn, toFast().bytesOut]
    for (let i = 0; i < VOTES; i++) await publisher!.publish('consensus', vote(i))
    await expect
      .poll(() => toFast().bytesIn - inBefore, { timeout: 10_000 })
      .toBeGreaterThan(VOTES * VOTE_BYTES)
    release()
    await slow!.publish('consensus', Uint8Array.of(LAST))
    await expect.poll(() => heardByFast.includes(LAST), { timeout: 10_000 }).toBe(true)
    expect(toFast().bytesOut - outBefore).toBeLessThan((VOTES * VOTE_BYTES) / 4)
  } finally {
    await Promise.all(networks.map((network) => network.stop()))
  }
})

const [VOTE, LAST] = [1, 2]
const VOTES = 40
/** Below what gossipsub announces to others before it judges it. */
const VOTE_BYTES = 400

function vote(number: number): Uint8Array {
  const bytes = new Uint8Array(VOTE_BYTES)
  bytes.set([VOTE, number])
  return bytes
}

function linkTo(network: Network, peer: string) {
  const link = network.connections().find((connection) => connection.peer === peer)
  if (!link) throw new Error('the peers are linked')
  return link
}
