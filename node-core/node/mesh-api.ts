/** Peers and the mesh as NodeApi shows them. */
import type { AddressString } from './node-api.ts'
import type { NodeMode } from './status-api.ts'

export interface PeerView {
  readonly peer: string
  readonly address: string
  readonly transport: string
  readonly direction: 'inbound' | 'outbound'
  readonly relayed: boolean
  readonly role: NodeMode | 'relay' | 'unknown'
  readonly validator: AddressString | null
  readonly name: string | null
  readonly headHeight: number | null
  readonly roundTripMs: number | null
  /** Newest last, at most 30. */
  readonly roundTripHistory: readonly number[]
  /** 0 to 1. */
  readonly score: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly connectedAtMs: number
  readonly lastSeenMs: number
  readonly rejectedMessages: number
}

export interface TopologyView {
  readonly self: string
  readonly nodes: readonly {
    readonly peer: string
    readonly name: string | null
    readonly role: string
    readonly hop: 0 | 1 | 2 | 3
  }[]
  readonly links: readonly {
    readonly from: string
    readonly to: string
    readonly kind: 'direct' | 'relayed' | 'heard'
  }[]
}

export interface PartitionView {
  readonly state: 'healthy' | 'partitioned' | 'recovering' | 'isolated'
  readonly heardPower: number
  readonly sinceMs: number
}
