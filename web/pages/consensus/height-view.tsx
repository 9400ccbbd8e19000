import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { ConsensusView, RoundsView } from '../../../node-core/node/node-api.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer, secondsFigure } from '../../i18n/format.ts'
import { heightSentence } from '../../i18n/height-sentence.ts'
import { Unit } from '../../ui/amount.tsx'
import { KeyValues } from '../../ui/figure.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Id } from '../../ui/id.tsx'
import { PhaseMark } from '../../ui/phase-mark.tsx'
import { TideChart } from '../../ui/tide-chart.tsx'
import { AskedBy, RoundsBar } from './rounds-bar.tsx'
import { VotesTable } from './votes-table.tsx'

/** Loaded when it is opened. */
const MessagesDrawer = lazy(async () => ({ default: (await import('./messages-drawer.tsx')).MessagesDrawer }))

export interface HeightViewProps {
  readonly view: ConsensusView
  /** The same as it arrived, without the clock that moves: what needs no redraw between events. */
  readonly arrived: ConsensusView
  readonly liveHeight: number | null
  /** How far back this tab knows votes and raw messages; null: not asked, for the live height. */
  readonly kept: RoundsView | null
}

/** One height: its number, proposer, round timer, sentence, tide, phases and votes. */
export function HeightView({ view, arrived, liveHeight, kept }: HeightViewProps) {
  const [raw, setRaw] = useUrlState<string>('raw', '')
  const navigate = useNavigate()
  const openRound = (round: number) =>
    void navigate({
      to: '/consensus',
      resetScroll: false,
      search: (before: Record<string, unknown>) => ({
        ...before,
        height: view.height,
        round,
        raw: undefined,
      }),
    } as unknown as Parameters<typeof navigate>[0])
  return (
    <>
      <Head view={view} liveHeight={liveHeight} kept={kept} />
      <p className="voice mb-5 max-w-none text-[1.5rem] max-phone:text-[1.3125rem]">{heightSentence(view)}</p>
      <RoundsBar view={view} onRound={openRound} />
      <div className="cols" style={{ gridTemplateColumns: 'minmax(0, 1fr) 268px' }}>
        <TideChart view={view} />
        <Phases view={view} />
      </div>
      <VotesTable view={arrived} kept={kept} onRaw={() => setRaw('all')} />
      <AskedBy view={arrived} />
      {raw !== '' && (
        <Suspense fallback={null}>
          <MessagesDrawer view={arrived} shown={raw} onShow={setRaw} onClose={() => setRaw('')} />
        </Suspense>
      )}
    </>
  )
}

function Head({ view, liveHeight, kept }: Omit<HeightViewProps, 'arrived'>) {
  const oldest = kept?.oldestHeight ?? 1
  return (
    <div className="pagehead">
      <div>
        <p className="lab mb-0.5">
          {view.height === liveHeight ? 'Live height' : 'Height'}, round {view.round}
        </p>
        <h1 className="text-hero" style={{ fontWeight: 540, letterSpacing: '-0.025em', lineHeight: 1 }}>
          <span className="sr">Consensus, height </span>
          {integer(view.height)}
        </h1>
      </div>
      <div className="flex gap-1 pb-0.5">
        <Step
          label="Height before"
          to={view.height > oldest ? view.height - 1 : null}
          icon={<ChevronLeft size={16} aria-hidden />}
        />
        <Step
          label="Height after"
          to={liveHeight === null || view.height >= liveHeight ? null : view.height + 1}
          live={liveHeight === view.height + 1}
          icon={<ChevronRight size={16} aria-hidden />}
        />
        {!view.live && (
          <Link className="btn quiet" to="/consensus">
            Live
          </Link>
        )}
      </div>
      <span className="grow-spacer flex-1" />
      <div className="flex flex-wrap items-end gap-7">
        <div>
          <span className="lab">Proposer</span>
          <Link className="who" to={`/validators/${view.proposer}`}>
            <Flag address={view.proposer} size={20} />
            <b>{view.proposerName}</b>
          </Link>
        </div>
        <RoundTimer view={view} />
      </div>
    </div>
  )
}

