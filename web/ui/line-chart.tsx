import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'

export interface LinePoint {
  readonly x: number
  readonly first: number
  /** Second, dashed line. */
  readonly second?: number
}

export interface Tick {
  readonly at: number
  readonly words: string
}

export interface LineChartProps {
  /** Says in one sentence what the chart shows. */
  readonly label: string
  readonly points: readonly LinePoint[]
  /** What a part of the first line may be instead. */
  readonly band?: readonly { readonly x: number; readonly low: number; readonly high: number }[]
  /** First and last x. */
  readonly domain: readonly [number, number]
  /** Rising from zero; the unit stands on the topmost only. */
  readonly ticksY: readonly Tick[]
  readonly ticksX: readonly Tick[]
  /** What was odd, in words. */
  readonly remark?: { readonly words: string; readonly atX: number } | null
  readonly height?: number
}

const WIDTH = 1000
const HEIGHT = 200

/** One or two lines over a zero baseline, the band between them, or around the first, lightly filled. */
export function LineChart(props: LineChartProps) {
  const { label, points, band = [], domain, ticksY, ticksX, remark, height = 150 } = props
  const top = ticksY.at(-1)?.at ?? 1
  const x = (value: number) => ((value - domain[0]) / (domain[1] - domain[0])) * WIDTH
  const y = (value: number) => HEIGHT - (Math.min(value, top) / top) * HEIGHT
  const first = points.map((point) => `${x(point.x).toFixed(1)} ${y(point.first).toFixed(1)}`)
  const second = points.flatMap((point) =>
    point.second === undefined ? [] : `${x(point.x).toFixed(1)} ${y(point.second).toFixed(1)}`,
  )
  const around = [
    ...band.map((part) => `${x(part.x).toFixed(1)} ${y(part.high).toFixed(1)}`),
    ...band.toReversed().map((part) => `${x(part.x).toFixed(1)} ${y(part.low).toFixed(1)}`),
  ]
  const remarkShare = remark ? Math.min(0.98, Math.max(0.3, x(remark.atX) / WIDTH)) : 0
  return (
    <div className="chart" role="img" aria-label={label}>
      <div className="plot" style={{ height }}>
        {ticksY.map((tick) => (
          <div key={tick.at} className="grid-y" style={{ top: `${100 - (tick.at / top) * 100}%` }}>
            <i>{tick.words}</i>
          </div>
        ))}
        <svg className="lines" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
          {around.length > 2 && <path className="area-1" d={`M${around.join('L')}z`} />}
          {second.length > 1 && (
            <path className="area-1" d={`M${[...first, ...second.toReversed()].join('L')}z`} />
          )}
          {second.length > 1 && <path className="line-2" d={`M${second.join('L')}`} />}
          {first.length > 1 && <path className="line-1" d={`M${first.join('L')}`} />}
        </svg>
        {remark && (
          <span className="remark" style={{ right: `${100 - remarkShare * 100}%`, top: '2%' }}>
            {remark.words}
          </span>
        )}
        {ticksX.map((tick, index) => (
          <span
            key={tick.at}
            className={`tick-x ${index === 0 ? 'first' : index === ticksX.length - 1 ? 'last' : ''}`}
            style={{ left: `${x(tick.at) / (WIDTH / 100)}%` }}
          >
            {tick.words}
          </span>
        ))}
      </div>
    </div>
  )
}

/** Three to five round ticks from zero to at least `max`, in steps of 1, 2 or 5. */
export function roundTicks(max: number, words: (value: number, top: boolean) => string): readonly Tick[] {
  const rough = Math.max(max, 1e-9) / 3
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough)!
  const count = Math.ceil(max / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => ({
    at: index * step,
    words: words(index * step, index === count),
  }))
}

export interface TableTwin {
  readonly shown: boolean
  /** For the head of the chart's section. */
  readonly button: ReactNode
}

/** Every chart has a table twin behind this button. */
export function useTableTwin(name: string): TableTwin {
  const [shown, setShown] = useState(false)
  const button = (
    <Button
      look="quiet"
      size="small"
      aria-pressed={shown}
      aria-label={`${name} as a table`}
      onClick={() => setShown(!shown)}
    >
      {shown ? 'Chart' : 'Table'}
    </Button>
  )
  return { shown, button }
}
