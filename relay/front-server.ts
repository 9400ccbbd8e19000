/**
 * The relay's one public port: HTTP is answered here, WebSockets are passed on to libp2p on a loopback port.
 * So the address limits see real addresses, and one process with one port is a deployment.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { AddressMeter, partyOf } from './address-meter.ts'
import {
  type AddressLimits,
  HTTP_CONNECTIONS_PER_ADDRESS,
  IDLE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HTTP_CONNECTIONS,
} from './limits.ts'
import type { RelayMetrics } from './metrics.ts'

/** How long a client may take to send its headers, ms. */
const HEADERS_TIMEOUT_MS = 10_000
/** Bytes of a request's headers. */
const HEADER_BYTES = 16 * 1024

export interface FrontServerOptions {
  /** Where libp2p listens on 127.0.0.1; null while it starts. */
  readonly relayPort: () => number | null
  readonly limits: AddressLimits
  readonly allowedOrigins: readonly string[] | 'any'
  /** The address of a reverse proxy whose X-Forwarded-For is believed. */
  readonly trustedProxy: string | null
  readonly metrics: RelayMetrics
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

export class PortInUseError extends Error {
  readonly code = 'port-in-use'
  readonly port: number

  constructor(host: string, port: number) {
    super(`port ${port} on ${host} is already in use; choose another with --port`)
    this.port = port
  }
}

export class FrontServer {
  readonly #options: FrontServerOptions
  readonly #meter: AddressMeter
  readonly #server: Server
  readonly #sockets = new Set<Duplex>()
  /** Local port of the connection to libp2p → the party behind it. */
  readonly #parties = new Map<number, string>()
  /** TCP connections open by party, WebSockets among them. */
  readonly #open = new Map<string, number>()
  draining = false

  constructor(options: FrontServerOptions) {
    this.#options = options
    this.#meter = new AddressMeter(options.limits)
    this.#server = createServer(
      { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: HEADER_BYTES },
      (request, response) => void this.#respond(request, response),
    )
    this.#server.maxConnections = MAX_CONNECTIONS + MAX_HTTP_CONNECTIONS
    this.#server.timeout = IDLE_TIMEOUT_MS
    this.#server.on('connection', (socket: Socket) => this.#count(socket))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** Resolves with the port. Rejects with PortInUseError. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' ? new PortInUseError(host, port) : error),
      )
      this.#server.listen(port, host, () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address ? address.port : port)
      })
    })
  }

  /** Whoever holds connections open without using them takes the places of others; a proxy holds those of many. */
  #count(socket: Socket): void {
    const party = partyOf(socket.remoteAddress ?? '')
    if (party === this.#options.trustedProxy) return
    const open = (this.#open.get(party) ?? 0) + 1
    if (open > this.#options.limits.connections + HTTP_CONNECTIONS_PER_ADDRESS) {
      this.#options.metrics.count('connections_refused')
      socket.destroy()
      return
    }
    this.#open.set(party, open)
    socket.once('close', () => {
      const left = this.#open.get(party)! - 1
      if (left === 0) this.#open.delete(party)
      else this.#open.set(party, left)
    })
  }

  /** WebSocket connections open now. */
  get connections(): number {
    return this.#parties.size
  }

  /** The party behind a libp2p connection from this local port. */
  partyOfPort(port: number): string | undefined {
    return this.#parties.get(port)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#options.metrics.count('http_requests')
    if (!this.#meter.takeRequest(this.#partyOf(request), performance.now())) {
      this.#options.metrics.count('http_refused')
      response.writeHead(429, { 'retry-after': '1' }).end()
      return
    }
    try {
      await this.#options.answer(request, response)
    } catch {
      // The client went away in the middle, or a file vanished.
      response.destroy()
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const party = this.#partyOf(request)
    const refusal = this.#refusal(request, party)
    socket.on('error', () => socket.destroy())
    if (refusal) {
      this.#options.metrics.count('connections_refused')
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    this.#options.metrics.count('connections_opened')
    this.#sockets.add(socket)
    const inner = connect(this.#options.relayPort()!, '127.0.0.1')
    inner.setNoDelay(true)
    if ('setNoDelay' in socket) (socket as Socket).setNoDelay(true)
    inner.once('connect', () => {
      const port = inner.localPort!
      this.#parties.set(port, party)
      inner.once('close', () => this.#parties.delete(port))
      inner.write(requestHead(request))
      inner.write(head)
      socket.pipe(inner).pipe(socket)
    })
    inner.on('error', () => inner.destroy())
    inner.once('close', () => socket.destroy())
    socket.once('close', () => {
      inner.destroy()
      this.#sockets.delete(socket)
      this.#meter.closed(party)
    })
  }

  /** Status line of the refusal; null: counted as an open connection of the party. */
  #refusal(request: IncomingMessage, party: string): string | null {
    const { allowedOrigins } = this.#options
    const { origin } = request.headers
    if (this.#options.relayPort() === null) return '503 Service Unavailable'
    if (this.draining || this.#sockets.size >= MAX_CONNECTIONS) return '503 Service Unavailable'
    if (origin !== undefined && allowedOrigins !== 'any' && !allowedOrigins.includes(origin))
      return '403 Forbidden'
    return this.#meter.open(party, performance.now()) ? null : '429 Too Many Requests'
  }

  #partyOf(request: IncomingMessage): string {
    const peer = partyOf(request.socket.remoteAddress ?? '')
    const forwarded = request.headers['x-forwarded-for']
    if (peer !== this.#options.trustedProxy || typeof forwarded !== 'string') return peer
    return partyOf(forwarded.split(',').at(-1)!.trim())
  }
}

/** The request as it came: libp2p's own server answers the handshake. */
function requestHead(request: IncomingMessage): string {
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2)
    lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