interface StepProps {
  readonly label: string
  /** null: there is none. */
  readonly to: number | null
  readonly live?: boolean
  readonly icon: React.ReactNode
}

function Step({ label, to, live = false, icon }: StepProps) {
  if (to === null)
    return (
      <button type="button" className="btn quiet" aria-label={label} disabled>
        {icon}
      </button>
    )
  return (
    <Link
      className="btn quiet"
      aria-label={label}
      to="/consensus"
      search={
        ((before: Record<string, unknown>) => ({
          ...before,
          height: live ? undefined : to,
          round: undefined,
        })) as never
      }
      resetScroll={false}
    >
      {icon}
    </Link>
  )
}

/** How much of the round's time is left; for a decided height, how long it took. */
function RoundTimer({ view }: { readonly view: ConsensusView }) {
  const { timer } = view
  const width = { width: 168 }
  if (view.committedMs !== null)
    return (
      <div style={width}>
        <span className="lab">Decided after</span>
        <span className="text-md font-medium">
          {integer(view.committedMs)}
          <Unit>ms</Unit>
        </span>
      </div>
    )
  if (timer === null || !view.live)
    return (
      <div style={width}>
        <span className="lab">Round timer</span>
        <span className="faint text-sm">{view.live ? 'not started' : 'stopped'}</span>
      </div>
    )
  const leftMs = Math.max(0, timer.startedAtMs + timer.timeoutMs - view.nowMs)
  const spent = 1 - leftMs / timer.timeoutMs
  return (
    <div style={width}>
      <span className="lab flex justify-between gap-2 whitespace-nowrap">
        Round timer
        <span>
          {(leftMs / 1000).toFixed(1)} s left of {Number(secondsFigure(timer.timeoutMs))}
        </span>
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: the element itself cannot be drawn as designed */}
      <div
        className="meter mt-[7px] mb-1"
        role="meter"
        aria-label="Round timer"
        aria-valuemin={0}
        aria-valuemax={timer.timeoutMs}
        aria-valuenow={timer.timeoutMs - leftMs}
        aria-valuetext={`${Math.ceil(leftMs / 1000)} s left`}
      >
        <i
          style={{
            width: `${Math.min(100, spent * 100)}%`,
            background: leftMs === 0 ? 'var(--warn)' : undefined,
          }}
        />
      </div>
    </div>
  )
}

function Phases({ view }: { readonly view: ConsensusView }) {
  const proposal = view.votes.find((vote) => vote.prePrepareMs !== null)?.prePrepareMs ?? null
  // A round that is over waits for nothing.
  const without = view.live ? 'waiting' : 'none'
  const voted = view.votes.filter((vote) => vote.prepareMs !== null || vote.commitMs !== null).length
  return (
    <KeyValues
      rows={[
        phaseRow('preprepare', 'Pre-prepare', proposal, without),
        phaseRow('prepare', 'Prepared', view.preparedMs, without),
        phaseRow('commit', 'Committed', view.committedMs, without),
        [
          'Transactions',
          view.transactionCount === null ? without : integer(view.transactionCount),
          view.transactionCount === null ? 'faint' : undefined,
        ],
        [
          'Block',
          view.blockId === null ? without : <Id key="id" value={view.blockId} kind="block id" />,
          view.blockId === null ? 'faint' : undefined,
        ],
        ['Has voted', `${voted} of ${view.votes.length}`],
        [
          'Evidence',
          view.evidence === 0 ? 'none' : integer(view.evidence),
          view.evidence === 0 ? 'faint' : 'text-bad',
        ],
      ]}
    />
  )
}

function phaseRow(
  phase: 'preprepare' | 'prepare' | 'commit',
  name: string,
  atMs: number | null,
  without: string,
) {
  const label = (
    <span className="who">
      <PhaseMark phase={atMs === null ? 'waiting' : phase} />
      {name}
    </span>
  )
  if (atMs === null) return [label, without, 'faint'] as const
  return [
    label,
    <>
      {integer(atMs)}
      <Unit>ms</Unit>
    </>,
  ] as const
}
