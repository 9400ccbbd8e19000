import { Link } from '@tanstack/react-router'
import type { RoundLogEntry } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { decimal, integer } from '../../i18n/format.ts'
import { failureWords, roundKindWords, roundReasonWords } from '../../i18n/round-words.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortId } from '../../ui/id-words.ts'
import { Percent } from '../../ui/percent.tsx'
import { PhaseMark } from '../../ui/phase-mark.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { momentWords } from '../../ui/time-words.ts'

const READ = 200

/** Everything but the ordinary course of a round. */
function isOdd(entry: RoundLogEntry): boolean {
  if (entry.kind === 'round-entered') return entry.round > 0
  return entry.kind !== 'proposal-accepted' && entry.kind !== 'prepared' && entry.kind !== 'decided'
}

/** Round changes and other departures: why, who asked, and how the height came to its block; of one height when that is given. */
export function RoundLog({ height }: { readonly height: number | null }) {
  const rounds = useQuery('consensus_rounds', height === null ? { limit: READ } : { height, limit: READ })
  const votes = useNode((state) => state.consensus?.votes ?? null)
  const nameOf = (address: string) =>
    votes?.find((vote) => vote.validator === address)?.name ?? shortId(address)
  const note =
    rounds.data === null
      ? undefined
      : height === null
        ? `${integer(rounds.data.log.filter(isOdd).length)} as this tab saw it; votes are kept from ${integer(rounds.data.oldestHeight)} on`
        : `of height ${integer(height)}`
  return (
    <Section title="Round changes" note={note}>
      <States
        query={rounds}
        what="the round log"
        isEmpty={(data) => !data.log.some(isOdd)}
        empty={
          <Empty
            sentence="Every round so far ended in its block."
            line="When a proposer is silent or its block invalid, the change of round and its reason stand here."
          />
        }
      >
        {(data) => (
          <DataTable
            caption="Round changes"
            columns={columns(nameOf, data.oldestHeight)}
            rows={data.log.filter(isOdd).toSorted((a, b) => b.atMs - a.atMs)}
            rowKey={(entry) =>
              `${entry.atMs} ${entry.height} ${entry.round} ${entry.kind} ${entry.validator}`
            }
          />
        )}
      </States>
    </Section>
  )
}

function columns(
  nameOf: (address: string) => string,
  oldestHeight: number,
): readonly Column<RoundLogEntry>[] {
  return [
    {
      id: 'height',
      head: 'Height',
      phone: 'name',
      cell: (entry) => <Place entry={entry} kept={entry.height >= oldestHeight} />,
    },
    { id: 'round', head: 'Round', phone: 'main', cell: (entry) => <Rounds entry={entry} /> },
    {
      id: 'proposer',
      head: 'Proposer',
      phone: 'minor',
      cell: (entry) =>
        entry.validator === null ? (
          <span className="faint">·</span>
        ) : (
          <span className="who">
            <Flag address={entry.validator} size={16} />
            {nameOf(entry.validator)}
          </span>
        ),
    },
    {
      id: 'reason',
      head: 'Reason',
      phone: 'wide',
      cell: (entry) => <span className="dim">{reason(entry)}</span>,
    },
    {
      id: 'asked',
      head: 'Asked by',
      align: 'right',
      phone: 'off',
      cell: ({ askedPower }) =>
        askedPower === null ? <span className="faint">·</span> : <Percent millionths={askedPower} />,
    },
    {
      id: 'recovered',
      head: 'Recovered',
      align: 'right',
      phone: 'minor-2',
      cell: (entry) => <Recovered entry={entry} />,
    },
  ]
}

function reason(entry: RoundLogEntry): string {
  if (entry.failure !== null) return failureWords(entry.failure)
  if (entry.kind === 'round-entered') return roundReasonWords(entry.reason)
  return `${roundKindWords(entry.kind)}: ${roundReasonWords(entry.reason)}`
}

function Recovered({ entry: { recovered, kind } }: { readonly entry: RoundLogEntry }) {
  if (recovered !== null)
    return (
      <span className="dim">
        {decimal(recovered.afterMs / 1000, 2)} s by {recovered.proposerName}
      </span>
    )
  return <span className="faint">{kind === 'round-entered' ? 'not yet' : '·'}</span>
}

/** Opens the round that failed. What this tab no longer keeps the votes of, it still has the block of. */
function Place({ entry, kept }: { readonly entry: RoundLogEntry; readonly kept: boolean }) {
  const round = entry.kind === 'round-entered' ? entry.round - 1 : entry.round
  const look = { className: 'who', title: momentWords(entry.atMs), style: { fontWeight: 540 } }
  const words = integer(entry.height)
  return kept ? (
    <Link to="/consensus" search={{ height: entry.height, round } as never} {...look}>
      {words}
    </Link>
  ) : (
    <Link to={`/explorer/block/${entry.height}`} {...look}>
      {words}
    </Link>
  )
}

function Rounds({ entry }: { readonly entry: RoundLogEntry }) {
  if (entry.kind !== 'round-entered') return entry.round
  return (
    <span className="cell-marks">
      <PhaseMark phase="round-change" />
      {entry.round - 1} → {entry.round}
    </span>
  )
}
