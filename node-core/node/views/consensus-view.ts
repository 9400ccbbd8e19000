/** The live height, or one that this node lived through, as ConsensusView. */
import { formatAddress } from '../../protocol/address.ts'
import type { Address, Height } from '../../protocol/ids.ts'
import type { ValidatorSet } from '../../protocol/validator-set.ts'
import type { HeightRecord, RoundRecord } from '../consensus-recorder.ts'
import type { LiveNode } from '../live-node.ts'
import type { ConsensusView, RoundsView, VoteView } from '../node-api.ts'
import { millionths, nameOf } from './view-words.ts'

/** Two thirds, as millionths: a quorum needs more. */
const QUORUM_POWER = 666_667

export function consensusView(node: LiveNode, height?: Height): ConsensusView | null {
  const record = height === undefined ? node.recorder.newest : node.recorder.record(height)
  const round = record && shownRound(record)
  if (!record || !round) return null
  const { clock } = node.options
  const live = record.decided === null && record.height === node.chain.height + 1
  const proposer = record.decided?.proposer ?? record.schedule.proposerAt(record.height, round.round)
  const { state } = node.runner
  const timer = live && state.height === record.height ? state.timer : null
  const toWall = clock.wallMs() - clock.monotonicMs()
  return {
    height: record.height,
    round: round.round,
    live,
    startedAtMs: round.startedAtMs,
    nowMs: clock.wallMs(),
    proposer: formatAddress(proposer),
    proposerName: nameOf(node, proposer),
    timer: timer && { startedAtMs: Math.round(timer.startedAtMs + toWall), timeoutMs: timer.timeoutMs },
    blockId: record.decided?.blockId ?? round.blockId,
    transactionCount: record.decided?.transactionCount ?? null,
    preparedMs: round.preparedMs,
    committedMs: round.committedMs,
    preparePower: powerOf(record.set, round, 'prepare'),
    commitPower: powerOf(record.set, round, 'commit'),
    quorumPower: QUORUM_POWER,
    votes: record.set.members.map((member) => voteView(node, record, round, member.address, member.power)),
    evidence: record.evidence,
  }
}

export function roundsView(node: LiveNode, height: Height | undefined, limit: number): RoundsView {
  const { oldest, newest } = node.recorder.heights
  return {
    oldestHeight: oldest,
    newestHeight: newest,
    log: node.recorder
      .log(limit, height)
      .map((entry) => ({ ...entry, validator: entry.validator && formatAddress(entry.validator) })),
    consensus: height === undefined ? null : consensusView(node, height),
  }
}

/** The decided round, or the newest. */
function shownRound(record: HeightRecord): RoundRecord | undefined {
  const { decided, rounds } = record
  return (decided && rounds.find((each) => each.round === decided.round)) ?? rounds.at(-1)
}

function powerOf(set: ValidatorSet, round: RoundRecord, type: 'prepare' | 'commit'): number {
  const voted = set.members.reduce(
    (sum, member) => sum + (round.arrivals.get(member.address)?.[type] === undefined ? 0n : member.power),
    0n,
  )
  return millionths(voted, set.totalPower)
}

function voteView(
  node: LiveNode,
  record: HeightRecord,
  round: RoundRecord,
  address: Address,
  power: bigint,
): VoteView {
  const arrivals = round.arrivals.get(address) ?? {}
  const lastHeard = node.recorder.lastHeard(address)
  return {
    validator: formatAddress(address),
    name: nameOf(node, address),
    power: millionths(power, record.set.totalPower),
    prePrepareMs: arrivals['pre-prepare'] ?? null,
    prepareMs: arrivals.prepare ?? null,
    commitMs: arrivals.commit ?? null,
    roundChangeMs: arrivals['round-change'] ?? null,
    heartbeat: node.recorder.heartbeat(address),
    self: address === node.identity?.address,
    silentSinceHeight:
      lastHeard !== null && lastHeard.height < record.height - 1 ? lastHeard.height + 1 : null,
  }
}
