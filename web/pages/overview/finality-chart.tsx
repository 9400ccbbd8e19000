import { useMemo } from 'react'
import { useNode } from '../../hooks/node-context.tsx'
import { useRangeStats } from '../../hooks/use-health.ts'
import { decimal, integer, secondsFigure } from '../../i18n/format.ts'
import { type FinalityPoint, finalityCurve, RANGE_MS, type TimeRange } from '../../store/derive.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { LineChart, roundTicks, type Tick, useTableTwin } from '../../ui/line-chart.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, NotObserved } from '../../ui/states.tsx'
import { clockWords } from '../../ui/time-words.ts'

const STEPS_X = 5
/** The chart's window moves in steps, so that its lines do not crawl. */
const STEP_MS: Readonly<Record<TimeRange, number>> = { '5min': 3_000, '1h': 36_000, '24h': 864_000 }
const REMARKED = 2
const CHART_PX = 206
/** One row of the table for so many steps of the line. */
const TABLE_EVERY = 5

const COLUMNS: readonly Column<FinalityPoint>[] = [
  { id: 'at', head: 'Until', cell: (point) => clockWords(point.atMs), phone: 'name' },
  {
    id: 'p50',
    head: 'Median, s',
    align: 'right',
    cell: (point) => secondsFigure(point.p50Ms),
    phone: 'main',
  },
  {
    id: 'p95',
    head: 'p95, s',
    align: 'right',
    cell: (point) => secondsFigure(point.p95Ms),
    phone: 'minor-2',
  },
]

/** How long blocks took from proposal to final, as this tab saw it. */
export function FinalityChart() {
  const samples = useNode((state) => state.samples)
  const range = useNode((state) => state.range)
  const endMs = useNode((state) => Math.floor(state.nowMs / STEP_MS[state.range]) * STEP_MS[state.range])
  const observes = useNode((state) => state.status?.mode === 'observer')
  const twin = useTableTwin('Time until final')
  const points = useMemo(() => finalityCurve(samples, range, endMs), [samples, range, endMs])
  const startMs = endMs - RANGE_MS[range]
  return (
    <Section
      title="Time until final"
      end={
        <>
          <Key />
          {points.length > 1 && twin.button}
        </>
      }
    >
      {observes && points.length < 2 ? (
        <NotObserved what="the time until final" />
      ) : points.length < 2 ? (
        <Empty
          sentence="Drawn from the blocks this tab lives through."
          line="The line begins with the second one."
        />
      ) : (
        <Body points={points} startMs={startMs} endMs={endMs} asTable={twin.shown} />
      )}
    </Section>
  )
}

interface BodyProps {
  readonly points: readonly FinalityPoint[]
  readonly startMs: number
  readonly endMs: number
  readonly asTable: boolean
}

function Body({ points, startMs, endMs, asTable }: BodyProps) {
  const samples = useNode((state) => state.samples)
  const range = useNode((state) => state.range)
  const stats = useRangeStats()
  if (asTable)
    return (
      <div className="max-h-60 overflow-auto pr-2">
        <DataTable
          caption="Time until final"
          columns={COLUMNS}
          rows={points.filter((_, index) => index % TABLE_EVERY === 0).toReversed()}
          rowKey={(point) => String(point.atMs)}
        />
      </div>
    )
  const maxS = Math.max(0.5, ...points.map((point) => point.p95Ms / 1000))
  const firstOdd = samples.find((sample) => sample.height === stats.secondRounds[0])
  return (
    <LineChart
      label={sentence(stats.finalityP50Ms, stats.finalityP95Ms, stats.secondRounds, range)}
      points={points.map((point) => ({
        x: point.atMs,
        first: point.p50Ms / 1000,
        second: point.p95Ms / 1000,
      }))}
      domain={[startMs, endMs]}
      ticksY={roundTicks(maxS, (value, top) =>
        value === 0 ? '0' : `${decimal(value, 1)}${top ? ' s' : ''}`,
      )}
      ticksX={ticksX(startMs, endMs)}
      height={CHART_PX}
      remark={remark(stats.secondRounds, firstOdd?.atMs ?? endMs)}
    />
  )
}

function ticksX(startMs: number, endMs: number): readonly Tick[] {
  return Array.from({ length: STEPS_X + 1 }, (_, index) => {
    const at = startMs + ((endMs - startMs) * index) / STEPS_X
    return { at, words: index === STEPS_X ? 'now' : clockWords(at) }
  })
}

/** The odd points in words. */
function remark(heights: readonly number[], atX: number) {
  if (heights.length === 0) return null
  const named = heights.slice(-REMARKED).map((height) => integer(height))
  const words =
    heights.length > REMARKED
      ? `${integer(heights.length)} blocks took a second round`
      : `${named.join(' and ')} took a second round`
  return { words, atX }
}

function sentence(
  p50: number | null,
  p95: number | null,
  second: readonly number[],
  range: TimeRange,
): string {
  const span = { '5min': 'five minutes', '1h': 'an hour', '24h': 'a day' }[range]
  if (p50 === null || p95 === null) return `Finality over ${span}: not seen yet`
  const odd = second.length === 0 ? '' : `; ${second.length} took a second round`
  return `Finality over ${span}: median ${secondsFigure(p50)} seconds, 95th percentile ${secondsFigure(p95)} seconds${odd}`
}

function Key() {
  return (
    <span className="key">
      <span>
        <svg width="18" height="6" aria-hidden>
          <path d="M0 3h18" className="line-1" />
        </svg>
        median
      </span>
      <span>
        <svg width="18" height="6" aria-hidden>
          <path d="M0 3h18" className="line-2" />
        </svg>
        p95
      </span>
    </span>
  )
}
