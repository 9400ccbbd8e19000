/** How a node is, as NodeApi tells it. */
import type { Stall as MeshStall } from '../mesh/partition.ts'
import type { AddressString, HashString } from './node-api.ts'
import type { Silence } from './silence.ts'
import type { SyncView } from './sync-api.ts'

export type NodeMode = 'validator' | 'full' | 'light' | 'observer'
/** registered: has keys, is not in a set; paused: asked to rest; jailed: may ask to be let out later; tombstoned: never. */
export const VALIDATOR_STATES = [
  'none',
  'registered',
  'entering',
  'active',
  'pausing',
  'paused',
  'leaving',
  'left',
  'jailed',
  'tombstoned',
] as const

export type ValidatorState = (typeof VALIDATOR_STATES)[number]

export interface NodeStatus {
  readonly chainId: string
  readonly genesisHash: HashString
  readonly version: string
  readonly mode: NodeMode
  readonly peerId: string
  readonly startedAtMs: number
  readonly head: {
    readonly height: number
    readonly blockId: HashString
    readonly timestampMs: number
  } | null
  /** 'starting' until storage is read; 'connecting' without a peer; 'syncing' with what remains; 'halted' after an alarm. */
  readonly phase: 'starting' | 'connecting' | 'syncing' | 'running' | 'halted'
  /** Highest height seen from a peer's certificate. */
  readonly bestSeenHeight: number
  /** What is being fetched to catch up; null when nothing is, and nothing is known to be missing. */
  readonly sync: SyncView | null
  readonly account: AddressString | null
  readonly validator: {
    readonly address: AddressString
    readonly state: ValidatorState
    readonly onWatchSinceMs: number | null
    readonly signing: boolean
    /** Why nothing is signed though the keys are here; null: whatever the rules call for is signed. */
    readonly silentBecause: Silence | null
  } | null
  readonly peers: { readonly direct: number; readonly relayed: number }
  readonly relays: readonly { readonly address: string; readonly connected: boolean }[]
  /** Why the chain does not move, when it does not: codes with data; null when it does. */
  readonly stall: Stall | null
  /** Estimated offset of this clock from the median of the peers, ms. */
  readonly clockOffsetMs: number | null
  readonly storage: {
    readonly usedBytes: number | null
    readonly quotaBytes: number | null
    readonly persistent: boolean | null
    /** storage-full: waits for room, nothing is decided or signed meanwhile; storage-lost: gone, the node must start again. */
    readonly trouble: {
      readonly code: 'storage-full' | 'storage-lost'
      readonly sinceMs: number
    } | null
  }
  readonly transport: {
    readonly channels: 'transferred' | 'bridged' | 'native'
    readonly verifyWorkers: number
  }
  readonly haltedBecause: string | null
}

export type Stall = MeshStall | { readonly code: 'halted'; readonly reason: string }
