/** A network with its mesh driver, for a tab's worker or a Node process. */
import { browserClock } from '../../node-core/adapters/browser/browser-clock.ts'
import { createLibp2pNetwork } from '../../node-core/adapters/libp2p/create-network.ts'
import type { Platform } from '../../node-core/mesh/topology.ts'
import { createMeshDriver } from '../../node-core/node/mesh-driver.ts'
import { createPeerAgent, type PeerAgent } from './commands.ts'

const CHAIN = 'transport-test'

export async function startPeer(relays: readonly string[], platform: Platform): Promise<PeerAgent> {
  const network = await createLibp2pNetwork({
    privateKeySeed: crypto.getRandomValues(new Uint8Array(32)),
    chainId: CHAIN,
    relays,
    listen: [],
    platform,
    iceServers: [],
    maxConnections: 50,
  })
  const agent = createPeerAgent(network)
  await network.start()
  const driver = createMeshDriver({
    network,
    clock: browserClock,
    chainId: CHAIN,
    platform,
    knownPeers: { load: async () => null, save: async () => {} },
    random: Math.random,
  })
  await driver.start()
  return agent
}
