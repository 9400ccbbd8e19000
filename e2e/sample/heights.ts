/** Votes and blocks of any height of the sample network, computed from the height alone. */
import type {
  BlockSummary,
  ConsensusView,
  Heartbeat,
  RoundView,
  VoteView,
} from '../../node-core/node/node-api.ts'
import { chance, FIRST_HEIGHT, hexOf, type Member } from './people.ts'

export const INTERVAL_MS = 2000
export const QUORUM = 666_667
const TIMEOUT_MS = 4000
const SECOND_ROUNDS = [48_211, 48_196]

/** The first height shown, as drawn by the designer: prepare and commit arrivals, ms. */
const DRAWN: Readonly<Record<string, readonly [number | null, number | null]>> = {
  Lodestone: [96, 219],
  Kestrel: [71, 201],
  Marram: [121, 247],
  Tern: [148, 293],
  Pellworm: [163, 330],
  Skerry: [214, 371],
  Nightjar: [68, 152],
  Ostrava: [286, 402],
}

interface Arrivals {
  readonly prepare: number | null
  readonly commit: number | null
}

export interface Chain {
  readonly members: readonly Member[]
  /** Epoch ms when the round of FIRST_HEIGHT began. */
  readonly originMs: number
}

export function proposerOf({ members }: Chain, height: number, round = 0): Member {
  if (round < roundOf(height)) return members.find((member) => member.silentSince !== null) ?? members[0]!
  if (height === FIRST_HEIGHT && round === 0)
    return members.find((member) => member.name === 'Kestrel') ?? members[0]!
  const ready = members.filter((member) => round === 0 || member.silentSince === null)
  const share = chance('proposer', height, round) * ready.reduce((sum, member) => sum + member.power, 0)
  const awake = memberAt(ready, share)
  return awake.silentSince !== null && height > awake.silentSince ? members[height % 5]! : awake
}

/** Whose stretch of the powers, laid end to end, holds the point. */
function memberAt(members: readonly Member[], point: number): Member {
  let end = 0
  for (const member of members) {
    end += member.power
    if (end > point) return member
  }
  return members[0]!
}

function isSilent(member: Member, height: number): boolean {
  return member.silentSince !== null && height >= member.silentSince
}

function arrivals(chain: Chain, height: number): ReadonlyMap<string, Arrivals> {
  const drawn = height === FIRST_HEIGHT && chain.members.length === 9
  const prepare = new Map<string, number | null>()
  for (const member of chain.members) {
    const slowBy = member.slow && chance('slow', height, member.name) < 0.4 ? 150 : 0
    const at = Math.round(62 + chance('prepare', height, member.name) * 120 + slowBy)
    prepare.set(member.address, isSilent(member, height) ? null : drawn ? DRAWN[member.name]![0] : at)
  }
  const prepared = quorumAt(chain, (member) => prepare.get(member.address) ?? null)
  return new Map(
    chain.members.map((member) => {
      const own = prepare.get(member.address) ?? null
      if (prepared === null) return [member.address, { prepare: own, commit: null }]
      const at =
        own === null
          ? null
          : Math.round(Math.max(own, prepared) + 20 + chance('commit', height, member.name) * 140)
      return [member.address, { prepare: own, commit: drawn && own !== null ? DRAWN[member.name]![1] : at }]
    }),
  )
}

/** When power that had voted passed the quorum; null: never. */
function quorumAt(chain: Chain, timeOf: (member: Member) => number | null): number | null {
  const voted = chain.members
    .filter((member) => timeOf(member) !== null)
    .sort((a, b) => timeOf(a)! - timeOf(b)!)
  let power = 0
  for (const member of voted) {
    power += member.power
    if (power >= QUORUM) return timeOf(member)
  }
  return null
}

export function startedAt(chain: Chain, height: number): number {
  return chain.originMs + (height - FIRST_HEIGHT) * INTERVAL_MS
}

export function roundOf(height: number): number {
  return SECOND_ROUNDS.includes(height) ? 1 : 0
}

