/** The live height, or one that this node lived through, as ConsensusView. */
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height, Round } from '../../protocol/ids.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import type { RoundFailure, RoundView } from '../consensus-api.ts'
import type { LogEntry } from '../consensus-recorder.ts'
import { RECORDED_MESSAGE_BYTES } from '../constants.ts'
import { askedPower, failureOf, type HeightRecord, type RoundRecord } from '../height-record.ts'
import type { LiveNode } from '../live-node.ts'
import type { ConsensusView, RoundLogEntry, RoundsView, VoteView } from '../node-api.ts'
import { messageViews } from './message-view.ts'
import { millionths, nameOf } from './view-words.ts'

/** Two thirds, as millionths: a quorum needs more. */
const QUORUM_POWER = 666_667

/** Of a round that was asked for, else of the decided one, else of the newest. */
export function consensusView(node: LiveNode, height?: Height, askedRound?: Round): ConsensusView | null {
  const record = height === undefined ? node.recorder.newest : node.recorder.record(height)
  const round = record && shownRound(record, askedRound)
  if (!record || !round) return null
  const { clock } = node.options
  // Decided in a round that was not lived through: the newest one stands for it.
  const decidedHere =
    record.decided !== null && (record.decided.round === round.round || askedRound === undefined)
  const live =
    record.decided === null && record.height === node.chain.height + 1 && round === record.rounds.at(-1)
  const proposer = decidedHere
    ? record.decided!.proposer
    : record.schedule.proposerAt(record.height, round.round)
  const { state } = node.runner
  const timer = live && state.height === record.height ? state.timer : null
  const toWall = clock.wallMs() - clock.monotonicMs()
  const blockId = decidedHere ? record.decided!.blockId : round.blockId
  return {
    height: record.height,
    round: round.round,
    live,
    startedAtMs: round.startedAtMs,
    nowMs: clock.wallMs(),
    proposer: formatAddress(proposer),
    proposerName: nameOf(node, proposer),
    timer: timer && { startedAtMs: Math.round(timer.startedAtMs + toWall), timeoutMs: timer.timeoutMs },
    blockId,
    transactionCount: decidedHere ? record.decided!.transactionCount : null,
    preparedMs: round.preparedMs,
    committedMs: round.committedMs,
    preparePower: powerOf(record.set, round, 'prepare'),
    commitPower: powerOf(record.set, round, 'commit'),
    quorumPower: QUORUM_POWER,
    votes: record.set.members.map((member) =>
      voteView({ node, record, round, blockId }, member.address, member.power),
    ),
    rounds: record.rounds.map((each) => roundView(node, record, each)),
    evidence: record.evidence,
  }
}

export interface RoundsQuestion {
  readonly height?: Height
  readonly round?: Round
  readonly messages?: boolean
  readonly limit: number
}

export function roundsView(node: LiveNode, { height, round, messages, limit }: RoundsQuestion): RoundsView {
  const { oldest, newest } = node.recorder.heights
  const view = {
    oldestHeight: oldest,
    newestHeight: newest,
    rawMessages: { oldestHeight: node.recorder.oldestRawHeight, budgetBytes: RECORDED_MESSAGE_BYTES },
    log: node.recorder.log(limit, height).map((entry) => logEntryView(node, entry)),
    consensus: height === undefined ? null : consensusView(node, height, round),
  }
  const record = height === undefined ? undefined : node.recorder.record(height)
  const shown = record && shownRound(record, round)
  return messages === true && record && shown
    ? { ...view, messages: messageViews(node, record, shown) }
    : view
}

function logEntryView(node: LiveNode, entry: LogEntry): RoundLogEntry {
  const { atMs, height, round, kind, reason, validator, failure, asked, recovered } = entry
  return {
    atMs,
    height,
    round,
    kind,
    reason,
    validator: validator && formatAddress(validator),
    failure,
    askedPower: asked && millionths(asked.power, asked.of),
    recovered: recovered && {
      round: recovered.round,
      afterMs: recovered.afterMs,
      proposer: formatAddress(recovered.proposer),
      proposerName: nameOf(node, recovered.proposer),
    },
  }
}

function roundView(node: LiveNode, record: HeightRecord, round: RoundRecord): RoundView {
  const decided = record.decided?.round === round.round
  const failure: RoundFailure | null = decided ? null : failureOf(record, round.round)
  const proposer = record.schedule.proposerAt(record.height, round.round)
  const before = record.rounds.find((each) => each.round === round.round - 1)
  const power = new Map(record.set.members.map((member) => [member.address, member.power]))
  return {
    round: round.round,
    startedAtMs: round.startedAtMs,
    proposer: formatAddress(proposer),
    proposerName: nameOf(node, proposer),
    blockId: decided ? record.decided!.blockId : round.blockId,
    outcome: decided ? 'decided' : failure || record.decided ? 'failed' : 'running',
    failure,
    asked: [...(record.asked.get(round.round) ?? [])].map(([address, atMonotonicMs]) => ({
      validator: formatAddress(address),
      name: nameOf(node, address),
      power: millionths(power.get(address) ?? 0n, record.set.totalPower),
      afterMs: before ? Math.max(0, Math.round(atMonotonicMs - before.startedMonotonicMs)) : null,
    })),
    askedPower: millionths(askedPower(record, round.round), record.set.totalPower),
  }
}

function shownRound(record: HeightRecord, asked?: Round): RoundRecord | undefined {
  const { decided, rounds } = record
  if (asked !== undefined) return rounds.find((each) => each.round === asked)
  return (decided && rounds.find((each) => each.round === decided.round)) ?? rounds.at(-1)
}

function powerOf(set: ValidatorSet, round: RoundRecord, type: 'prepare' | 'commit'): number {
  const voted = set.members.reduce(
    (sum, member) => sum + (round.arrivals.get(member.address)?.[type] === undefined ? 0n : member.power),
    0n,
  )
  return millionths(voted, set.totalPower)
}

interface Shown {
  readonly node: LiveNode
  readonly record: HeightRecord
  readonly round: RoundRecord
  readonly blockId: string | null
}

function voteView({ node, record, round, blockId }: Shown, address: Address, power: bigint): VoteView {
  const arrivals = round.arrivals.get(address) ?? {}
  const lastHeard = node.recorder.lastHeard(address)
  const votedFor = round.votedFor.get(address) ?? null
  return {
    validator: formatAddress(address),
    name: nameOf(node, address),
    power: millionths(power, record.set.totalPower),
    prePrepareMs: arrivals['pre-prepare'] ?? null,
    prepareMs: arrivals.prepare ?? null,
    commitMs: arrivals.commit ?? null,
    roundChangeMs: arrivals['round-change'] ?? null,
    otherBlock: votedFor !== blockId ? votedFor : null,
    rejected: round.rejects.get(address) ?? null,
    heartbeat: node.recorder.heartbeat(address),
    self: address === node.identity?.address,
    silentSinceHeight:
      lastHeard !== null && lastHeard.height < record.height - 1 ? lastHeard.height + 1 : null,
  }
}
