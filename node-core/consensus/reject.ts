/** Rule 8: REJECTs are counted beside the votes. They move nothing; a quorum of one code proves an invalid block. */
import type { Reject, VerifiedMessage } from '../protocol/messages.ts'
import type { InvalidBlockProof } from './effect.ts'
import { inWindow, roundLog, storedVote, storeVote, votesFor } from './message-log.ts'
import { distinctPower, isQuorum } from './quorum.ts'
import { committee, emit, type Turn } from './turn.ts'

export function onReject(turn: Turn, member: number, message: VerifiedMessage<Reject>): void {
  if (!inWindow(turn.state.round, message.round)) return
  if (storedVote(turn, 'reject', message.round, member)) return
  storeVote(turn, member, message)
  showInvalidBlock(turn, message)
}

/** Once per proposer and height, as every offence. */
function showInvalidBlock(turn: Turn, message: VerifiedMessage<Reject>): void {
  const { state } = turn
  const proof = proofWith(turn, message)
  const key = `${proof?.proposal.sender} invalid-block`
  if (!proof || proof.proposal.sender === state.self || state.shownOffences.includes(key)) return
  state.shownOffences = [...state.shownOffences, key]
  emit(turn, { type: 'invalid-block-proved', proof })
}

/** What this REJECT and those that agree with it prove; null: nothing yet. */
function proofWith(turn: Turn, { round, blockId, code }: VerifiedMessage<Reject>): InvalidBlockProof | null {
  const log = roundLog(turn, round)
  if (log?.proposal?.blockId !== blockId) return null
  const rejects = votesFor(log.rejects, blockId).filter((each) => each.code === code)
  const power = distinctPower(committee(turn), rejects)
  return power !== null && isQuorum(committee(turn), power) ? { proposal: log.proposal, rejects } : null
}