/** The height `elapsed` ms after its round began; Infinity for a past one. */
export function consensusAt(
  chain: Chain,
  height: number,
  elapsed: number,
  round = roundOf(height),
): ConsensusView {
  const failed = round < roundOf(height)
  const times = arrivals(chain, height)
  const until = (time: number | null) => (time !== null && time <= elapsed && !failed ? time : null)
  const proposer = proposerOf(chain, height, round)
  const proposedMs = height === FIRST_HEIGHT ? 64 : Math.round(48 + chance('proposal', height) * 20)
  const proposed = proposedMs <= elapsed && !isSilent(proposer, height) && !failed
  const votes = chain.members.map(
    (member): VoteView => ({
      validator: member.address,
      name: member.name,
      power: member.power,
      prePrepareMs: member === proposer && proposed ? proposedMs : null,
      prepareMs: until(times.get(member.address)!.prepare),
      commitMs: until(times.get(member.address)!.commit),
      roundChangeMs: null,
      otherBlock: null,
      rejected: null,
      heartbeat: heartbeat(chain, member, height),
      self: member.self,
      silentSinceHeight: isSilent(member, height) ? member.silentSince : null,
    }),
  )
  const preparePower = powerOf(votes, (vote) => vote.prepareMs)
  const preparedMs = quorumAt(chain, (member) => until(times.get(member.address)!.prepare))
  const committedMs = quorumAt(chain, (member) => until(times.get(member.address)!.commit))
  const started = startedAt(chain, height)
  return {
    height,
    round,
    live: Number.isFinite(elapsed),
    startedAtMs: started,
    nowMs: Number.isFinite(elapsed) ? started + elapsed : started + INTERVAL_MS,
    proposer: proposer.address,
    proposerName: proposer.name,
    timer: Number.isFinite(elapsed) ? { startedAtMs: started, timeoutMs: TIMEOUT_MS * 2 ** round } : null,
    blockId: proposed ? hexOf(32, 'block', height) : null,
    transactionCount: proposed ? transactionsIn(height) : null,
    preparedMs,
    committedMs,
    preparePower,
    commitPower: powerOf(votes, (vote) => vote.commitMs),
    quorumPower: QUORUM,
    votes,
    rounds: roundsAt(chain, height, round),
    evidence: 0,
  }
}

/** Rounds up to the one shown, or to the one that decided. */
function roundsAt(chain: Chain, height: number, shown: number): readonly RoundView[] {
  const last = Math.max(shown, roundOf(height))
  return Array.from({ length: last + 1 }, (_, round): RoundView => {
    const proposer = proposerOf(chain, height, round)
    const asked = round === 0 ? [] : chain.members.filter((member) => !isSilent(member, height))
    const decided = round === roundOf(height) && height < FIRST_HEIGHT
    return {
      round,
      startedAtMs: startedAt(chain, height) + round * TIMEOUT_MS,
      proposer: proposer.address,
      proposerName: proposer.name,
      blockId: decided ? hexOf(32, 'block', height) : null,
      outcome: round < last ? 'failed' : decided ? 'decided' : 'running',
      failure: round < last ? { cause: 'no-proposal', code: null, leftBy: 'timeout' } : null,
      asked: asked.map((member) => ({
        validator: member.address,
        name: member.name,
        power: member.power,
        afterMs: Math.round(TIMEOUT_MS + 3 + chance('asked', height, member.name) * 90),
      })),
      askedPower: asked.reduce((sum, member) => sum + member.power, 0),
    }
  })
}

function powerOf(votes: readonly VoteView[], timeOf: (vote: VoteView) => number | null): number {
  return votes.reduce((sum, vote) => (timeOf(vote) === null ? sum : sum + vote.power), 0)
}

export function transactionsIn(height: number): number {
  if (height === FIRST_HEIGHT) return 41
  return roundOf(height) > 0 ? 86 : Math.round(14 + chance('transactions', height) * 50)
}

export function heartbeat(chain: Chain, member: Member, before: number): readonly Heartbeat[] {
  return Array.from({ length: 50 }, (_, index) => {
    const height = before - 50 + index
    return { height, mark: beatMark(chain, member, height) }
  })
}

function beatMark(chain: Chain, member: Member, height: number): Heartbeat['mark'] {
  if (isSilent(member, height)) return 'missed'
  if (proposerOf(chain, height, roundOf(height)) === member) return 'proposed'
  const luck = chance('beat', height, member.name)
  if (luck < 0.006) return 'missed'
  return luck < (member.slow ? 0.15 : 0.01) ? 'late' : 'signed'
}

export function blockAt(chain: Chain, height: number): BlockSummary {
  const round = roundOf(height)
  const view = consensusAt(chain, height, Number.POSITIVE_INFINITY, round)
  const tookMs = (view.committedMs ?? 400) + round * 4100 + Math.round(chance('took', height) * 90)
  const proposer = proposerOf(chain, height, round)
  return {
    height,
    blockId: hexOf(32, 'block', height),
    parentId: hexOf(32, 'block', height - 1),
    timestampMs: startedAt(chain, height) + 500,
    proposer: proposer.address,
    proposerName: proposer.name,
    validatorsHash: hexOf(32, 'validators', Math.floor(height / 120)),
    nextValidatorsHash: hexOf(32, 'validators', Math.floor((height + 1) / 120)),
    transactionsRoot: hexOf(32, 'transactions', height),
    receiptsRoot: hexOf(32, 'receipts', height),
    stateRoot: hexOf(32, 'state', height),
    gasUsed: transactionsIn(height) * 21_000,
    gasLimit: 10_000_000,
    baseFeePerGas: '108',
    randomness: hexOf(32, 'randomness', height),
    round,
    epoch: Math.floor(height / 120),
    transactionCount: transactionsIn(height),
    decisionMs: tookMs,
    ownCommit: height !== 48_202,
    signedPower: view.commitPower,
  }
}
