/** What a node is fetching to catch up, as NodeApi tells it. */

export interface SyncView {
  /** headers: certificates up to the checkpoint; snapshot: its state; blocks: from there to the head. */
  readonly phase: 'headers' | 'snapshot' | 'blocks'
  /** Of `total`: heights, millionths of the state, blocks. What remains is the difference. */
  readonly done: number
  readonly total: number
  /** Of the state, millionths that were here before. */
  readonly reused: number
  /** Of the checkpoint; null outside a snapshot. */
  readonly height: number | null
  /** Received in this run. */
  readonly bytes: number
  /** Peers that are asked now. */
  readonly sources: readonly {
    readonly peer: string
    readonly bytes: number
    readonly outstandingBytes: number
  }[]
  /** Why it does not go on: nobody is connected, or nobody connected has what is missing; null: it goes on. */
  readonly waitingFor: 'peers' | 'source' | null
  /** What this node's store had lost when it was opened; null: nothing. */
  readonly damage: {
    readonly lost: 'block' | 'page' | 'state'
    readonly badPages: number
    readonly goodPages: number
  } | null
}
