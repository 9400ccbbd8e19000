/** Puts a node together on its ports: chain, pool, gate, consensus, catch-up, peers. Platform-free; adapters are handed in. */
import type { Clock } from '../ports/clock.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { Network } from '../ports/network.ts'
import type { Journal, Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Genesis } from '../protocol/genesis.ts'
import type { Address } from '../protocol/ids.ts'
import { Chain, type OpenFailure } from './chain.ts'
import { CHECKPOINT_EPOCHS, KEPT_BLOCKS } from './constants.ts'
import { LiveNode } from './live-node.ts'
import type { NodeMode } from './node-api.ts'
import { StorageKeeper } from './storage-keeper.ts'
import type { HeldKeys } from './validator-keys.ts'

/** A validator's keys and the place of its signing record. */
export interface ValidatorIdentity extends HeldKeys {
  readonly address: Address
  /** Begun with beginSigningRecord when the key was made. */
  readonly journal: Journal
  /**
   * Until this moment another tab of the same browser signed with this key and this journal, and watched the wire for anyone
   * else who does: nobody has to be listened for again.
   */
  readonly handedOver?: boolean
}

export interface TransportFacts {
  readonly channels: 'transferred' | 'bridged' | 'native'
  readonly verifyWorkers: number
}

export interface NodeOptions {
  readonly genesis: Genesis
  /** Its validator's keys come later, and make it a validator. */
  readonly mode: Extract<NodeMode, 'full' | 'light'>
  readonly version: string
  readonly storage: Storage
  readonly network: Network
  readonly clock: Clock
  readonly verifier: Verifier
  readonly telemetry: Telemetry
  readonly transport: TransportFacts
  /** Relays from the configuration, for the count shown to people. */
  readonly relaysConfigured: number
  /** Where this node departs from the usual limits of catching up. */
  readonly sync?: SyncLimits
  /** What `node_config` shows; never a key. */
  readonly config: Readonly<Record<string, unknown>>
}

export interface SyncLimits {
  /** A light node that is further behind begins at a checkpoint. */
  readonly snapshotFromBlocks?: number
  /** Epochs between two checkpoints. All nodes of a network have the same, so that one checkpoint has many sources. */
  readonly checkpointEpochs?: number
  /** Bodies kept by a light node. */
  readonly keptBlocks?: number
}

export type CreateResult =
  | { readonly ok: true; readonly node: LiveNode }
  | { readonly ok: false; readonly failure: OpenFailure }

/** Reads what is stored and starts taking part. The network must be started by the caller, after this. */
export async function createNode(options: NodeOptions): Promise<CreateResult> {
  const storage = new StorageKeeper(options.storage, options.clock)
  const { mode, sync } = options
  const opened = await Chain.open(options.genesis, storage, {
    keptBlocks: mode === 'full' ? null : (sync?.keptBlocks ?? KEPT_BLOCKS),
    checkpointEpochs: sync?.checkpointEpochs ?? CHECKPOINT_EPOCHS,
  })
  if (!opened.ok) return opened
  const node = new LiveNode(options, opened.chain, storage)
  await node.start()
  return { ok: true, node }
}
