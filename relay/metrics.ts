/** What the relay counts, as Prometheus text. */
export type RelayCounter =
  | 'http_requests'
  | 'http_refused'
  | 'connections_opened'
  | 'connections_refused'
  | 'reservations_granted'
  | 'reservations_refused'
  | 'peers_answers'

const HELP: Readonly<Record<RelayCounter, string>> = {
  http_requests: 'HTTP requests',
  http_refused: 'HTTP requests over the limit of their address',
  connections_opened: 'WebSocket connections opened',
  connections_refused: 'WebSocket connections refused',
  reservations_granted: 'Reservations granted or refreshed',
  reservations_refused: 'Reservations refused',
  peers_answers: 'Answers of the peer exchange',
}

export interface RelayGauges {
  readonly connections: number
  readonly reservations: number
  readonly draining: boolean
}

export class RelayMetrics {
  readonly #counts = new Map<RelayCounter, number>()
  readonly #startedAtMs = performance.now()

  count(counter: RelayCounter): void {
    this.#counts.set(counter, (this.#counts.get(counter) ?? 0) + 1)
  }

  uptimeSeconds(): number {
    return Math.round((performance.now() - this.#startedAtMs) / 1_000)
  }

  text(gauges: RelayGauges): string {
    const counters = (Object.keys(HELP) as RelayCounter[]).map((name) =>
      metric(`aitbc_relay_${name}_total`, 'counter', HELP[name], this.#counts.get(name) ?? 0),
    )
    return [
      ...counters,
      metric('aitbc_relay_connections', 'gauge', 'WebSocket connections open', gauges.connections),
      metric('aitbc_relay_reservations', 'gauge', 'Reservations of connected peers', gauges.reservations),
      metric('aitbc_relay_draining', 'gauge', '1 while shutting down', Number(gauges.draining)),
      metric('aitbc_relay_uptime_seconds', 'gauge', 'Seconds since the start', this.uptimeSeconds()),
      metric('process_resident_memory_bytes', 'gauge', 'Resident memory', process.memoryUsage.rss()),
    ].join('')
  }
}

function metric(name: string, type: 'counter' | 'gauge', help: string, value: number): string {
  return `# HELP ${name} ${help}.\n# TYPE ${name} ${type}\n${name} ${value}\n`
}
