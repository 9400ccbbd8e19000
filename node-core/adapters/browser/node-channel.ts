/**
 * NodeApi and WalletApi over a MessagePort (a page and its worker) or a BroadcastChannel (a tab and the tab that runs the
 * node). Both ends are of one origin. Refusals cross by value, as {code, data}.
 */
import type { NodeApi, NodeMethod, NodeTopic } from '../../node/node-api.ts'
import type { WalletApi, WalletMethod } from '../../node/wallet-api.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import { CodedError } from '../../ports/coded-error.ts'
import { reasonOf } from '../../ports/storage-error.ts'
import { CALL_TIMEOUT_MS, CALLS_IN_FLIGHT, CHANNEL_CLIENTS, CLIENT_SUBSCRIPTIONS } from '../limits.ts'
import { browserClock } from './browser-clock.ts'
import {
  ChannelError,
  type ChannelErrorCode,
  isApiError,
  type PortLike,
  type Reply,
  type Request,
  readReply,
  readRequest,
} from './channel-messages.ts'

export interface NodeApis {
  readonly node: NodeApi
  readonly wallet: WalletApi
}

export interface ServeOptions {
  /** Requests to another name are not answered. */
  readonly server?: string
  /** Called at the first request of each client, to watch over its end. */
  readonly onClient?: (client: string) => void
}

export interface NodeServer {
  /** Ends a client's subscriptions, when it is known to be gone. */
  dropClient(client: string): void
  /** Answers nothing from here on. */
  stop(): void
}

/** Answers the requests that come in over `port`. */
export function serveNode(port: PortLike, apis: NodeApis, options: ServeOptions = {}): NodeServer {
  return new Server(port, apis, options)
}

export interface ConnectOptions {
  readonly server?: string
  /** This end's name on a shared channel. */
  readonly client?: string
  readonly timeoutMs?: number
  readonly clock?: Pick<Clock, 'setTimer'>
}

export interface NodeConnection extends NodeApis {
  /** Calls in flight are rejected with `code`, subscriptions end. */
  close(code?: ChannelErrorCode): void
}

/** Every call settles: by an answer, by 'timeout' or by `close`. */
export function connectNode(port: PortLike, options: ConnectOptions = {}): NodeConnection {
  return new Connection(port, options)
}

interface Client {
  inFlight: number
  /** Subscription id → its end. */
  readonly subscriptions: Map<number, () => void>
  /** Subscription → what this task has brought it. */
  readonly events: Map<Request, unknown[]>
}

class Server implements NodeServer {
  readonly #port: PortLike
  readonly #apis: NodeApis
  readonly #name: string
  readonly #onClient: (client: string) => void
  readonly #clients = new Map<string, Client>()
  #stopped = false

  constructor(port: PortLike, apis: NodeApis, { server = '', onClient = () => undefined }: ServeOptions) {
    this.#port = port
    this.#apis = apis
    this.#name = server
    this.#onClient = onClient
    port.addEventListener('message', this.#receive)
    port.start?.()
  }

  dropClient(client: string): void {
    const known = this.#clients.get(client)
    this.#clients.delete(client)
    for (const end of known?.subscriptions.values() ?? []) end()
    known?.subscriptions.clear()
  }

  stop(): void {
    this.#stopped = true
    this.#port.removeEventListener('message', this.#receive)
    for (const client of [...this.#clients.keys()]) this.dropClient(client)
  }

  readonly #receive = (event: MessageEvent): void => {
    const request = readRequest(event.data)
    if (!request || request.server !== this.#name) return
    if (request.type === 'goodbye') {
      this.dropClient(request.client)
      return
    }
    const client = this.#clientOf(request.client)
    if (client) this.#dispatch(client, request)
    else this.#refuse(request, new ChannelError('too-many-requests', { clients: CHANNEL_CLIENTS }))
  }

  #dispatch(client: Client, request: Exclude<Request, { type: 'goodbye' }>): void {
    switch (request.type) {
      case 'call':
        void this.#call(client, request)
        break
      case 'subscribe':
        this.#subscribe(client, request)
        break
      case 'unsubscribe':
        client.subscriptions.get(request.id)?.()
        client.subscriptions.delete(request.id)
    }
  }

  #clientOf(name: string): Client | null {
    const known = this.#clients.get(name)
    if (known) return known
    if (this.#clients.size >= CHANNEL_CLIENTS) return null
    const client: Client = { inFlight: 0, subscriptions: new Map(), events: new Map() }
    this.#clients.set(name, client)
    this.#onClient(name)
    return client
  }

  async #call(client: Client, request: Request & { type: 'call' }): Promise<void> {
    if (client.inFlight >= CALLS_IN_FLIGHT) {
      return this.#refuse(request, new ChannelError('too-many-requests', { calls: CALLS_IN_FLIGHT }))
    }
    client.inFlight++
    try {
      const { node, wallet } = this.#apis
      const method = request.method as never
      const params = request.params as never
      const value: unknown = await (request.api === 'node'
        ? node.call(method, params)
        : wallet.call(method, params))
      this.#reply(request, { type: 'result', value })
    } catch (error) {
      this.#refuse(request, error)
    } finally {
      client.inFlight--
    }
  }

  #subscribe(client: Client, request: Request & { type: 'subscribe' }): void {
    if (client.subscriptions.has(request.id)) return
    try {
      if (client.subscriptions.size >= CLIENT_SUBSCRIPTIONS) {
        throw new ChannelError('too-many-requests', { subscriptions: CLIENT_SUBSCRIPTIONS })
      }
      const forward = (event: unknown): void => this.#gather(client, request, event)
      client.subscriptions.set(request.id, this.#apis.node.subscribe(request.topic as NodeTopic, forward))
    } catch (error) {
      this.#refuse(request, error)
    }
  }

  /** A block's transactions come within one task, and so in one message: each message costs the page a task of its own. */
  #gather(client: Client, request: Request, event: unknown): void {
    const gathered = client.events.get(request)
    if (gathered) {
      gathered.push(event)
      return
    }
    if (client.events.size === 0) queueMicrotask(() => this.#tell(client))
    client.events.set(request, [event])
  }

  #tell(client: Client): void {
    const told = [...client.events]
    client.events.clear()
    for (const [request, events] of told)
      if (client.subscriptions.has(request.id)) this.#post(request, { type: 'events', events })
  }

