/** Telemetry kept in memory, the same in a worker and in Node: a ring of log lines, counters and gauges. */
import type { Clock } from '../ports/clock.ts'
import type { LogLevel, LogLine, Telemetry } from '../ports/telemetry.ts'
import { LOG_LINES, LOG_MESSAGE_CHARACTERS, METRIC_SERIES } from './limits.ts'

export interface TelemetryOptions {
  readonly clock: Pick<Clock, 'wallMs'>
  /** Called with every line that is kept: a terminal, a file. */
  readonly sink?: (line: LogLine) => void
  /** Lines below are dropped. Default 'info'. */
  readonly level?: LogLevel
}

type Labels = Readonly<Record<string, string>>
type Kind = 'counter' | 'gauge'

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
/** Series refused because METRIC_SERIES were there already: a label that takes unbounded values. */
const DROPPED = 'telemetry_series_dropped_total'

export function createTelemetry(options: TelemetryOptions): Telemetry {
  return new MemoryTelemetry(options)
}

class MemoryTelemetry implements Telemetry {
  readonly #clock: Pick<Clock, 'wallMs'>
  readonly #sink: (line: LogLine) => void
  readonly #level: number
  readonly #ring: LogLine[] = []
  /** Where the next line goes once the ring is full. */
  #oldest = 0
  readonly #kinds = new Map<string, Kind>()
  /** Metric name → series text (`name{labels}`) → value. */
  readonly #values = new Map<string, Map<string, number>>()
  #series = 0
  #dropped = 0

  constructor({ clock, sink = () => undefined, level = 'info' }: TelemetryOptions) {
    this.#clock = clock
    this.#sink = sink
    this.#level = ORDER[level]
  }

  count(name: string, labels: Labels = {}, by = 1): void {
    this.#change('counter', name, labels, (before) => before + by)
  }

  gauge(name: string, value: number, labels: Labels = {}): void {
    this.#change('gauge', name, labels, () => value)
  }

  log(level: LogLevel, area: string, message: string): void {
    if (ORDER[level] < this.#level) return
    const line = { atMs: this.#clock.wallMs(), level, area, message: shortened(message) }
    if (this.#ring.length < LOG_LINES) {
      this.#ring.push(line)
    } else {
      this.#ring[this.#oldest] = line
      this.#oldest = (this.#oldest + 1) % LOG_LINES
    }
    this.#sink(line)
  }

  lines(limit: number): LogLine[] {
    const ordered = [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)]
    return limit > 0 ? ordered.slice(-limit) : []
  }

  metrics(): string {
    const text: string[] = []
    for (const [name, values] of this.#values) {
      text.push(`# TYPE ${name} ${this.#kinds.get(name)}`)
      for (const [series, value] of values) text.push(`${series} ${numberText(value)}`)
    }
    text.push(`# TYPE ${DROPPED} counter`, `${DROPPED} ${this.#dropped}`)
    return `${text.join('\n')}\n`
  }

  #change(kind: Kind, rawName: string, labels: Labels, next: (before: number) => number): void {
    const name = rawName.replace(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=[0-9])/, '_')
    const values = this.#values.get(name) ?? new Map<string, number>()
    const series = seriesText(name, labels)
    const before = values.get(series)
    const clash = (this.#kinds.get(name) ?? kind) !== kind
    if (clash || (before === undefined && this.#series >= METRIC_SERIES)) {
      this.#dropped++
      return
    }
    if (before === undefined) this.#series++
    this.#kinds.set(name, kind)
    this.#values.set(name, values)
    values.set(series, next(before ?? 0))
  }
}

function seriesText(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  if (pairs.length === 0) return name
  const inside = pairs.map(([label, value]) => `${label.replace(/[^a-zA-Z0-9_]/g, '_')}="${escaped(value)}"`)
  return `${name}{${inside.join(',')}}`
}

/** As the Prometheus text format asks of label values. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

/** What ends a line, or tells a terminal to do something: control characters and line separators. */
const NOT_TEXT = /[\p{Cc}\u2028\u2029]+/gu

/** One line is one line: a message from outside cannot forge another, nor move a terminal's cursor. */
function shortened(message: string): string {
  const line = message.slice(0, 2 * LOG_MESSAGE_CHARACTERS).replace(NOT_TEXT, ' ')
  return line.length > LOG_MESSAGE_CHARACTERS ? `${line.slice(0, LOG_MESSAGE_CHARACTERS)}…` : line
}
