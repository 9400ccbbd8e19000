/** Request and response, one pair a stream. */
import type { Connection, Stream, StreamHandler } from '@libp2p/interface'
import type { ConductWatch } from '../../mesh/conduct-watch.ts'
import {
  HANDLER_TIMEOUT_MS,
  METERED_PEERS,
  REQUEST_BURST,
  REQUEST_BYTES,
  REQUEST_STREAMS,
  REQUEST_TIMEOUT_MS,
  REQUESTS_PER_SECOND,
  RESPONSE_BYTES,
} from '../../mesh/limits.ts'
import { PEERS_PROTOCOL, PEERS_PROTOCOL_ID } from '../../mesh/peer-exchange.ts'
import { TokenBucket } from '../../mesh/token-bucket.ts'
import type { PeerId, RequestHandler } from '../../ports/network.ts'
import { NetworkError } from '../../ports/network-error.ts'
import { readFrame, writeFrame } from './framed-stream.ts'

export const REQUEST_STREAM_LIMITS = {
  maxInboundStreams: REQUEST_STREAMS,
  maxOutboundStreams: REQUEST_STREAMS,
}
/** How long a stream may take to close politely, ms. */
const CLOSE_TIMEOUT_MS = 5_000

export function protocolId(chainId: string, protocol: string): string {
  return protocol === PEERS_PROTOCOL ? PEERS_PROTOCOL_ID : `/aitbc/${chainId}/${protocol}`
}

/** Bytes one request or response of a protocol may have. */
export interface RequestLimits {
  readonly requestBytes: number
  readonly responseBytes: number
}

export const DEFAULT_REQUEST_LIMITS: RequestLimits = {
  requestBytes: REQUEST_BYTES,
  responseBytes: RESPONSE_BYTES,
}

/** Serves `handler`; a request that is too large, too frequent or fails closes its stream without an answer. */
export function requestServer(
  handler: RequestHandler,
  limits: RequestLimits,
  rate: RequestRate,
  watch: ConductWatch | null = null,
): StreamHandler {
  return (stream: Stream, connection: Connection) => {
    const from = connection.remotePeer.toString()
    if (!rate.take(from, performance.now())) {
      watch?.tooFast(from)
      stream.abort(new NetworkError('refused'))
      return
    }
    serve(stream, from, handler, limits, watch).catch((error: unknown) => stream.abort(asError(error)))
  }
}

async function serve(
  stream: Stream,
  from: PeerId,
  handler: RequestHandler,
  limits: RequestLimits,
  watch: ConductWatch | null,
): Promise<void> {
  const signal = AbortSignal.timeout(HANDLER_TIMEOUT_MS)
  const patience = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
  const request = await readFrame(stream, limits.requestBytes, patience).catch((error: unknown) => {
    if (patience.aborted) watch?.misbehaved(from, 'request-stalled')
    else if (isCode(error, 'too-large')) watch?.misbehaved(from, 'request-too-large')
    throw error
  })
  const response = await handler(request, from).catch((error: unknown) => {
    if (isCode(error, 'refused')) watch?.misbehaved(from, 'request-malformed')
    throw error
  })
  if (response.length > limits.responseBytes) throw new NetworkError('too-large')
  await writeFrame(stream, response, signal)
  await closeStream(stream)
}

function isCode(error: unknown, code: NetworkError['code']): boolean {
  return error instanceof NetworkError && error.code === code
}

/** Sends one request on a new stream of the connection and waits for its response. */
export async function sendRequest(
  connection: Connection,
  id: string,
  request: Uint8Array,
  limits: RequestLimits,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const stream = await connection.newStream(id, { signal, ...REQUEST_STREAM_LIMITS })
  try {
    const response = readFrame(stream, limits.responseBytes, signal)
    // Observed here too, so that a failed write does not leave its rejection unhandled.
    response.catch(() => {})
    await writeFrame(stream, request, signal)
    const bytes = await response
    void closeStream(stream)
    return bytes
  } catch (error) {
    stream.abort(asError(error))
    throw error
  }
}

async function closeStream(stream: Stream): Promise<void> {
  try {
    await stream.close({ signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) })
  } catch (error) {
    stream.abort(asError(error))
  }
}

/** Any rejection of libp2p as one of ours. */
export function asNetworkError(
  error: unknown,
  timeout: AbortSignal,
  data: Readonly<Record<string, string>>,
): NetworkError {
  if (error instanceof NetworkError) return new NetworkError(error.code, { ...data, ...error.data })
  if (timeout.aborted) return new NetworkError('timeout', data)
  const { name, message } = asError(error)
  const detail = { ...data, reason: message.slice(0, 200) }
  if (name === 'AbortError') return new NetworkError('aborted', detail)
  if (name === 'TimeoutError') return new NetworkError('timeout', detail)
  if (REFUSALS.has(name)) return new NetworkError('refused', detail)
  return new NetworkError('closed', detail)
}

const REFUSALS = new Set([
  'UnsupportedProtocolError',
  'TooManyOutboundProtocolStreamsError',
  'LimitedConnectionError',
])

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** Requests a peer may make, all protocols together. */
export class RequestRate {
  readonly #buckets = new Map<PeerId, TokenBucket>()

  take(peer: PeerId, nowMs: number): boolean {
    const bucket = this.#buckets.get(peer) ?? new TokenBucket(REQUESTS_PER_SECOND, REQUEST_BURST, nowMs)
    this.#buckets.delete(peer)
    this.#buckets.set(peer, bucket)
    if (this.#buckets.size > METERED_PEERS) this.#buckets.delete(this.#buckets.keys().next().value!)
    return bucket.take(1, nowMs)
  }
}
