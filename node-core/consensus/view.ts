/** A plain snapshot of a replica, for people to look at. Arrival times are kept by who receives the messages. */
import type { Address, Hash, Height, Round } from '../protocol/ids.ts'
import type { Instant } from './input.ts'
import { votedPower } from './message-log.ts'
import type { Committee } from './quorum.ts'
import type { ReplicaState, RoundLog } from './replica-state.ts'

export interface MemberVotes {
  readonly address: Address
  readonly power: bigint
  readonly self: boolean
  /** What it has said in the current round; a ROUND-CHANGE for a later round counts. */
  readonly prePrepare: boolean
  readonly prepare: boolean
  readonly commit: boolean
  readonly roundChange: boolean
  readonly reject: boolean
  /** Of its latest ROUND-CHANGE, wherever it is. */
  readonly latestRound: Round | null
}

export interface ReplicaDescription {
  readonly phase: ReplicaState['phase']
  readonly height: Height
  readonly round: Round
  readonly proposer: Address | null
  /** Monotonic ms. */
  readonly heightStartedAtMs: number
  readonly roundStartedAtMs: number
  readonly nowMs: number
  readonly timer: { readonly startedAtMs: number; readonly timeoutMs: number } | null
  readonly acceptedId: Hash | null
  readonly prepared: { readonly round: Round; readonly blockId: Hash } | null
  /** Whether this replica may sign at its height. */
  readonly signing: boolean
  readonly votes: readonly MemberVotes[]
  /** Voting power for the accepted block, and for leaving the round or being beyond it. */
  readonly preparePower: bigint
  readonly commitPower: bigint
  readonly roundChangePower: bigint
  readonly rejectPower: bigint
  readonly totalPower: bigint
  readonly waitingProposals: number
  readonly shownOffences: number
}

export function describeReplica(state: ReplicaState, at: Instant): ReplicaDescription {
  const { committee, accepted, prepared, height, round } = state
  const log = state.rounds.find((each) => each.round === round)
  const votes = committee
    ? committee.set.members.map((_, index) => describeMember(state, committee, log, index))
    : []
  const subject = accepted ?? log?.proposal?.blockId ?? null
  const powerOf = (table: RoundLog['prepares'] | RoundLog['commits'] | RoundLog['rejects'] | undefined) =>
    subject === null || !table ? 0n : votedPower(table as RoundLog['prepares'], subject)
  return {
    phase: state.phase,
    height,
    round,
    proposer: committee ? committee.schedule.proposerAt(height, round) : null,
    heightStartedAtMs: state.heightStartedAtMs,
    roundStartedAtMs: round === 0 ? state.startAtMs : state.roundStartedAtMs,
    nowMs: at.monotonicMs,
    timer: state.timer,
    acceptedId: accepted,
    prepared: prepared && { round: prepared.round, blockId: prepared.blockId },
    signing: maySign(state),
    votes,
    preparePower: powerOf(log?.prepares),
    commitPower: powerOf(log?.commits),
    roundChangePower: votes.reduce((sum, each) => (each.roundChange ? sum + each.power : sum), 0n),
    rejectPower: powerOf(log?.rejects),
    totalPower: committee?.totalPower ?? 0n,
    waitingProposals: state.waiting.length,
    shownOffences: state.shownOffences.length,
  }
}

function describeMember(
  state: ReplicaState,
  committee: Committee,
  log: RoundLog | undefined,
  index: number,
): MemberVotes {
  const { address, power } = committee.set.members[index]!
  const latestRound = state.latestRoundChanges[index]?.round ?? null
  return {
    address,
    power,
    self: address === state.self,
    prePrepare: log?.proposal?.sender === address,
    prepare: log?.prepares.byMember[index] !== undefined,
    commit: log?.commits.byMember[index] !== undefined,
    roundChange: latestRound !== null && latestRound >= state.round,
    reject: log?.rejects.byMember[index] !== undefined,
    latestRound,
  }
}

function maySign(state: ReplicaState): boolean {
  const bound = state.signFromHeight ?? 0
  return state.selfIndex >= 0 && state.height >= bound && (state.peerAheadHeight ?? -1) < state.height
}