  #refuse(request: Request, error: unknown): void {
    const { code, data } = isApiError(error)
      ? error
      : new ChannelError('internal', { detail: reasonOf(error) })
    try {
      this.#reply(request, { type: 'refusal', error: { code, data } })
    } catch {
      this.#reply(request, { type: 'refusal', error: { code, data: {} } })
    }
  }

  /** What was told before stays before. */
  #reply(request: Request, body: ReplyBody): void {
    const client = this.#clients.get(request.client)
    if (client) this.#tell(client)
    this.#post(request, body)
  }

  #post({ client, server, id }: Request, body: ReplyBody): void {
    if (!this.#stopped) this.#port.postMessage({ client, server, id, ...body })
  }
}

type Unaddressed<Message> = Message extends unknown ? Omit<Message, 'client' | 'server' | 'id'> : never
type ReplyBody = Unaddressed<Reply>
type RequestBody = Unaddressed<Request>

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: Timer
}

class Connection implements NodeConnection {
  readonly #port: PortLike
  readonly #server: string
  readonly #client: string
  readonly #timeoutMs: number
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Map<number, (event: unknown) => void>()
  #ids = 0
  #closed: ChannelErrorCode | null = null

  constructor(port: PortLike, options: ConnectOptions) {
    this.#port = port
    this.#server = options.server ?? ''
    this.#client = options.client ?? crypto.randomUUID()
    this.#timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS
    this.#clock = options.clock ?? browserClock
    port.addEventListener('message', this.#receive)
    port.start?.()
  }

  readonly node: NodeApi = {
    call: (method, params) => this.#call('node', method, params) as never,
    subscribe: (topic, listener) => this.#subscribe(topic, listener as (event: unknown) => void),
  }

  readonly wallet: WalletApi = {
    call: (method, params) => this.#call('wallet', method, params) as never,
  }

  close(code: ChannelErrorCode = 'closed'): void {
    if (this.#closed) return
    this.#post(this.#ids++, { type: 'goodbye' })
    this.#closed = code
    this.#port.removeEventListener('message', this.#receive)
    for (const { reject, timer } of this.#waiting.values()) {
      timer.cancel()
      reject(new ChannelError(code))
    }
    this.#waiting.clear()
    this.#listeners.clear()
  }

  async #call(api: 'node' | 'wallet', method: NodeMethod | WalletMethod, params: unknown): Promise<unknown> {
    if (this.#closed) throw new ChannelError(this.#closed)
    if (this.#waiting.size >= CALLS_IN_FLIGHT)
      throw new ChannelError('too-many-requests', { calls: CALLS_IN_FLIGHT })
    const id = this.#ids++
    try {
      this.#post(id, { type: 'call', api, method, params })
    } catch (error) {
      throw new ChannelError('not-cloneable', { method, detail: reasonOf(error) })
    }
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(this.#timeoutMs, () => {
        this.#waiting.delete(id)
        reject(new ChannelError('timeout', { method, timeoutMs: this.#timeoutMs }))
      })
      this.#waiting.set(id, { resolve, reject, timer })
    })
  }

  #subscribe(topic: NodeTopic, listener: (event: unknown) => void): () => void {
    if (this.#closed) return () => undefined
    const id = this.#ids++
    this.#listeners.set(id, listener)
    this.#post(id, { type: 'subscribe', topic })
    return () => {
      if (this.#listeners.delete(id)) this.#post(id, { type: 'unsubscribe' })
    }
  }

  #post(id: number, body: RequestBody): void {
    this.#port.postMessage({ client: this.#client, server: this.#server, id, ...body })
  }

  readonly #receive = (event: MessageEvent): void => {
    const reply = readReply(event.data)
    if (!reply || reply.client !== this.#client || reply.server !== this.#server) return
    if (reply.type === 'events') {
      for (const event of reply.events) this.#listeners.get(reply.id)?.(event)
      return
    }
    const waiting = this.#waiting.get(reply.id)
    if (!waiting) return
    this.#waiting.delete(reply.id)
    waiting.timer.cancel()
    if (reply.type === 'result') waiting.resolve(reply.value)
    else waiting.reject(new CodedError(reply.error.code, reply.error.data))
  }
}
