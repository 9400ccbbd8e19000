/** Rule 4: a quorum of COMMIT for one block in one round decides it. */
import type { Certificate } from '../protocol/certificate.ts'
import { certificateFromCommits } from '../protocol/certificate-builder.ts'
import type { Hash } from '../protocol/ids.ts'
import type { Commit, VerifiedMessage } from '../protocol/messages.ts'
import { askForBlock, knownBlock } from './blocks.ts'
import { checkCommitForAmnesia, checkDoubleSign } from './evidence.ts'
import { inWindow, storedVote, storeVote, votedPower, votesFor } from './message-log.ts'
import { isQuorum } from './quorum.ts'
import type { RoundLog } from './replica-state.ts'
import { stopTimers } from './timers.ts'
import { committee, emit, type Turn } from './turn.ts'

export function onCommit(turn: Turn, member: number, message: VerifiedMessage<Commit>) {
  if (!inWindow(turn.state.round, message.round)) return
  const stored = storedVote(turn, 'commit', message.round, member)
  if (stored) return checkDoubleSign(turn, stored, message)
  checkCommitForAmnesia(turn, member, message)
  storeVote(turn, member, message)
  checkCommitted(turn, message.blockId)
}

/** Decides the block when a quorum committed to it in some round and it is known to be valid. */
export function checkCommitted(turn: Turn, blockId: Hash) {
  const { state } = turn
  const log = state.rounds.find((each) => isQuorum(committee(turn), votedPower(each.commits, blockId)))
  if (log) return settle(turn, blockId, log)
  if (state.certificate?.blockId === blockId) settleCertificate(turn, state.certificate)
}

/** Asks again for a certified block of which no good copy came. */
export function retryCertified(turn: Turn) {
  const { state } = turn
  const certified = new Set<Hash>()
  for (const { commits } of state.rounds)
    for (const { blockId, power } of commits.tallies)
      if (isQuorum(committee(turn), power)) certified.add(blockId)
  if (state.certificate) certified.add(state.certificate.blockId)
  for (const blockId of certified) checkCommitted(turn, blockId)
}

function settle(turn: Turn, blockId: Hash, log: RoundLog) {
  const commits = votesFor(log.commits, blockId)
  const standing = standingOf(turn, blockId)
  if (standing.status === 'invalid') return halt(turn, blockId, standing.code)
  if (standing.status !== 'valid')
    return askForBlock(
      turn,
      blockId,
      commits.map((commit) => commit.sender),
    )
  decide(turn, certificateFromCommits(committee(turn).set, commits))
}

function standingOf(turn: Turn, blockId: Hash) {
  return knownBlock(turn, blockId)?.check ?? ({ status: 'unknown' } as const)
}

/** A certificate from outside was verified there. It decides at once when its block was checked here. */
export function settleCertificate(turn: Turn, certificate: Certificate) {
  const { state } = turn
  const { blockId } = certificate
  const standing = standingOf(turn, blockId)
  if (standing.status === 'invalid') return halt(turn, blockId, standing.code)
  if (standing.status === 'valid') return decide(turn, certificate)
  state.certificate = certificate
  const members = committee(turn).set.members
  const signers = members.filter((_, index) => ((certificate.bitmap[index >> 3] ?? 0) >> (index & 7)) & 1)
  askForBlock(
    turn,
    blockId,
    signers.map((member) => member.address),
  )
}

function decide(turn: Turn, certificate: Certificate): void {
  const { state } = turn
  const { round, blockId } = certificate
  state.phase = 'decided'
  stopTimers(turn)
  state.waiting = []
  emit(turn, { type: 'decide', height: state.height, round, blockId, certificate })
}

function halt(turn: Turn, blockId: Hash, code: string): void {
  turn.state.phase = 'halted'
  stopTimers(turn)
  turn.state.waiting = []
  emit(turn, { type: 'halt', height: turn.state.height, blockId, code })
}
