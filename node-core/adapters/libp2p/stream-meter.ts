/**
 * Counts the bytes of every stream for its connection. libp2p tells a metrics component of each new stream; listening
 * for the stream's data there would steal what arrives before the protocol's handler listens, so dispatch is wrapped.
 */
import type { Connection, Metrics, Stream } from '@libp2p/interface'
import { grantWindowByHalves } from './window-updates.ts'

export interface ByteCount {
  bytesIn: number
  bytesOut: number
}

export class StreamMeter {
  readonly #counts = new WeakMap<Connection, ByteCount>()
  #connections: () => Connection[] = () => []

  /** Where to look for the connection a stream belongs to; set once the node exists. */
  attach(connections: () => Connection[]): void {
    this.#connections = connections
  }

  of(connection: Connection): Readonly<ByteCount> {
    return this.#counts.get(connection) ?? { bytesIn: 0, bytesOut: 0 }
  }

  /** The metrics component: counts bytes, and answers every other registration with something that does nothing. */
  metrics(): Metrics {
    const silent = () => SILENT_METRIC
    const untraced = (_name: string, traced: unknown) => traced
    const metrics = {
      trackMultiaddrConnection: () => {},
      trackProtocolStream: (stream: Stream) => {
        grantWindowByHalves(stream)
        this.#track(stream)
      },
      registerMetric: silent,
      registerMetricGroup: silent,
      registerCounter: silent,
      registerCounterGroup: silent,
      registerHistogram: silent,
      registerHistogramGroup: silent,
      registerSummary: silent,
      registerSummaryGroup: silent,
      traceFunction: untraced,
      createTrace: () => undefined,
    }
    // The registrations are overloaded per metric kind; all kinds share one silent object.
    return metrics as unknown as Metrics
  }

  #track(stream: Stream): void {
    let count: ByteCount | null = null
    let waiting: ByteCount | null = { bytesIn: 0, bytesOut: 0 }
    const add = (direction: keyof ByteCount, bytes: number) => {
      if (!count) {
        const connection = this.#connections().find((candidate) => candidate.streams.includes(stream))
        if (connection) count = this.#countOf(connection)
      }
      if (!count) {
        if (waiting) waiting[direction] += bytes
        return
      }
      if (waiting) {
        count.bytesIn += waiting.bytesIn
        count.bytesOut += waiting.bytesOut
        waiting = null
      }
      count[direction] += bytes
    }
    const dispatch = stream.dispatchEvent.bind(stream)
    stream.dispatchEvent = (event: Event) => {
      if (event.type === 'message' && 'data' in event)
        add('bytesIn', (event.data as { byteLength: number }).byteLength)
      return dispatch(event)
    }
    const send = stream.send.bind(stream)
    stream.send = (data) => {
      add('bytesOut', data.byteLength)
      return send(data)
    }
  }

  #countOf(connection: Connection): ByteCount {
    let count = this.#counts.get(connection)
    if (!count) {
      count = { bytesIn: 0, bytesOut: 0 }
      this.#counts.set(connection, count)
    }
    return count
  }
}

const nothing = () => {}
const SILENT_METRIC = {
  update: nothing,
  increment: nothing,
  decrement: nothing,
  observe: nothing,
  reset: nothing,
  timer: () => nothing,
}
