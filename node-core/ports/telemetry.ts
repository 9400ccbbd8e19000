/** Counters, gauges and log lines; an adapter decides where they go. Never a key, a seed or a password. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogLine {
  readonly atMs: number
  readonly level: LogLevel
  /** The room it comes from: 'consensus', 'gate', 'sync', … */
  readonly area: string
  readonly message: string
}

export interface Telemetry {
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  gauge(name: string, value: number, labels?: Readonly<Record<string, string>>): void
  log(level: LogLevel, area: string, message: string): void
  /** The newest lines, oldest first; at most `limit`. */
  lines(limit: number): LogLine[]
  /** Prometheus text. */
  metrics(): string
}
