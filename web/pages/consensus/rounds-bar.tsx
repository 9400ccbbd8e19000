import type { ConsensusView, RoundView } from '../../../node-core/node/node-api.ts'
import { integer, percent } from '../../i18n/format.ts'
import { failureWords } from '../../i18n/round-words.ts'
import { Unit } from '../../ui/amount.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Flag } from '../../ui/flag.tsx'
import { PhaseMark } from '../../ui/phase-mark.tsx'
import { Section } from '../../ui/section.tsx'
import { ToggleGroup } from '../../ui/toggle-group.tsx'

export interface RoundsBarProps {
  readonly view: ConsensusView
  readonly onRound: (round: number) => void
}

/** The rounds of a height that took more than one: which is shown, and how each ended. */
export function RoundsBar({ view, onRound }: RoundsBarProps) {
  if (view.rounds.length < 2) return null
  return (
    <ToggleGroup
      className="mb-4"
      look="chips"
      label="Round shown"
      choices={view.rounds.map((round) => ({ value: String(round.round), words: <Outcome round={round} /> }))}
      value={String(view.round)}
      onChange={(round) => onRound(Number(round))}
    />
  )
}

function Outcome({ round }: { readonly round: RoundView }) {
  const words =
    round.failure !== null
      ? failureWords(round.failure)
      : { decided: 'Decided', running: 'Running', failed: 'Failed' }[round.outcome]
  return (
    <span className="who">
      <PhaseMark
        phase={
          round.outcome === 'decided' ? 'commit' : round.outcome === 'running' ? 'waiting' : 'round-change'
        }
      />
      Round {round.round}: {words}
    </span>
  )
}

/** Who sent a ROUND-CHANGE: out of the round shown when it failed, else into it. */
export function AskedBy({ view }: { readonly view: ConsensusView }) {
  const next = view.rounds.find((each) => each.round > view.round)
  const round = next ?? view.rounds.find((each) => each.round === view.round && each.round > 0)
  if (round === undefined) return null
  return (
    <Section
      title={`Asked for round ${round.round}`}
      note={`${percent(round.askedPower)} of the power, by ${round.asked.length} of ${view.votes.length}`}
    >
      <DataTable
        caption={`ROUND-CHANGE messages for round ${round.round}`}
        columns={COLUMNS}
        rows={round.asked}
        rowKey={(asked) => asked.validator}
      />
    </Section>
  )
}

type Asked = RoundView['asked'][number]

const COLUMNS: readonly Column<Asked>[] = [
  {
    id: 'validator',
    head: 'Validator',
    phone: 'name',
    cell: (asked) => (
      <span className="who">
        <Flag address={asked.validator} size={20} />
        <b>{asked.name}</b>
      </span>
    ),
  },
  {
    id: 'power',
    head: 'Power',
    align: 'right',
    phone: 'main',
    cell: (asked) => percent(asked.power),
  },
  {
    id: 'after',
    head: 'Arrival, after the round before began',
    align: 'right',
    phone: 'minor',
    cell: (asked) =>
      asked.afterMs === null ? (
        <span className="faint">not lived through</span>
      ) : (
        <span className="cell-marks">
          <span>
            {integer(asked.afterMs)}
            <Unit>ms</Unit>
          </span>
          <PhaseMark phase="round-change" />
        </span>
      ),
  },
]
