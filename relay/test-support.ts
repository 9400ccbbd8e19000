/** A real relay and real nodes on 127.0.0.1 for the relay's tests. */
import { createLibp2pNetwork } from '../node-core/adapters/libp2p/create-network.ts'
import type { Network, NetworkEvent } from '../node-core/ports/network.ts'
import { type Relay, type RelayOptions, startRelay } from './start-relay.ts'

export interface Bench {
  relay(options?: Partial<RelayOptions>): Promise<Relay>
  node(options: NodeOptions): Promise<{ network: Network; events: NetworkEvent[] }>
  close(): Promise<void>
}

export interface NodeOptions {
  readonly relays: readonly string[]
  readonly chainId?: string
  readonly listen?: readonly string[]
}

export function createBench(): Bench {
  const closers: (() => Promise<void>)[] = []
  return {
    relay: async (options = {}) => {
      const relay = await startRelay({ host: '127.0.0.1', port: 0, ...options })
      closers.push(() => relay.stop())
      return relay
    },
    node: async (options) => {
      const network = await createLibp2pNetwork({
        privateKeySeed: crypto.getRandomValues(new Uint8Array(32)),
        chainId: options.chainId ?? 'test',
        relays: options.relays,
        listen: options.listen ?? [],
        platform: 'nodejs',
        iceServers: [],
        maxConnections: 50,
      })
      const events: NetworkEvent[] = []
      network.on((event) => events.push(event))
      await network.start()
      closers.push(() => network.stop())
      return { network, events }
    },
    close: async () => {
      for (const close of closers.splice(0).reverse()) await close()
    },
  }
}
