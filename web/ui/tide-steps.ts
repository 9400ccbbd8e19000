/** Steps of the tide: power that had voted by each moment of the round. */
import type { ConsensusView, VoteView } from '../../node-core/node/node-api.ts'

export interface TideStep {
  readonly validator: string
  readonly name: string
  readonly atMs: number
  /** Millionths, with this vote. */
  readonly power: number
  readonly own: boolean
}

export type TidePhase = 'prepare' | 'commit'

/** In order of arrival; ties by address, so that the curve is the same each time. */
export function tideSteps(view: ConsensusView, phase: TidePhase): readonly TideStep[] {
  const timeOf = (vote: VoteView) => (phase === 'prepare' ? vote.prepareMs : vote.commitMs)
  const voted = view.votes
    .filter((vote) => timeOf(vote) !== null)
    .sort((a, b) => timeOf(a)! - timeOf(b)! || (a.validator < b.validator ? -1 : 1))
  let power = 0
  return voted.map((vote) => {
    power += vote.power
    return { validator: vote.validator, name: vote.name, atMs: timeOf(vote)!, power, own: vote.self }
  })
}

/** A round number of ms that holds the round so far with a quarter to spare: 400, 800, 1000, 2000, 5000 … */
export function tideSpanMs(view: ConsensusView): number {
  const times = view.votes.flatMap((vote) => [vote.prepareMs ?? 0, vote.commitMs ?? 0])
  const latest = Math.max(
    0,
    ...times,
    view.live && view.committedMs === null ? view.nowMs - view.startedAtMs : 0,
  )
  const wanted = latest * 1.25
  return SPANS_MS.find((span) => span >= wanted) ?? Math.ceil(wanted / 10_000) * 10_000
}

const SPANS_MS = [400, 800, 1200, 2000, 4000, 8000, 20_000]
