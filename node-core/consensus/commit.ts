/** Rule 4: a quorum of COMMIT for one block in one round decides it. */
import type { Certificate } from '../protocol/certificate.ts'
import type { Hash, Round } from '../protocol/ids.ts'
import type { Commit, VerifiedMessage } from '../protocol/messages.ts'
import { askForBlock, knownBlock } from './blocks.ts'
import { checkCommitForAmnesia, checkDoubleSign } from './evidence.ts'
import { inWindow, storedVote, storeVote, votedPower, votesFor } from './message-log.ts'
import { isQuorum } from './quorum.ts'
import type { RoundLog } from './replica-state.ts'
import { stopTimers } from './timers.ts'
import { committee, emit, type Turn } from './turn.ts'

/** Certificate scheme: a bitmap of members and a list of Ed25519 signatures. */
const ED25519_LIST = 0

export function onCommit(turn: Turn, member: number, message: VerifiedMessage<Commit>): void {
  if (!inWindow(turn.state.round, message.round)) return
  const stored = storedVote(turn, 'commit', message.round, member)
  if (stored) return checkDoubleSign(turn, stored, message)
  checkCommitForAmnesia(turn, member, message)
  storeVote(turn, member, message)
  checkCommitted(turn, message.blockId)
}

/** Decides the block when a quorum committed to it in some round and it is known to be valid. */
export function checkCommitted(turn: Turn, blockId: Hash): void {
  const { state } = turn
  const log = state.rounds.find((each) => isQuorum(committee(turn), votedPower(each.commits, blockId)))
  if (log) return settle(turn, blockId, log)
  if (state.certificate?.blockId === blockId) settleCertificate(turn, state.certificate)
}

function settle(turn: Turn, blockId: Hash, log: RoundLog): void {
  const commits = votesFor(log.commits, blockId)
  const standing = standingOf(turn, blockId)
  if (standing.status === 'invalid') return halt(turn, blockId, standing.code)
  if (standing.status !== 'valid')
    return askForBlock(
      turn,
      blockId,
      commits.map((commit) => commit.sender),
    )
  const validatorsHash = knownBlock(turn, blockId)?.block?.header.validatorsHash
  if (!validatorsHash) return
  decide(turn, log.round, certificateOf(turn, log.round, commits, validatorsHash))
}

function standingOf(turn: Turn, blockId: Hash) {
  return knownBlock(turn, blockId)?.check ?? ({ status: 'unknown' } as const)
}

function certificateOf(
  turn: Turn,
  round: Round,
  commits: readonly VerifiedMessage<Commit>[],
  validatorsHash: Hash,
): Certificate {
  const { indexOf, size } = committee(turn)
  const bitmap = new Uint8Array(Math.ceil(size / 8))
  for (const { sender } of commits) {
    const index = indexOf.get(sender)!
    bitmap[index >> 3]! |= 1 << (index & 7)
  }
  return {
    scheme: ED25519_LIST,
    height: turn.state.height,
    round,
    blockId: commits[0]!.blockId,
    validatorsHash,
    bitmap,
    signatures: commits.map((commit) => commit.signature),
  }
}

/** A certificate from outside was verified there. It decides at once when its block was checked here. */
export function settleCertificate(turn: Turn, certificate: Certificate): void {
  const { state } = turn
  const { blockId } = certificate
  const standing = standingOf(turn, blockId)
  if (standing.status === 'invalid') return halt(turn, blockId, standing.code)
  if (standing.status === 'valid') return decide(turn, certificate.round, certificate)
  state.certificate = certificate
  const members = committee(turn).set.members
  const signers = members.filter((_, index) => ((certificate.bitmap[index >> 3] ?? 0) >> (index & 7)) & 1)
  askForBlock(
    turn,
    blockId,
    signers.map((member) => member.address),
  )
}

function decide(turn: Turn, round: Round, certificate: Certificate): void {
  const { state } = turn
  state.phase = 'decided'
  stopTimers(turn)
  state.waiting = []
  emit(turn, { type: 'decide', height: state.height, round, blockId: certificate.blockId, certificate })
}

function halt(turn: Turn, blockId: Hash, code: string): void {
  turn.state.phase = 'halted'
  stopTimers(turn)
  turn.state.waiting = []
  emit(turn, { type: 'halt', height: turn.state.height, blockId, code })
}
