/** Rule 8: REJECTs are counted beside the votes. They move nothing; a quorum of one code proves an invalid block. */
import type { PrePrepare, Reject, VerifiedMessage } from '../protocol/messages.ts'
import { inWindow, storedVote, storeVote, votesFor } from './message-log.ts'
import { distinctPower, isQuorum } from './quorum.ts'
import type { ReplicaState } from './replica-state.ts'
import type { Turn } from './turn.ts'

export function onReject(turn: Turn, member: number, message: VerifiedMessage<Reject>): void {
  if (!inWindow(turn.state.round, message.round)) return
  if (!storedVote(turn, 'reject', message.round, member)) storeVote(turn, member, message)
}

export interface InvalidBlockProof {
  readonly proposal: VerifiedMessage<PrePrepare>
  readonly rejects: readonly VerifiedMessage<Reject>[]
}

/** A signed proposal of the running height and a quorum of REJECTs of it with one code, when the replica holds them. */
export function invalidBlockProof(state: ReplicaState): InvalidBlockProof | null {
  for (const { proposal, rejects } of state.rounds) {
    if (!proposal || !state.committee) continue
    const against = votesFor(rejects, proposal.blockId)
    for (const code of new Set(against.map((each) => each.code))) {
      const agreeing = against.filter((each) => each.code === code)
      const power = distinctPower(state.committee, agreeing)
      if (power !== null && isQuorum(state.committee, power)) return { proposal, rejects: agreeing }
    }
  }
  return null
}
