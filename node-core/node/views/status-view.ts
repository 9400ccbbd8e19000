/** What the status tells of a node of any mode. */
import { formatAddress } from '../../protocol/address.ts'
import type { Genesis } from '../../protocol/genesis.ts'
import type { Address, Hash } from '../../protocol/ids.ts'
import type { NodeOptions } from '../create-node.ts'
import type { NodeStatus } from '../node-api.ts'
import type { StorageKeeper } from '../storage-keeper.ts'
import type { HeadNode } from './mesh-view.ts'

export interface StatusNode extends HeadNode {
  readonly options: Pick<NodeOptions, 'network' | 'clock' | 'relaysConfigured' | 'version' | 'transport'>
  readonly chain: HeadNode['chain'] & { readonly genesis: Genesis; readonly genesisHash: Hash }
  readonly storage: StorageKeeper
  readonly startedAtMs: number
  readonly account: Address | null
}

export type StorageUse = Omit<NodeStatus['storage'], 'trouble'>

export type StatusFrame = Omit<
  NodeStatus,
  'head' | 'phase' | 'sync' | 'validator' | 'stall' | 'haltedBecause'
>

export function statusFrame(node: StatusNode, directPeers: number, use: StorageUse): StatusFrame {
  const { network, version, transport } = node.options
  const relayed = network.connections().filter((connection) => connection.relayed)
  return {
    chainId: node.chain.genesis.chainId,
    genesisHash: node.chain.genesisHash,
    version,
    mode: node.mode,
    peerId: network.self,
    startedAtMs: node.startedAtMs,
    bestSeenHeight: node.bestSeenHeight,
    account: node.account && formatAddress(node.account),
    peers: { direct: directPeers, relayed: new Set(relayed.map((connection) => connection.peer)).size },
    relays: network.relays(),
    clockOffsetMs: node.peers.clockOffsetMs,
    storage: { ...use, trouble: node.storage.trouble },
    transport,
  }
}
