/** WebDriver BiDi over one WebSocket: commands with their answers, and events. https://w3c.github.io/webdriver-bidi/ */
import WebSocket from 'ws'

/** Longer than any command here takes on a small machine: a page's own waiting is done by asking again. */
const COMMAND_TIMEOUT_MS = 60_000
/** A screenshot of a large page, as base64. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

export interface BidiEvent {
  readonly method: string
  readonly params: object
}

/** What the browser says of a command that it refuses; `code` is the protocol's own, e.g. 'no such frame'. */
export class BidiError extends Error {
  readonly code: string

  constructor(command: string, code: string, detail: string) {
    super(`${command}: ${code}: ${detail}`)
    this.name = 'BidiError'
    this.code = code
  }
}

interface Waiting {
  readonly command: string
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

type Message =
  | { readonly type: 'success'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number | null; readonly error: string; readonly message: string }
  | ({ readonly type: 'event' } & BidiEvent)

export class BidiClient {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(event: BidiEvent) => void>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.#received(JSON.parse(data.toString()) as Message))
    socket.on('error', (error) => this.#end(error))
    socket.on('close', () => this.#end(new Error('the browser closed the connection')))
  }

  static connect(url: string): Promise<BidiClient> {
    const socket = new WebSocket(url, { maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: COMMAND_TIMEOUT_MS })
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new BidiClient(socket)))
      socket.once('error', reject)
    })
  }

  /** Rejects with BidiError where the browser refuses. */
  send<Result>(command: string, params: object): Promise<Result> {
    if (this.#socket.readyState !== WebSocket.OPEN)
      return Promise.reject(new Error(`${command}: the connection to the browser is closed`))
    const id = ++this.#lastId
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(new Error(`${command}: no answer within ${COMMAND_TIMEOUT_MS} ms`))
      }, COMMAND_TIMEOUT_MS)
      this.#waiting.set(id, { command, resolve, reject, timer })
      this.#socket.send(JSON.stringify({ id, method: command, params }))
    }) as Promise<Result>
  }

  /** Events come after `session.subscribe` only. */
  listen(listener: (event: BidiEvent) => void): void {
    this.#listeners.add(listener)
  }

  close(): void {
    this.#socket.close()
  }

  #received(message: Message): void {
    if (message.type === 'event') {
      for (const listener of this.#listeners) listener(message)
      return
    }
    const waiting = message.id === null ? undefined : this.#waiting.get(message.id)
    if (message.id === null || waiting === undefined) return
    this.#waiting.delete(message.id)
    clearTimeout(waiting.timer)
    if (message.type === 'success') waiting.resolve(message.result)
    else waiting.reject(new BidiError(waiting.command, message.error, message.message))
  }

  #end(reason: Error): void {
    for (const { command, reject, timer } of this.#waiting.values()) {
      clearTimeout(timer)
      reject(new Error(`${command}: ${reason.message}`))
    }
    this.#waiting.clear()
  }
}
