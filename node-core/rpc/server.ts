/** JSON-RPC 2.0 over HTTP (POST /rpc) and WebSocket (/ws), Prometheus text (/metrics) and /healthz, for this machine alone. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { NodeApi } from '../node/node-api.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { API_VERSION } from './api-version.ts'
import { IDLE_TIMEOUT_MS, MAX_BODY_BYTES, RECEIVE_TIMEOUT_MS, STOP_TIMEOUT_MS } from './constants.ts'
import { handleMessage } from './dispatch.ts'
import { INVALID_REQUEST, RpcStartError } from './errors.ts'
import { openRpcDocument } from './openrpc.ts'
import { judgeRequest } from './request-guard.ts'
import { serveSocket } from './socket-session.ts'

export interface RpcOptions {
  readonly node: NodeApi
  readonly telemetry?: Telemetry
  /** Loopback: the RPC is not for other machines. */
  readonly host: '127.0.0.1'
  /** 0: any free one; the answer says which. */
  readonly port: number
  /** Origins of pages that may call, e.g. `http://127.0.0.1:4173`. */
  readonly allowedOrigins: readonly string[]
  /** WebSocket clients, and HTTP connections, at one time. */
  readonly maxClients: number
}

export interface RpcServer {
  readonly port: number
  stop(): Promise<void>
}

interface Serving {
  readonly options: RpcOptions
  readonly document: Readonly<Record<string, unknown>>
}

/** Rejects with an RpcStartError that names the port when it cannot listen. */
export async function startRpc(options: RpcOptions): Promise<RpcServer> {
  const serving: Serving = { options, document: openRpcDocument(API_VERSION) }
  const server = createServer((request, response) => {
    serveHttp(serving, request, response).catch((error: unknown) => {
      options.telemetry?.log(
        'warn',
        'rpc',
        `a request ended early: ${error instanceof Error ? error.message : String(error)}`,
      )
      response.destroy()
    })
  })
  server.requestTimeout = RECEIVE_TIMEOUT_MS
  server.headersTimeout = RECEIVE_TIMEOUT_MS
  server.timeout = IDLE_TIMEOUT_MS
  server.maxConnections = 2 * options.maxClients
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES })
  server.on('upgrade', (request, socket, head) => upgrade(serving, sockets, request, socket, head))
  const port = await listen(server, options)
  return { port, stop: () => stop(server, sockets) }
}

async function serveHttp(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const verdict = judgeRequest(request.headers, serving.options.allowedOrigins)
  if (!verdict.allowed) return reply(response, 403, { error: verdict.reason })
  if (verdict.origin !== null) {
    response.setHeader('access-control-allow-origin', verdict.origin)
    response.setHeader('vary', 'origin')
  }
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path === '/rpc' && request.method === 'POST') return serveRpc(serving, request, response)
  if (path === '/rpc' && request.method === 'OPTIONS') return preflight(response)
  if (path === '/metrics' && request.method === 'GET')
    return replyText(
      response,
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      serving.options.telemetry?.metrics() ?? '',
    )
  if (path === '/healthz' && request.method === 'GET') return serveHealth(serving, response)
  if (path === '/rpc' || path === '/metrics' || path === '/healthz')
    return reply(response, 405, { error: 'this path takes another method' })
  return reply(response, 404, { error: 'POST /rpc, WebSocket /ws, GET /metrics, GET /healthz' })
}

async function serveRpc(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  if (body === null) {
    response.setHeader('connection', 'close')
    return reply(response, 413, {
      jsonrpc: '2.0',
      id: null,
      error: { code: INVALID_REQUEST, message: `a request holds at most ${MAX_BODY_BYTES} bytes` },
    })
  }
  const context = {
    node: serving.options.node,
    telemetry: serving.options.telemetry ?? null,
    document: serving.document,
    subscriptions: null,
  }
  const answer = await handleMessage(context, body)
  if (answer === null) return replyText(response, 204, 'application/json', '')
  return replyText(response, 200, 'application/json', answer)
}

function preflight(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'POST')
  response.setHeader('access-control-allow-headers', 'content-type')
  response.setHeader('access-control-max-age', '600')
  replyText(response, 204, 'text/plain', '')
}

/** 200 while the node takes part; 503 with the phase while it starts, syncs or is halted. */
async function serveHealth(serving: Serving, response: ServerResponse): Promise<void> {
  const status = await serving.options.node.call('node_status', {}).catch(() => null)
  const healthy = status?.phase === 'running'
  return reply(response, healthy ? 200 : 503, {
    phase: status?.phase ?? 'unknown',
    height: status?.head?.height ?? null,
    stall: status?.stall ?? null,
  })
}

/** null: too long. What is sent beyond the limit is never kept. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  replyText(response, status, 'application/json', JSON.stringify(value))
}

function replyText(response: ServerResponse, status: number, type: string, text: string): void {
  response.statusCode = status
  response.setHeader('content-type', type)
  response.setHeader('x-content-type-options', 'nosniff')
  response.end(text)
}

function upgrade(
  serving: Serving,
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { options } = serving
  socket.on('error', () => socket.destroy())
  const refusal = upgradeRefusal(serving, sockets, request)
  if (refusal !== null) {
    socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    return
  }
  sockets.handleUpgrade(request, socket, head, (client) => {
    serveSocket({
      socket: client,
      node: options.node,
      telemetry: options.telemetry ?? null,
      document: serving.document,
    })
  })
}

function upgradeRefusal(
  { options }: Serving,
  sockets: WebSocketServer,
  request: IncomingMessage,
): string | null {
  if (!judgeRequest(request.headers, options.allowedOrigins).allowed) return '403 Forbidden'
  if ((request.url ?? '').split('?', 1)[0] !== '/ws') return '404 Not Found'
  return sockets.clients.size >= options.maxClients ? '503 Service Unavailable' : null
}

function listen(server: Server, { host, port }: RpcOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(new RpcStartError('port-in-use', `port ${port} on ${host} is in use`, { host, port }))
      else
        reject(
          new RpcStartError('cannot-listen', `cannot listen on ${host}:${port}: ${error.message}`, {
            host,
            port,
          }),
        )
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Open connections get a moment to finish, then are cut. */
async function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.close(1001, 'the node stops')
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => {
    for (const client of sockets.clients) client.terminate()
    server.closeAllConnections()
  }, STOP_TIMEOUT_MS)
  await closed
  clearTimeout(cut)
  sockets.close()
}
