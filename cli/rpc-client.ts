/** A node's RPC as the command line calls it: NodeMethods over HTTP, topics over the WebSocket. */
import { WebSocket } from 'ws'
import type { NodeMethod, NodeMethods, NodeTopics } from '../node-core/node/node-api.ts'
import type { RpcTopic } from '../node-core/rpc/methods.ts'
import { CommandFailure } from './failure.ts'
import { refusalOf } from './refusals.ts'

/** To answer one request, ms. */
const CALL_TIMEOUT_MS = 40_000
/** To open a WebSocket, ms. */
const CONNECT_TIMEOUT_MS = 5_000
/** Longest event that is read, bytes. */
const MAX_EVENT_BYTES = 8 * 1024 * 1024

interface WireError {
  readonly code: number
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
}

export interface EventStream {
  close(): void
  /** Resolves when the connection has ended, by either side. */
  readonly ended: Promise<void>
}

export class RpcClient {
  readonly url: string

  /** `url`: of the server, without a path, e.g. `http://127.0.0.1:4183`. */
  constructor(url: string) {
    this.url = url.replace(/\/+$/, '')
  }

  /** Fails with a CommandFailure: `unreachable`, or the node's own code. */
  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    const reply = await this.#post({ jsonrpc: '2.0', id: 1, method, params })
    if (reply.error !== undefined) throw failureOf(reply.error)
    return reply.result as NodeMethods[M]['result']
  }

  async #post(request: unknown): Promise<{ readonly result?: unknown; readonly error?: WireError }> {
    try {
      const response = await fetch(`${this.url}/rpc`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      })
      return (await response.json()) as { result?: unknown; error?: WireError }
    } catch (error) {
      throw this.#unreachable(error)
    }
  }

  /** Resolves once the node has confirmed the subscription: no later event is missed. */
  async subscribe<T extends RpcTopic>(
    topic: T,
    listener: (event: NodeTopics[T]) => void,
  ): Promise<EventStream> {
    const socket = new WebSocket(`${this.url.replace(/^http/, 'ws')}/ws`, {
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      maxPayload: MAX_EVENT_BYTES,
    })
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () =>
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { topic } })),
      )
      socket.once('error', (error) => reject(this.#unreachable(error)))
      socket.once('close', () => reject(this.#unreachable(new Error('the connection was closed'))))
      socket.on('message', (data) => {
        const message = JSON.parse(data.toString()) as {
          method?: string
          error?: WireError
          params?: { event: NodeTopics[T] }
        }
        if (message.method === 'event') return listener(message.params!.event)
        if (message.error === undefined) return resolve()
        socket.close()
        reject(failureOf(message.error))
      })
    })
    return { close: () => socket.close(), ended }
  }

  #unreachable(error: unknown): CommandFailure {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const detail = cause instanceof Error ? cause.message || cause.name : String(cause)
    return new CommandFailure('unreachable', `no node answers at ${this.url}`, { url: this.url, detail })
  }
}

function failureOf(error: WireError): CommandFailure {
  const { code, ...facts } = error.data ?? {}
  if (typeof code !== 'string') return new CommandFailure(`rpc${error.code}`, error.message, facts)
  const { message, data } = refusalOf(code, facts, error.message)
  return new CommandFailure(code, message, data)
}
