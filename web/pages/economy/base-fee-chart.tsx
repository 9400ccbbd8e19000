import type { FeesView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { LineChart, roundTicks, useTableTwin } from '../../ui/line-chart.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty } from '../../ui/states.tsx'
import { hitWords } from './economy-words.ts'

interface Row {
  readonly height: number
  readonly fee: string
  readonly range: string | null
  readonly full: string
}

const COLUMNS: readonly Column<Row>[] = [
  { id: 'height', head: 'Block', cell: (row) => integer(row.height), phone: 'name' },
  { id: 'fee', head: 'Base fee, nAIT', cell: (row) => row.fee, align: 'right', phone: 'main' },
  { id: 'range', head: 'Between', cell: (row) => row.range ?? 'decided', phone: 'minor' },
  { id: 'full', head: 'Full', cell: (row) => row.full, align: 'right', phone: 'minor-2' },
]

/** The base fee of the last blocks and what it will be: the middle line expected, the band what it may be. */
export function BaseFeeChart({ fees }: { readonly fees: FeesView }) {
  const twin = useTableTwin('Base fee')
  const { recent, forecast, hitRate } = fees
  const told = hitWords(hitRate.forecast, hitRate.forecasts, 'nothing foretold yet')
  return (
    <Section title="Base fee" note={`per gas; forecast held: ${told}`} end={recent.length > 1 && twin.button}>
      {recent.length < 2 ? (
        <Empty
          sentence="Drawn from the blocks this node has."
          line="The line begins with the second one; the forecast covers the five after the head."
        />
      ) : twin.shown ? (
        <div className="max-h-60 overflow-auto pr-2">
          <DataTable
            caption="Base fee of the last blocks and of the next"
            columns={COLUMNS}
            rows={rowsOf(fees)}
            rowKey={(row) => String(row.height)}
          />
        </div>
      ) : (
        <Chart recent={recent} forecast={forecast} />
      )}
    </Section>
  )
}

function Chart({ recent, forecast }: Pick<FeesView, 'recent' | 'forecast'>) {
  const past = recent.map((block) => ({ x: block.height, first: Number(block.baseFeePerGas) }))
  const last = past.at(-1)!
  const future = forecast.map((step) => ({
    x: step.height,
    first: Number(step.expected),
    low: Number(step.low),
    high: Number(step.high),
  }))
  const end = future.at(-1)?.x ?? last.x
  const highest = Math.max(...past.map((point) => point.first), ...future.map((point) => point.high))
  const expected = forecast.at(-1)
  return (
    <LineChart
      label={`Base fee of ${recent.length} blocks, now ${integer(last.first)} nAIT per gas${
        expected === undefined ? '' : `, expected ${expected.expected} in five blocks`
      }`}
      points={[...past, ...future]}
      band={[{ x: last.x, low: last.first, high: last.first }, ...future]}
      domain={[past[0]!.x, end]}
      ticksY={roundTicks(highest, (value, top) => `${integer(value)}${top ? ' nAIT' : ''}`)}
      ticksX={[
        { at: past[0]!.x, words: integer(past[0]!.x) },
        { at: last.x, words: 'head' },
        ...(end > last.x ? [{ at: end, words: integer(end) }] : []),
      ]}
      remark={
        expected === undefined
          ? null
          : { words: `expected: ${expected.expected} at ${integer(expected.height)}`, atX: end }
      }
      height={180}
    />
  )
}

function rowsOf({ recent, forecast }: FeesView): Row[] {
  const past = recent.map((block) => ({
    height: block.height,
    fee: block.baseFeePerGas,
    range: null,
    full: `${Math.round((100 * block.gasUsed) / block.gasLimit)} %`,
  }))
  const next = forecast.map((step) => ({
    height: step.height,
    fee: step.expected,
    range: `${step.low} and ${step.high}`,
    full: '·',
  }))
  return [...past, ...next].reverse()
}
