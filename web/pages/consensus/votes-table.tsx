import { Link, useNavigate } from '@tanstack/react-router'
import { Crown, TriangleAlert } from 'lucide-react'
import { memo, useMemo } from 'react'
import type { ConsensusView, RoundsView, VoteView } from '../../../node-core/node/node-api.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { integer } from '../../i18n/format.ts'
import { rawReachWords } from '../../i18n/round-words.ts'
import { type VoteFilter, type VoteMark, type VoteMarks, voteMarks, votesWhere } from '../../store/derive.ts'
import { Unit } from '../../ui/amount.tsx'
import { Button } from '../../ui/button.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Heartbeat } from '../../ui/heartbeat.tsx'
import { shortId } from '../../ui/id-words.ts'
import { Percent } from '../../ui/percent.tsx'
import { PhaseMark } from '../../ui/phase-mark.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { MarksKey } from './marks-key.tsx'

/** Fewer signed of the last fifty than this is said in red. */
const SIGNED_LOW_SHARE = 0.6

export interface VotesTableProps {
  readonly view: ConsensusView
  /** How far back raw messages reach; null: they are all here. */
  readonly kept: Pick<RoundsView, 'rawMessages'> | null
  /** Opens what was signed in this round. */
  readonly onRaw: () => void
}

const CLOCKS = [
  { value: 'round', words: 'From round' },
  { value: 'proposal', words: 'From proposal' },
] as const

/** Who voted when; the table twin of the tide. */
export const VotesTable = memo(function VotesTable({ view, kept, onRaw }: VotesTableProps) {
  const [filter, setFilter] = useUrlState<VoteFilter>('votes', 'all')
  const [clock, setClock] = useUrlState<'round' | 'proposal'>('clock', 'round')
  const proposedMs = view.votes.find((vote) => vote.prePrepareMs !== null)?.prePrepareMs ?? null
  const zeroMs = clock === 'proposal' && proposedMs !== null ? proposedMs : 0
  const navigate = useNavigate()
  const marks = useMemo(() => voteMarks(view), [view])
  const rows = votesWhere(view, filter)
  const open = (height: number) =>
    void navigate({ href: `/consensus?height=${height}`, resetScroll: false } as Parameters<
      typeof navigate
    >[0])
  const choices = [
    { value: 'all', words: `All ${view.votes.length}` },
    { value: 'late', words: `Late ${votesWhere(view, 'late').length}` },
    { value: 'missing', words: `Missing ${votesWhere(view, 'missing').length}` },
  ] as const
  return (
    <Section
      title="Votes"
      note={
        <span className="hide-phone">
          Arrival after the {zeroMs > 0 ? 'proposal came' : 'round began'}, by this tab’s clock
        </span>
      }
      end={
        <span className="flex flex-wrap items-center gap-2">
          <ToggleGroup label="Times count" choices={CLOCKS} value={clock} onChange={setClock} />
          <ToggleGroup label="Votes shown" choices={choices} value={filter} onChange={setFilter} />
          <Button look="quiet" onClick={onRaw}>
            Raw messages
          </Button>
        </span>
      }
    >
      {rows.length === 0 ? (
        <Empty sentence={filter === 'late' ? 'No vote is late.' : 'No vote is missing.'} />
      ) : (
        <DataTable
          caption={`Votes at height ${integer(view.height)}`}
          className="votes"
          columns={columns(view, marks, zeroMs, open)}
          rows={rows}
          rowKey={(vote) => vote.validator}
          isMine={(vote) => vote.self}
        />
      )}
      <MarksKey />
      {kept !== null && view.height < (kept.rawMessages.oldestHeight ?? 0) && (
        <p className="mt-2 text-sm text-ink-2">{rawReachWords(kept.rawMessages)}</p>
      )}
    </Section>
  )
})

