/** The sentence over one height: how far it is, and what is still needed. */
import type { ConsensusView, VoteView } from '../../node-core/node/node-api.ts'
import { integer, nameList, percent, secondsWords } from './format.ts'
import { failureWords } from './round-words.ts'

export function heightSentence(view: ConsensusView): string {
  if (view.committedMs !== null) return decided(view)
  if (!view.live) return failed(view)
  const proposed = view.votes.find((vote) => vote.prePrepareMs !== null)
  if (proposed === undefined && view.blockId === null) return `Waiting for ${view.proposerName} to propose.`
  if (view.preparedMs === null) {
    const at = proposed?.prePrepareMs
    const first = at === undefined || at === null ? 'Proposed.' : `Proposed at ${spanMs(at)}.`
    return `${first} Prepare ${needs(view, view.preparePower, (vote) => vote.prepareMs)}`
  }
  return `Prepared at ${spanMs(view.preparedMs)}. Commit ${needs(view, view.commitPower, (vote) => vote.commitMs)}`
}

/** "Round 0, the turn of Bodø, failed. No proposal within the round’s time. 87.9 % of the power asked for round 1." */
function failed(view: ConsensusView): string {
  const round = view.rounds.find((each) => each.round === view.round)
  if (round === undefined || round.failure === null)
    return `Left undecided by this tab in round ${view.round}.`
  const next = view.rounds.find((each) => each.round > view.round)
  const asked = next ? ` ${percent(next.askedPower)} of the power asked for round ${next.round}.` : ''
  return `Round ${view.round}, the turn of ${view.proposerName}, failed. ${failureWords(round.failure)}.${asked}`
}

function decided(view: ConsensusView): string {
  // Of a live height more commits may still arrive.
  const silent = view.live ? [] : view.votes.filter((vote) => vote.commitMs === null)
  const without =
    silent.length === 0
      ? ''
      : `, without ${nameList(
          silent.map((vote) => vote.name),
          3,
        )}`
  return `Decided after ${spanMs(view.committedMs!)} with ${percent(view.commitPower)} of the power${without}.`
}

function needs(view: ConsensusView, power: number, timeOf: (vote: VoteView) => number | null): string {
  const missing = view.quorumPower - power
  if (missing <= 0) return 'has enough of the power.'
  const open = view.votes.filter((vote) => timeOf(vote) === null && vote.silentSinceHeight === null)
  const enough = open.filter((vote) => vote.power >= missing).sort((a, b) => a.power - b.power)[0]
  const first = `needs ${percent(missing)} more of the power`
  if (enough !== undefined) return `${first}; ${enough.name} alone would do.`
  const reachable = open.reduce((sum, vote) => sum + vote.power, 0)
  if (reachable >= missing) return `${first}.`
  const silent = view.votes.filter((vote) => vote.silentSinceHeight !== null)
  if (silent.length === 0) return `${first}.`
  const heard =
    reachable === 0 ? 'all who are heard have voted' : `those still heard hold only ${percent(reachable)}`
  return `${first}, and ${heard}; ${nameList(
    silent.map((vote) => vote.name),
    3,
  )} must come back.`
}

function spanMs(ms: number): string {
  return ms < 1000 ? `${integer(ms)}\u00a0ms` : secondsWords(ms)
}
