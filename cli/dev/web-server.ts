/** Serves the built web app and /network.json on this machine. */
import { createServer, type ServerResponse } from 'node:http'
import { judgeRequest } from '../../node-core/rpc/request-guard.ts'
import { serveStatic } from '../../relay/static-files.ts'
import { CommandFailure } from '../failure.ts'

export interface WebServerOptions {
  readonly port: number
  /** The built web app. */
  readonly root: string
  /** The text of /network.json; null: not known yet. */
  readonly network: () => string | null
}

export interface WebServer {
  stop(): Promise<void>
}

/** Fails with `port-in-use`. */
export function startWebServer({ port, root, network }: WebServerOptions): Promise<WebServer> {
  const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  const server = createServer(async (request, response) => {
    const verdict = judgeRequest(request.headers, origins)
    if (!verdict.allowed) return send(response, 403, 'text/plain; charset=utf-8', `${verdict.reason}\n`)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, 'text/plain; charset=utf-8', 'GET only\n')
    if ((request.url ?? '/').split('?', 1)[0] === '/network.json') {
      const text = network()
      return text === null
        ? send(response, 503, 'text/plain; charset=utf-8', 'starting\n')
        : send(response, 200, 'application/json; charset=utf-8', text)
    }
    if (!(await serveStatic(root, request, response)))
      send(response, 404, 'text/plain; charset=utf-8', 'not found\n')
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'port-in-use' : 'cannot-listen'
      reject(
        new CommandFailure(
          code,
          code === 'port-in-use' ? `port ${port}, for the dashboard, is in use` : error.message,
          { port },
        ),
      )
    })
    server.listen(port, '127.0.0.1', () => resolve({ stop: () => stop(server) }))
  })
}

function stop(server: ReturnType<typeof createServer>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  return closed
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response
    .writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(body)
}
