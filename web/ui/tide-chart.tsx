import type { ConsensusView } from '../../node-core/node/node-api.ts'
import { integer, percent } from '../i18n/format.ts'
import { PhaseMark } from './phase-mark.tsx'
import { type TidePhase, type TideStep, tideSpanMs, tideSteps } from './tide-steps.ts'

const ALL = 1_000_000
const WIDTH = 1000
const HEIGHT = 240
/** Two labels at the lines' ends need this much of the height between them, in percent. */
const LABEL_APART = 8
/** The quorum's label takes this share of the width; votes that stand there send it to the right end. */
const QUORUM_LABEL_SHARE = 0.14

export interface TideChartProps {
  readonly view: ConsensusView
}

/** Power over ms since the round began: one rising step curve a phase, with the quorum as a waterline. */
export function TideChart({ view }: TideChartProps) {
  const spanMs = tideSpanMs(view)
  const prepare = tideSteps(view, 'prepare')
  const commit = tideSteps(view, 'commit')
  const elapsed = view.nowMs - view.startedAtMs
  const lastMs = Math.max(0, ...prepare.map((step) => step.atMs), ...commit.map((step) => step.atMs))
  const running = view.live && view.committedMs === null
  const endMs = Math.min(spanMs, running ? Math.max(elapsed, lastMs) : lastMs)
  const crowdedLeft = (prepare[Math.floor(prepare.length / 2)]?.atMs ?? spanMs) / spanMs < QUORUM_LABEL_SHARE
  const left = (ms: number) => `${(ms / spanMs) * 100}%`
  const top = (power: number) => `${100 - (power / ALL) * 100}%`
  const proposal = view.votes.find((vote) => vote.prePrepareMs !== null)
  return (
    <div className="chart" role="img" aria-label={sentence(view)}>
      <div className="plot" style={{ height: 206 }}>
        {[0, 25, 50, 75, 100].map((value) => (
          <div key={value} className="grid-y" style={{ top: `${100 - value}%` }}>
            <i>{value === 100 ? '100 %' : value}</i>
          </div>
        ))}
        <Curves prepare={prepare} commit={commit} endMs={endMs} spanMs={spanMs} />
        <div
          className={crowdedLeft ? 'quorum-line at-end' : 'quorum-line'}
          style={{ top: top(view.quorumPower) }}
        >
          <i>quorum {percent(view.quorumPower)}</i>
        </div>
        {proposal && (
          <span
            className="point"
            title={`PRE-PREPARE from ${proposal.name}, ${proposal.prePrepareMs} ms`}
            style={{ left: left(proposal.prePrepareMs!), top: '100%' }}
          >
            <PhaseMark phase="preprepare" size={16} />
          </span>
        )}
        <Points steps={prepare} phase="prepare" left={left} top={top} />
        <Points steps={commit} phase="commit" left={left} top={top} />
        {view.preparedMs !== null && view.preparedMs / spanMs > 0.12 && (
          <i
            className="crossing"
            style={{ left: left(view.preparedMs), top: top(view.quorumPower), color: 'var(--phase-prepare)' }}
          >
            prepared, {integer(view.preparedMs)} ms
          </i>
        )}
        {running && (
          <div className={endMs / spanMs > 0.85 ? 'now-line flip' : 'now-line'} style={{ left: left(endMs) }}>
            <i>now, {integer(elapsed)} ms</i>
          </div>
        )}
        <Ends view={view} endShare={endMs / spanMs} />
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <span
            key={share}
            className={`tick-x ${share === 0 ? 'first' : share === 1 ? 'last' : ''}`}
            style={{ left: `${share * 100}%` }}
          >
            {integer(share * spanMs)}
            {share === 1 && ' ms'}
          </span>
        ))}
      </div>
    </div>
  )
}

interface CurvesProps {
  readonly prepare: readonly TideStep[]
  readonly commit: readonly TideStep[]
  readonly endMs: number
  readonly spanMs: number
}

function Curves({ prepare, commit, endMs, spanMs }: CurvesProps) {
  const line = (steps: readonly TideStep[]) => {
    const moves = steps.map(
      (step) =>
        `H${((step.atMs / spanMs) * WIDTH).toFixed(1)}V${(HEIGHT - (step.power / ALL) * HEIGHT).toFixed(1)}`,
    )
    return `M0 ${HEIGHT}${moves.join('')}H${((endMs / spanMs) * WIDTH).toFixed(1)}`
  }
  return (
    <svg className="lines" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
      <path d={`${line(prepare)}V${HEIGHT}z`} fill="var(--phase-prepare)" opacity=".09" />
      <path d={`${line(commit)}V${HEIGHT}z`} fill="var(--phase-commit)" opacity=".14" />
      <path d={line(prepare)} fill="none" stroke="var(--phase-prepare)" strokeWidth="1.75" />
      <path d={line(commit)} fill="none" stroke="var(--phase-commit)" strokeWidth="1.75" />
    </svg>
  )
}

interface PointsProps {
  readonly steps: readonly TideStep[]
  readonly phase: TidePhase
  readonly left: (ms: number) => string
  readonly top: (power: number) => string
}

/** Beyond this many votes the marks would hide the curve; own votes are always marked. */
const MARKED_AT_MOST = 30

function Points({ steps, phase, left, top }: PointsProps) {
  const marked = steps.length > MARKED_AT_MOST ? steps.filter((step) => step.own) : steps
  return marked.map((step) => (
    <span
      key={step.validator}
      className={step.own ? 'point mine' : 'point'}
      title={`${step.name}, ${step.atMs} ms`}
      style={{ left: left(step.atMs), top: top(step.power) }}
    >
      <PhaseMark phase={phase} />
    </span>
  ))
}

/** Labels at the lines' ends, in place of a legend; pushed apart when the lines end close together. */
function Ends({ view, endShare }: { readonly view: ConsensusView; readonly endShare: number }) {
  const before = endShare > 0.85
  const prepareTop = 100 - view.preparePower / 10_000
  const commitTop = Math.max(100 - view.commitPower / 10_000, prepareTop + LABEL_APART)
  const place = before ? 'line-end before' : 'line-end'
  const left = `${endShare * 100}%`
  return (
    <>
      {view.preparePower > 0 && (
        <span className={place} style={{ left, top: `${prepareTop}%`, color: 'var(--phase-prepare)' }}>
          prepare {percent(view.preparePower)}
        </span>
      )}
      {view.commitPower > 0 && (
        <span
          className={place}
          style={{ left, top: `${Math.min(commitTop, 100)}%`, color: 'var(--phase-commit)' }}
        >
          commit {percent(view.commitPower)}
        </span>
      )}
    </>
  )
}

function sentence(view: ConsensusView): string {
  const prepared =
    view.preparedMs === null
      ? `Prepare stands at ${percent(view.preparePower)}.`
      : `Prepare passed two thirds at ${integer(view.preparedMs)} ms.`
  const committed =
    view.committedMs === null
      ? `Commit stands at ${percent(view.commitPower)}.`
      : `Commit passed two thirds at ${integer(view.committedMs)} ms.`
  return `Power that has prepared and committed since the round began. ${prepared} ${committed} The votes table below has each arrival.`
}
