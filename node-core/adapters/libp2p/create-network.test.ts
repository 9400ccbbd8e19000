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
