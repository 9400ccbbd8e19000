/** Bounded memory of verified messages (rule 9): one per sender, round and type, and the latest ROUND-CHANGE of each. */
import type { Hash, Round } from '../protocol/ids.ts'
import type { RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import type { Instant } from './input.ts'
import { NEXT_HEIGHT_MESSAGES_LIMIT, NEXT_HEIGHT_ROUNDS, ROUNDS_AHEAD, ROUNDS_BEHIND } from './limits.ts'
import type { Committee } from './quorum.ts'
import type { EarlyMessage, ReplicaState, RoundLog, Vote, VoteTable } from './replica-state.ts'
import { committee, type Turn } from './turn.ts'

function emptyRound(of: Committee, round: Round): RoundLog {
  const votes = { byMember: of.nobody, tallies: [] }
  return {
    round,
    proposal: null,
    prepares: votes,
    commits: votes,
    roundChanges: of.nobody,
    rejects: votes,
  }
}

/** Whether PRE-PREPARE, PREPARE, COMMIT and REJECT of this round have a place. */
export function inWindow(current: Round, round: Round): boolean {
  return round <= current + ROUNDS_AHEAD && round >= current - ROUNDS_BEHIND
}

export function roundLog({ state }: Pick<Turn, 'state'>, round: Round): RoundLog | undefined {
  for (const log of state.rounds) if (log.round === round) return log
  return undefined
}

/** Whether this very message stands in its place: what it says was heard. */
export function isStored(state: ReplicaState, message: VerifiedMessage): boolean {
  const log = roundLog({ state }, message.round)
  if (!log) return false
  switch (message.type) {
    case 'pre-prepare':
      return log.proposal === message
    case 'prepare':
      return log.prepares.byMember.includes(message)
    case 'commit':
      return log.commits.byMember.includes(message)
    case 'round-change':
      return log.roundChanges.includes(message)
    case 'reject':
      return log.rejects.byMember.includes(message)
  }
}

/** What is remembered of a round: nothing yet, when it is new. */
export function logOf(turn: Turn, round: Round): RoundLog {
  return roundLog(turn, round) ?? emptyRound(committee(turn), round)
}

/** Puts the log in the place of the one of its round. */
export function putLog(turn: Turn, log: RoundLog): void {
  const { state } = turn
  const at = state.rounds.findIndex((each) => each.round === log.round)
  if (at >= 0) state.rounds = state.rounds.with(at, log)
  else state.rounds = [...state.rounds, log].sort((a, b) => a.round - b.round)
}

/** Drops rounds that are too far behind to matter. */
export function forgetOldRounds(turn: Turn): void {
  const { state } = turn
  const oldest = state.round - ROUNDS_BEHIND
  if (state.rounds.some((log) => log.round < oldest))
    state.rounds = state.rounds.filter((log) => log.round >= oldest)
}

export function storedVote(
  turn: Turn,
  type: Vote['type'],
  round: Round,
  member: number,
): VerifiedMessage<Vote> | undefined {
  const log = roundLog(turn, round)
  if (!log) return undefined
  switch (type) {
    case 'prepare':
      return log.prepares.byMember[member]
    case 'commit':
      return log.commits.byMember[member]
    case 'reject':
      return log.rejects.byMember[member]
  }
}

/** The slot must be free. */
export function storeVote(turn: Turn, member: number, vote: VerifiedMessage<Vote>) {
  const log = logOf(turn, vote.round)
  const power = committee(turn).powers[member]!
  switch (vote.type) {
    case 'prepare':
      return putLog(turn, { ...log, prepares: withVote(log.prepares, member, vote, power) })
    case 'commit':
      return putLog(turn, { ...log, commits: withVote(log.commits, member, vote, power) })
    case 'reject':
      return putLog(turn, { ...log, rejects: withVote(log.rejects, member, vote, power) })
  }
}

function withVote<M extends Vote>(
  table: VoteTable<M>,
  member: number,
  vote: VerifiedMessage<M>,
  power: bigint,
): VoteTable<M> {
  const { byMember, tallies } = table
  const { blockId } = vote
  const at = tallies.findIndex((tally) => tally.blockId === blockId)
  return {
    byMember: byMember.with(member, vote),
    tallies:
      at < 0
        ? [...tallies, { blockId, power }]
        : tallies.with(at, { blockId, power: tallies[at]!.power + power }),
  }
}

export function votedPower<M extends Vote>(table: VoteTable<M> | undefined, blockId: Hash): bigint {
  return table?.tallies.find((tally) => tally.blockId === blockId)?.power ?? 0n
}

/** The votes for one block, in member order. */
export function votesFor<M extends Vote>(table: VoteTable<M>, blockId: Hash): VerifiedMessage<M>[] {
  return table.byMember.filter((vote) => vote !== undefined).filter((vote) => vote.blockId === blockId)
}

/** The member's ROUND-CHANGE of exactly this round, when it is remembered. */
export function roundChangeAt(
  turn: Turn,
  round: Round,
  member: number,
): VerifiedMessage<RoundChange> | undefined {
  const latest = turn.state.latestRoundChanges[member]
  if (latest?.round === round) return latest
  return roundLog(turn, round)?.roundChanges[member]
}

/** Keeps it as the member's latest, and in its round when that is near. The slot must be free. */
export function storeRoundChange(turn: Turn, member: number, message: VerifiedMessage<RoundChange>): void {
  const { state } = turn
  const latest = state.latestRoundChanges[member]
  if (!latest || latest.round < message.round) {
    state.latestRoundChanges = state.latestRoundChanges.with(member, message)
  }
  if (!inWindow(state.round, message.round)) return
  const log = logOf(turn, message.round)
  putLog(turn, { ...log, roundChanges: log.roundChanges.with(member, message) })
}

/** ROUND-CHANGEs of exactly this round, in member order. */
export function roundChangesOf(turn: Turn, round: Round): VerifiedMessage<RoundChange>[] {
  const found: VerifiedMessage<RoundChange>[] = []
  const near = roundLog(turn, round)?.roundChanges
  const latest = turn.state.latestRoundChanges
  for (let member = 0; member < latest.length; member++) {
    const message = latest[member]?.round === round ? latest[member] : near?.[member]
    if (message) found.push(message)
  }
  return found
}

/** Power of the members whose ROUND-CHANGE of exactly this round is remembered. */
export function roundChangePower(turn: Turn, round: Round): bigint {
  const { powers } = committee(turn)
  const near = roundLog(turn, round)?.roundChanges
  const latest = turn.state.latestRoundChanges
  let power = 0n
  for (let member = 0; member < latest.length; member++)
    if (latest[member]?.round === round || near?.[member]) power += powers[member]!
  return power
}

/** Power of the members that are known to have reached this round or a later one. */
export function powerAtOrAbove(turn: Turn, round: Round): bigint {
  const { powers } = committee(turn)
  const latest = turn.state.latestRoundChanges
  let power = 0n
  for (let member = 0; member < latest.length; member++) {
    const message = latest[member]
    if (message && message.round >= round) power += powers[member]!
  }
  return power
}

/** Keeps a message of the next height, within the same bounds as those of this one. */
export function bufferForNextHeight(turn: Turn, message: VerifiedMessage, receivedAt: Instant): void {
  const { state } = turn
  const near = message.round < NEXT_HEIGHT_ROUNDS
  const sameSender = state.nextHeight.filter(
    (each) => each.message.sender === message.sender && each.message.type === message.type,
  )
  const entry: EarlyMessage = { message, receivedAt }
  if (near) {
    if (sameSender.some((each) => each.message.round === message.round)) return
  } else {
    if (message.type !== 'round-change') return
    const far = sameSender.find((each) => each.message.round >= NEXT_HEIGHT_ROUNDS)
    if (far && far.message.round >= message.round) return
    if (far) {
      state.nextHeight = state.nextHeight.map((each) => (each === far ? entry : each))
      return
    }
  }
  if (state.nextHeight.length < NEXT_HEIGHT_MESSAGES_LIMIT) state.nextHeight = [...state.nextHeight, entry]
}
