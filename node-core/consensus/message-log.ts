/** Bounded memory of verified messages (rule 9): one per sender, round and type, and the latest ROUND-CHANGE of each. */
import type { Hash, Round } from '../protocol/ids.ts'
import type { RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import type { Instant } from './input.ts'
import { NEXT_HEIGHT_MESSAGES_LIMIT, NEXT_HEIGHT_ROUNDS, ROUNDS_AHEAD, ROUNDS_BEHIND } from './limits.ts'
import type { Committee } from './quorum.ts'
import type { EarlyMessage, RoundLog, Vote, VoteTable } from './replica-state.ts'
import { committee, type Turn } from './turn.ts'

const VOTE_TABLES = { prepare: 'prepares', commit: 'commits', reject: 'rejects' } as const

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

export function roundLog(turn: Turn, round: Round): RoundLog | undefined {
  for (const log of turn.state.rounds) if (log.round === round) return log
  return undefined
}

/** Replaces the round's log by one with these fields; makes it when it is new. */
export function updateRound(turn: Turn, round: Round, fields: Partial<RoundLog>): void {
  const { state } = turn
  const known = roundLog(turn, round)
  const next = { ...(known ?? emptyRound(committee(turn), round)), ...fields }
  if (known) state.rounds = state.rounds.with(state.rounds.indexOf(known), next)
  else state.rounds = [...state.rounds, next].sort((a, b) => a.round - b.round)
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
  return roundLog(turn, round)?.[VOTE_TABLES[type]].byMember[member]
}

/** The slot must be free. */
export function storeVote(turn: Turn, member: number, vote: VerifiedMessage<Vote>) {
  const log = roundLog(turn, vote.round) ?? emptyRound(committee(turn), vote.round)
  const power = committee(turn).powers[member]!
  switch (vote.type) {
    case 'prepare':
      return updateRound(turn, vote.round, { prepares: withVote(log.prepares, member, vote, power) })
    case 'commit':
      return updateRound(turn, vote.round, { commits: withVote(log.commits, member, vote, power) })
    case 'reject':
      return updateRound(turn, vote.round, { rejects: withVote(log.rejects, member, vote, power) })
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
  const known = roundLog(turn, message.round)?.roundChanges ?? committee(turn).nobody
  updateRound(turn, message.round, { roundChanges: known.with(member, message) })
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

/** Power of the members that are known to have reached this round or a later one. */
export function powerAtOrAbove(turn: Turn, round: Round): bigint {
  const { powers } = committee(turn)
  let power = 0n
  turn.state.latestRoundChanges.forEach((message, member) => {
    if (message && message.round >= round) power += powers[member]!
  })
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
