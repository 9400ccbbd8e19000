import { integer } from '../i18n/format.ts'
import { amountWords, wholeAit } from './amount-words.ts'
import { type Column, DataTable } from './data-table.tsx'
import { LineChart, roundTicks, useTableTwin } from './line-chart.tsx'
import { Section } from './section.tsx'
import { Empty } from './states.tsx'
import { clockWords } from './time-words.ts'

export interface EpochPoint {
  readonly epoch: number
  /** When it ended. */
  readonly atMs: number
  /** Base units. */
  readonly amount: string
}

export interface EpochChartProps {
  readonly title: string
  /** Oldest first. */
  readonly points: readonly EpochPoint[]
  /** Why there is nothing to draw yet. */
  readonly waiting: string
  /** Amounts so large that their decimals say nothing. */
  readonly whole?: boolean
}

const UNITS_PER_AIT = 1e9

/** An amount that changes from epoch to epoch, as far as this node has lived through them, with its table twin. */
export function EpochChart(props: EpochChartProps) {
  const { title, points, waiting, whole = false } = props
  const twin = useTableTwin(title)
  const words = whole ? wholeAit : amountWords
  const columns: readonly Column<EpochPoint>[] = [
    { id: 'epoch', head: 'Epoch', cell: (point) => integer(point.epoch), phone: 'name' },
    { id: 'at', head: 'Ended', cell: (point) => clockWords(point.atMs), phone: 'minor' },
    { id: 'value', head: 'AIT', cell: (point) => words(point.amount), align: 'right', phone: 'main' },
  ]
  return (
    <Section title={title} note="by epoch" end={points.length > 1 && twin.button}>
      {points.length < 2 ? (
        <Empty sentence="Drawn from the epochs this node lives through." line={waiting} />
      ) : twin.shown ? (
        <div className="max-h-60 overflow-auto pr-2">
          <DataTable
            caption={`${title} by epoch`}
            columns={columns}
            rows={points.toReversed()}
            rowKey={(point) => String(point.epoch)}
          />
        </div>
      ) : (
        <Line {...props} />
      )}
    </Section>
  )
}

function Line({ title, points, whole = false }: EpochChartProps) {
  const words = whole ? wholeAit : amountWords
  const line = points.map((point) => ({ x: point.epoch, first: Number(point.amount) / UNITS_PER_AIT }))
  const [first, last] = [points[0]!, points.at(-1)!]
  const highest = Math.max(...line.map((point) => point.first))
  return (
    <LineChart
      label={`${title}: ${words(first.amount)} AIT in epoch ${integer(first.epoch)}, ${words(last.amount)} AIT in epoch ${integer(last.epoch)}`}
      points={line}
      domain={[first.epoch, last.epoch]}
      ticksY={roundTicks(highest, (value, top) => `${amountTick(value, highest)}${top ? ' AIT' : ''}`)}
      ticksX={[first.epoch, last.epoch].map((at) => ({ at, words: integer(at) }))}
    />
  )
}

function amountTick(value: number, highest: number): string {
  if (highest >= 1_000) return value === 0 ? '0' : `${Number((value / 1_000).toFixed(1))} k`
  if (highest >= 10) return integer(Math.round(value))
  return value === 0 ? '0' : value.toPrecision(2)
}
