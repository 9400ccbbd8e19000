import { Link } from '@tanstack/react-router'
import type { RoundLogEntry } from '../../../node-core/node/node-api.ts'
import { useNode } from '../../hooks/node-context.tsx'
import { useQuery } from '../../hooks/use-query.ts'
import { integer } from '../../i18n/format.ts'
import { roundKindWords, roundReasonWords } from '../../i18n/words.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { shortId } from '../../ui/id-words.ts'
import { PhaseMark } from '../../ui/phase-mark.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Age } from '../../ui/time.tsx'

const READ = 200

/** Everything but the ordinary course of a round. */
function isOdd(entry: RoundLogEntry): boolean {
  if (entry.kind === 'round-entered') return entry.round > 0
  return entry.kind !== 'proposal-accepted' && entry.kind !== 'prepared' && entry.kind !== 'decided'
}

/** Round changes and other departures, with the reason; of one height when that is given. */
export function RoundLog({ height }: { readonly height: number | null }) {
  const rounds = useQuery('consensus_rounds', height === null ? { limit: READ } : { height, limit: READ })
  const votes = useNode((state) => state.consensus?.votes ?? null)
  const nameOf = (address: string) =>
    votes?.find((vote) => vote.validator === address)?.name ?? shortId(address)
  const note =
    rounds.data === null
      ? undefined
      : height === null
        ? `${integer(rounds.data.log.filter(isOdd).length)} from ${integer(rounds.data.oldestHeight)} on, as this tab saw it`
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
            columns={columns(nameOf)}
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

function columns(nameOf: (address: string) => string): readonly Column<RoundLogEntry>[] {
  return [
    { id: 'height', head: 'Height', phone: 'name', cell: (entry) => <HeightLink height={entry.height} /> },
    { id: 'round', head: 'Round', phone: 'main', cell: (entry) => <Rounds entry={entry} /> },
    { id: 'what', head: 'What', phone: 'minor', cell: (entry) => roundKindWords(entry.kind) },
    {
      id: 'proposer',
      head: 'Proposer',
      phone: 'off',
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
      cell: (entry) => <span className="dim">{roundReasonWords(entry.reason)}</span>,
    },
    {
      id: 'when',
      head: 'When',
      align: 'right',
      phone: 'minor-2',
      cell: (entry) => (
        <span className="dim">
          <Age atMs={entry.atMs} />
        </span>
      ),
    },
  ]
}

function HeightLink({ height }: { readonly height: number }) {
  return (
    <Link className="who" to="/consensus" search={{ height } as never} style={{ fontWeight: 540 }}>
      {integer(height)}
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
