/** Whether this node's side of the network can decide, and if the chain stands still, why. */

export type Stall =
  | { readonly code: 'no-peers' }
  | { readonly code: 'no-relay' }
  | { readonly code: 'catching-up'; readonly remainingBlocks: number }
  /** Share of voting power heard in the last rounds, millionths; a quorum needs more than two thirds. */
  | {
      readonly code: 'no-quorum'
      readonly heardPower: number
      readonly silent: readonly string[]
      readonly sinceMs: number
    }
  | { readonly code: 'rounds-failing'; readonly round: number }
  /** Seen by a node that hears no votes: why is not known here. */
  | { readonly code: 'no-new-block'; readonly sinceMs: number }

export interface MeshObservation {
  readonly nowMs: number
  readonly directPeers: number
  readonly relaysConfigured: number
  readonly relaysConnected: number
  readonly headHeight: number
  readonly bestSeenHeight: number
  /** When the newest block was decided or adopted here, or when this node started. */
  readonly headSinceMs: number
  /** The longest a healthy chain leaves between two blocks. */
  readonly emptyIntervalMs: number
  readonly round: number
  /** null: votes are not listened to. */
  readonly members: readonly MemberHeard[] | null
}

export interface MemberHeard {
  readonly address: string
  readonly power: bigint
  readonly heard: boolean
}

/** A chain is late after this many empty intervals. */
const LATE_INTERVALS = 2
/** Behind by this many blocks counts as catching up; less is the ordinary lag of one decision. */
const BEHIND_BLOCKS = 2
const FAILING_ROUND = 2
const MILLION = 1_000_000n

export function heardPower(members: readonly MemberHeard[]): number {
  const total = members.reduce((sum, member) => sum + member.power, 0n)
  if (total === 0n) return 0
  const heard = members.reduce((sum, member) => sum + (member.heard ? member.power : 0n), 0n)
  return Number((heard * MILLION) / total)
}

/** A quorum is heard: 3·w > 2·W. */
export function hearsQuorum(members: readonly MemberHeard[]): boolean {
  const total = members.reduce((sum, member) => sum + member.power, 0n)
  const heard = members.reduce((sum, member) => sum + (member.heard ? member.power : 0n), 0n)
  return 3n * heard > 2n * total
}

/** null: the chain moves as it should. */
export function stallOf(seen: MeshObservation): Stall | null {
  const remainingBlocks = seen.bestSeenHeight - seen.headHeight
  if (remainingBlocks >= BEHIND_BLOCKS && seen.directPeers > 0)
    return { code: 'catching-up', remainingBlocks }
  const late = seen.nowMs - seen.headSinceMs > LATE_INTERVALS * seen.emptyIntervalMs
  if (seen.directPeers === 0) {
    if (!late && seen.headHeight > 0) return null
    return seen.relaysConfigured > 0 && seen.relaysConnected === 0
      ? { code: 'no-relay' }
      : { code: 'no-peers' }
  }
  if (!late) return null
  if (seen.members === null) return { code: 'no-new-block', sinceMs: seen.headSinceMs }
  if (!hearsQuorum(seen.members)) {
    const silent = seen.members.filter((member) => !member.heard).map((member) => member.address)
    return { code: 'no-quorum', heardPower: heardPower(seen.members), silent, sinceMs: seen.headSinceMs }
  }
  return seen.round >= FAILING_ROUND ? { code: 'rounds-failing', round: seen.round } : null
}

export type PartitionState = 'healthy' | 'partitioned' | 'recovering' | 'isolated'

/** `headMoved`: a block was decided since the partition was noticed. */
export function partitionState(
  before: PartitionState,
  stall: Stall | null,
  headMoved: boolean,
): PartitionState {
  if (stall?.code === 'no-peers' || stall?.code === 'no-relay') return 'isolated'
  if (stall?.code === 'no-quorum') return 'partitioned'
  if (before === 'healthy') return 'healthy'
  return headMoved && stall === null ? 'healthy' : 'recovering'
}
