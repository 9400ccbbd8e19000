/** Figures the pages show, derived from what this tab saw. Pure: the time is an argument. */
import type { BlockSummary, ConsensusView, VoteView } from '../../node-core/node/node-api.ts'

export type TimeRange = '5min' | '1h' | '24h'

export const RANGE_MS: Readonly<Record<TimeRange, number>> = {
  '5min': 5 * 60_000,
  '1h': 60 * 60_000,
  '24h': 24 * 60 * 60_000,
}

const SAMPLES_KEPT_MS = RANGE_MS['24h']
/** 24 h at one block a second. */
const SAMPLES_KEPT = 86_400

/** One block as this tab saw it. */
export interface Sample {
  readonly height: number
  readonly atMs: number
  readonly round: number
  /** null: decided before this tab was there. */
  readonly finalityMs: number | null
  /** null: not known to an observer. */
  readonly transactions: number | null
}

/** Blocks in order of height, one a height (the later word wins), the newest `limit`. */
export function mergeBlocks(
  held: readonly BlockSummary[],
  arrivals: readonly BlockSummary[],
  limit: number,
): readonly BlockSummary[] {
  const byHeight = new Map([...held, ...arrivals].map((block) => [block.height, block]))
  return [...byHeight.values()].sort((a, b) => a.height - b.height).slice(-limit)
}

/** Adds the blocks above the last sample and forgets what is older than a day. */
export function addSamples(
  samples: readonly Sample[],
  blocks: readonly BlockSummary[],
  nowMs: number,
): readonly Sample[] {
  const last = samples.at(-1)?.height ?? -1
  const fresh = blocks.filter((block) => block.height > last).map(sampleOf)
  if (fresh.length === 0) return samples
  const kept = [...samples, ...fresh].slice(-SAMPLES_KEPT)
  const first = kept.findIndex((sample) => sample.atMs >= nowMs - SAMPLES_KEPT_MS)
  return first <= 0 ? kept : kept.slice(first)
}

function sampleOf(block: BlockSummary): Sample {
  return {
    height: block.height,
    atMs: block.timestampMs,
    round: block.round,
    finalityMs: block.decisionMs,
    transactions: block.transactionCount,
  }
}

export interface RangeStats {
  readonly blocks: number
  readonly finalityP50Ms: number | null
  readonly finalityP95Ms: number | null
  readonly blockIntervalMs: number | null
  /** This and the two below are null where a block's are not known; the rate without two blocks to measure between too. */
  readonly transactions: number | null
  readonly transactionsPerSecond: number | null
  readonly transactionsLastMinute: number | null
  /** Heights that took more than one round, oldest first. */
  readonly secondRounds: readonly number[]
}

export function rangeStats(samples: readonly Sample[], range: TimeRange, nowMs: number): RangeStats {
  const within = samples.filter((sample) => sample.atMs >= nowMs - RANGE_MS[range])
  const finality = within.flatMap((sample) => sample.finalityMs ?? []).sort((a, b) => a - b)
  const transactions = total(within)
  const afterFirst = total(within.slice(1))
  const first = within[0]
  const last = within.at(-1)
  const spanMs = first && last ? last.atMs - first.atMs : 0
  return {
    blocks: within.length,
    finalityP50Ms: percentile(finality, 0.5),
    finalityP95Ms: percentile(finality, 0.95),
    blockIntervalMs: spanMs > 0 ? spanMs / (last!.height - first!.height) : null,
    transactions,
    transactionsPerSecond: spanMs > 0 && afterFirst !== null ? (afterFirst * 1000) / spanMs : null,
    transactionsLastMinute: total(within.filter((sample) => sample.atMs >= nowMs - 60_000)),
    secondRounds: within.filter((sample) => sample.round > 0).map((sample) => sample.height),
  }
}

/** null: of some it is not known. */
function total(samples: readonly Sample[]): number | null {
  return samples.reduce<number | null>(
    (sum, { transactions }) => (sum === null || transactions === null ? null : sum + transactions),
    0,
  )
}

/** Nearest rank over values in rising order; null of nothing. */
export function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  const rank = Math.max(1, Math.ceil(share * sorted.length))
  return sorted[rank - 1]!
}

