/** Rule 3: a quorum of PREPARE for the accepted block makes it prepared. */
import type { Prepare, VerifiedMessage } from '../protocol/messages.ts'
import { knownBlock } from './blocks.ts'
import { checkDoubleSign } from './evidence.ts'
import { inWindow, roundLog, storedVote, storeVote, votedPower, votesFor } from './message-log.ts'
import { isQuorum } from './quorum.ts'
import { orderSignature } from './signing-guard.ts'
import { committee, note, type Turn } from './turn.ts'

export function onPrepare(turn: Turn, member: number, message: VerifiedMessage<Prepare>) {
  if (!inWindow(turn.state.round, message.round)) return
  const stored = storedVote(turn, 'prepare', message.round, member)
  if (stored) return checkDoubleSign(turn, stored, message)
  storeVote(turn, member, message)
  if (message.round === turn.state.round) checkPrepared(turn)
}

/** Once in a round: the value is prepared and COMMIT is said. Body, proof and COMMIT become durable together. */
export function checkPrepared(turn: Turn): void {
  const { state } = turn
  if (state.accepted === null || state.preparedInRound) return
  const blockId = state.accepted
  const prepares = roundLog(turn, state.round)?.prepares
  if (!prepares || !isQuorum(committee(turn), votedPower(prepares, blockId))) return
  const block = knownBlock(turn, blockId)?.block
  if (!block) return
  const { height, round } = state
  state.preparedInRound = true
  state.prepared = { round, blockId, block, certificate: votesFor(prepares, blockId) }
  note(turn, { kind: 'prepared', height, round, blockId })
  sayCommit(turn)
}

/** COMMIT for the value that was prepared in this round. */
export function sayCommit(turn: Turn): void {
  const { state } = turn
  if (state.self === null || !state.preparedInRound || !state.prepared) return
  const { height, round, self } = state
  orderSignature(turn, { type: 'commit', height, round, sender: self, blockId: state.prepared.blockId })
}