function columns(
  view: ConsensusView,
  marks: ReadonlyMap<string, VoteMarks>,
  zeroMs: number,
  open: (height: number) => void,
): readonly Column<VoteView>[] {
  const since = (atMs: number | null) => (atMs === null ? null : atMs - zeroMs)
  const mark = (vote: VoteView, phase: 'prepare' | 'commit') =>
    marks.get(vote.validator)?.[phase] ?? 'waiting'
  return [
    {
      id: 'validator',
      head: 'Validator',
      phone: 'name',
      cell: (vote) => <Who vote={vote} proposer={view.proposer} />,
    },
    {
      id: 'power',
      head: 'Power',
      align: 'right',
      phone: 'main',
      cell: (vote) => <Percent millionths={vote.power} />,
    },
    {
      id: 'preprepare',
      head: 'Pre-prepare',
      align: 'right',
      phone: 'off',
      cell: (vote) => <PrePrepare vote={vote} view={view} zeroMs={zeroMs} />,
    },
    {
      id: 'prepare',
      head: 'Prepare',
      align: 'right',
      phone: 'minor',
      cell: (vote) => (
        <Arrival phase="prepare" atMs={since(vote.prepareMs)} mark={mark(vote, 'prepare')} worded />
      ),
    },
    {
      id: 'commit',
      head: 'Commit',
      align: 'right',
      phone: 'minor-2',
      cell: (vote) => <Arrival phase="commit" atMs={since(vote.commitMs)} mark={mark(vote, 'commit')} />,
    },
    {
      id: 'heartbeat',
      head: 'Last 50 heights',
      align: 'right',
      phone: 'wide',
      width: '380px',
      cell: (vote) => <Heartbeat name={vote.name} beats={vote.heartbeat} own={vote.self} onOpen={open} />,
    },
    { id: 'signed', head: 'Signed', align: 'right', phone: 'off', cell: (vote) => <Signed vote={vote} /> },
  ]
}

function Who({ vote, proposer }: { readonly vote: VoteView; readonly proposer: string }) {
  return (
    <span className="who">
      <Flag address={vote.validator} size={20} own={vote.self} />
      <Link to={`/validators/${vote.validator}`}>
        <b>{vote.name}</b>
      </Link>
      {vote.validator === proposer && (
        <Tag icon={<Crown size={12} strokeWidth={1.75} aria-hidden />}>proposer</Tag>
      )}
      {vote.self && <Tag tone="you">this tab</Tag>}
      {vote.silentSinceHeight !== null && <Tag tone="bad">silent</Tag>}
      {vote.rejected !== null && <Tag tone="bad">refused it: {vote.rejected.replaceAll('-', ' ')}</Tag>}
      {vote.otherBlock !== null && (
        <Tag tone="warn" title={vote.otherBlock}>
          voted for {shortId(vote.otherBlock)}
        </Tag>
      )}
    </span>
  )
}

interface PrePrepareProps {
  readonly vote: VoteView
  readonly view: ConsensusView
  readonly zeroMs: number
}

function PrePrepare({ vote, view, zeroMs }: PrePrepareProps) {
  if (vote.prePrepareMs !== null)
    return <Arrival phase="preprepare" atMs={vote.prePrepareMs - zeroMs} mark="on-time" />
  if (vote.validator === view.proposer)
    return <Arrival phase="preprepare" atMs={null} mark={view.live ? 'waiting' : 'missing'} worded />
  return (
    <span className="faint" title="only the proposer sends it">
      ·
    </span>
  )
}

interface ArrivalProps {
  readonly phase: 'preprepare' | 'prepare' | 'commit'
  readonly atMs: number | null
  readonly mark: VoteMark
  /** Says "waiting" or "no word" beside the mark. */
  readonly worded?: boolean
}

function Arrival({ phase, atMs, mark, worded = false }: ArrivalProps) {
  const tone =
    mark === 'late' ? 'text-warn' : mark === 'missing' ? 'text-bad' : mark === 'waiting' ? 'faint' : undefined
  const words = atMs === null ? (mark === 'missing' ? 'no word' : 'waiting') : integer(atMs)
  const shape = mark === 'missing' ? 'missing' : mark === 'waiting' ? 'waiting' : phase
  return (
    <>
      <span className="card-only faint mr-1.5">{phase}</span>
      <span className="cell-marks">
        {mark === 'late' && (
          <TriangleAlert size={13} strokeWidth={1.75} className="text-warn" aria-label="late" role="img" />
        )}
        {(atMs !== null || worded) && <span className={tone}>{words}</span>}
        <PhaseMark phase={shape} label={atMs === null && !worded ? words : undefined} />
      </span>
    </>
  )
}

function Signed({ vote }: { readonly vote: VoteView }) {
  const beats = vote.heartbeat.filter((beat) => beat.mark !== 'not-member')
  if (beats.length === 0) return <span className="faint">·</span>
  const signed = beats.filter((beat) => beat.mark !== 'missed').length
  return (
    <span className={signed < beats.length * SIGNED_LOW_SHARE ? 'text-bad' : undefined}>
      {signed}
      <Unit>{`/${beats.length}`}</Unit>
    </span>
  )
}
