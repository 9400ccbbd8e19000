/**
 * The WebSocket transport with a listener that nobody can bring down from outside. @libp2p/websockets 10.1.21 leaves out, on
 * the server's side: a listener for a socket's errors, so that one malformed frame of anybody ends the process; a limit of a
 * message's size other than ws's 100 MiB; any time limit before the upgrade; a limit of sockets; and its reset closes with a
 * code that ws refuses to send, so that the socket stays open.
 */
import { webSockets } from '@libp2p/websockets'
import { WEBSOCKET_HANDSHAKE_MS, WEBSOCKET_HEADER_BYTES, WEBSOCKET_MESSAGE_BYTES } from '../../mesh/limits.ts'

type Transports = ReturnType<typeof webSockets>

/** Of ws. */
interface Socket {
  on(event: 'error', listener: () => void): void
  close(code?: number, reason?: string): void
  terminate(): void
}

interface RawSocket {
  setTimeout(ms: number, listener: () => void): void
  destroy(): void
}

/** Private there, or missing from the package's interface; in a browser there is none of it. */
interface ListenerInternals {
  onWsServerConnection?: (socket: Socket, request: unknown) => void
  readonly wsServer: { readonly options: { maxPayload: number } }
  readonly server: {
    maxConnections: number
    on(event: 'connection', listener: (socket: RawSocket) => void): void
  }
}

const ABNORMAL_CLOSURE = 1006

/** `maxSockets`: open at once, those that are still shaking hands included. */
export function safeWebSockets(maxSockets: number): Transports {
  const create = webSockets({
    http: {
      headersTimeout: WEBSOCKET_HANDSHAKE_MS,
      requestTimeout: WEBSOCKET_HANDSHAKE_MS,
      maxHeaderSize: WEBSOCKET_HEADER_BYTES,
    },
  })
  return (components) => {
    const transport = create(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const listener = createListener(options)
      guard(listener as unknown as ListenerInternals, maxSockets)
      return listener
    }
    return transport
  }
}

function guard(listener: ListenerInternals, maxSockets: number): void {
  const accept = listener.onWsServerConnection
  if (!accept) return
  listener.onWsServerConnection = (socket, request) => {
    socket.on('error', () => socket.terminate())
    const close = socket.close.bind(socket)
    socket.close = (code, reason) => (code === ABNORMAL_CLOSURE ? socket.terminate() : close(code, reason))
    accept.call(listener, socket, request)
  }
  listener.wsServer.options.maxPayload = WEBSOCKET_MESSAGE_BYTES
  listener.server.maxConnections = maxSockets
  // ws takes the time limit off when the upgrade is done; libp2p has its own from there on.
  listener.server.on('connection', (socket) =>
    socket.setTimeout(WEBSOCKET_HANDSHAKE_MS, () => socket.destroy()),
  )
}
