import type { EconomyHistoryView } from '../../../node-core/node/node-api.ts'
import { integer } from '../../i18n/format.ts'
import { wholeAit } from '../../ui/amount-words.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { LineChart, roundTicks, useTableTwin } from '../../ui/line-chart.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty } from '../../ui/states.tsx'
import { clockWords } from '../../ui/time-words.ts'

type Epoch = EconomyHistoryView['epochs'][number]
type Series = 'bonded' | 'rewards'

const UNITS_PER_AIT = 1e9
const TITLES: Readonly<Record<Series, string>> = { bonded: 'Stake, bonded', rewards: 'Rewards paid' }
const WAITING: Readonly<Record<Series, string>> = {
  bonded: 'A point is added at each epoch’s end.',
  rewards: 'Rewards of an epoch are paid at the end of the next, so that evidence can come first.',
}

/** One of what changes from epoch to epoch, as far as this node has lived through them. */
export function EpochChart({ epochs, of }: { readonly epochs: readonly Epoch[]; readonly of: Series }) {
  const title = TITLES[of]
  const twin = useTableTwin(title)
  const columns: readonly Column<Epoch>[] = [
    { id: 'epoch', head: 'Epoch', cell: (point) => integer(point.epoch), phone: 'name' },
    { id: 'at', head: 'Ended', cell: (point) => clockWords(point.atMs), phone: 'minor' },
    { id: 'value', head: 'AIT', cell: (point) => wholeAit(point[of]), align: 'right', phone: 'main' },
  ]
  return (
    <Section title={title} note="by epoch" end={epochs.length > 1 && twin.button}>
      {epochs.length < 2 ? (
        <Empty sentence="Drawn from the epochs this node lives through." line={WAITING[of]} />
      ) : twin.shown ? (
        <div className="max-h-60 overflow-auto pr-2">
          <DataTable
            caption={`${title} by epoch`}
            columns={columns}
            rows={epochs.toReversed()}
            rowKey={(point) => String(point.epoch)}
          />
        </div>
      ) : (
        <Line epochs={epochs} of={of} />
      )}
    </Section>
  )
}

function Line({ epochs, of }: { readonly epochs: readonly Epoch[]; readonly of: Series }) {
  const points = epochs.map((point) => ({ x: point.epoch, first: Number(point[of]) / UNITS_PER_AIT }))
  const [first, last] = [points[0]!, points.at(-1)!]
  const highest = Math.max(...points.map((point) => point.first))
  return (
    <LineChart
      label={`${TITLES[of]}: ${wholeAit(epochs[0]![of])} AIT in epoch ${integer(first.x)}, ${wholeAit(epochs.at(-1)![of])} AIT in epoch ${integer(last.x)}`}
      points={points}
      domain={[first.x, last.x]}
      ticksY={roundTicks(highest, (value, top) => `${amountTick(value, highest)}${top ? ' AIT' : ''}`)}
      ticksX={[first.x, last.x].map((at) => ({ at, words: integer(at) }))}
    />
  )
}

function amountTick(value: number, highest: number): string {
  if (highest >= 10_000) return value === 0 ? '0' : `${integer(Math.round(value / 1_000))} k`
  if (highest >= 10) return integer(Math.round(value))
  return value === 0 ? '0' : value.toPrecision(2)
}