export interface FinalityPoint {
  readonly atMs: number
  readonly p50Ms: number
  readonly p95Ms: number
}

/** Each point looks this many steps back, so that p95 has blocks to speak of. */
const LOOK_BACK_STEPS = 5

/** Median and 95th percentile over the range at equal steps; steps without a block near are left out. */
export function finalityCurve(
  samples: readonly Sample[],
  range: TimeRange,
  nowMs: number,
  steps = 100,
): readonly FinalityPoint[] {
  const stepMs = RANGE_MS[range] / steps
  const startMs = nowMs - RANGE_MS[range]
  const lived = samples.filter(
    (sample) => sample.finalityMs !== null && sample.atMs >= startMs - LOOK_BACK_STEPS * stepMs,
  )
  const points: FinalityPoint[] = []
  let from = 0
  let to = 0
  for (let step = 0; step <= steps; step++) {
    const atMs = startMs + step * stepMs
    while (to < lived.length && lived[to]!.atMs <= atMs) to++
    while (from < to && lived[from]!.atMs <= atMs - LOOK_BACK_STEPS * stepMs) from++
    if (from === to) continue
    const sorted = lived
      .slice(from, to)
      .map((sample) => sample.finalityMs!)
      .sort((a, b) => a - b)
    points.push({ atMs, p50Ms: percentile(sorted, 0.5)!, p95Ms: percentile(sorted, 0.95)! })
  }
  return points
}

/** Share of the power that has committed, 0 to 1, and full once decided: what the live disc shows. */
export function formingFraction(consensus: ConsensusView | null): number {
  if (consensus === null) return 0
  if (consensus.committedMs !== null) return 1
  return Math.min(1, Math.max(0, consensus.commitPower / 1_000_000))
}

export const QUORUM_MILLIONTHS = 666_667

/** A vote that came at least this much after the median one is late. */
const LATE_AFTER_MEDIAN_MS = 60
const LATE_FACTOR = 1.7

export type VoteMark = 'on-time' | 'late' | 'waiting' | 'missing'

export interface VoteMarks {
  readonly prepare: VoteMark
  readonly commit: VoteMark
}

/** What departs from normal in the votes of a height, by validator address. */
export function voteMarks(view: ConsensusView): ReadonlyMap<string, VoteMarks> {
  const prepareLate = lateFrom(view.votes.map((vote) => vote.prepareMs))
  const commitLate = lateFrom(view.votes.map((vote) => vote.commitMs))
  const over = !view.live
  return new Map(
    view.votes.map((vote) => {
      const gone = over || vote.silentSinceHeight !== null
      return [
        vote.validator,
        {
          prepare: markOf(vote.prepareMs, prepareLate, gone),
          commit: markOf(vote.commitMs, commitLate, gone),
        },
      ]
    }),
  )
}

function lateFrom(times: readonly (number | null)[]): number {
  const sorted = times.flatMap((time) => time ?? []).sort((a, b) => a - b)
  const median = percentile(sorted, 0.5)
  return median === null
    ? Number.POSITIVE_INFINITY
    : Math.max(median + LATE_AFTER_MEDIAN_MS, median * LATE_FACTOR)
}

function markOf(time: number | null, lateFromMs: number, gone: boolean): VoteMark {
  if (time !== null) return time >= lateFromMs ? 'late' : 'on-time'
  return gone ? 'missing' : 'waiting'
}

export type VoteFilter = 'all' | 'late' | 'missing'

export function votesWhere(view: ConsensusView, filter: VoteFilter): readonly VoteView[] {
  if (filter === 'all') return view.votes
  const marks = voteMarks(view)
  return view.votes.filter((vote) => {
    const mark = marks.get(vote.validator)!
    if (filter === 'late') return mark.prepare === 'late' || mark.commit === 'late'
    return mark.prepare === 'missing' || mark.commit === 'missing'
  })
}

/** Silent validators named by the live height, heaviest first. */
export function silentVotes(view: ConsensusView | null): readonly VoteView[] {
  if (view === null) return []
  return view.votes.filter((vote) => vote.silentSinceHeight !== null).sort((a, b) => b.power - a.power)
}
