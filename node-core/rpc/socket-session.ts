/** One WebSocket client: its requests, its subscriptions, and its end when it does not keep up. */
import type { WebSocket } from 'ws'
import type { NodeApi } from '../node/node-api.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import {
  DROP_TIMEOUT_MS,
  MAX_BUFFERED_BYTES,
  MAX_PENDING_REQUESTS,
  PING_INTERVAL_MS,
  TOO_SLOW_CLOSE,
} from './constants.ts'
import { handleMessage } from './dispatch.ts'
import { refused } from './errors.ts'
import type { RpcTopic } from './methods.ts'

export interface SessionOptions {
  readonly socket: WebSocket
  readonly node: NodeApi
  readonly telemetry: Telemetry | null
  readonly document: Readonly<Record<string, unknown>>
}

/** Serves the socket until it closes; everything it holds ends with it. */
export function serveSocket({ socket, node, telemetry, document }: SessionOptions): void {
  const subscriptions = new Map<string, () => void>()
  let pending = 0
  let answeredPing = true

  const endSubscriptions = () => {
    for (const stop of subscriptions.values()) stop()
    subscriptions.clear()
  }
  /** The close frame stands behind what is unsent: a reader that catches up learns why, any other is cut. */
  const drop = () => {
    telemetry?.count('aitbc_rpc_slow_readers_dropped_total')
    endSubscriptions()
    socket.close(TOO_SLOW_CLOSE.code, TOO_SLOW_CLOSE.reason)
    const cut = setTimeout(() => socket.terminate(), DROP_TIMEOUT_MS)
    socket.once('close', () => clearTimeout(cut))
  }
  /** One message of any size is sent to who has read the ones before. */
  const send = (text: string) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return drop()
    socket.send(text)
  }
  const subscribe = (topic: string) => {
    if (subscriptions.has(topic)) return
    const stop = node.subscribe(topic as RpcTopic, (event) =>
      send(JSON.stringify({ jsonrpc: '2.0', method: 'event', params: { topic, event } })),
    )
    subscriptions.set(topic, stop)
  }
  const unsubscribe = (topic: string) => {
    subscriptions.get(topic)?.()
    subscriptions.delete(topic)
  }
  const context = { node, telemetry, document, subscriptions: { subscribe, unsubscribe } }

  socket.on('message', async (data, isBinary) => {
    if (isBinary) return socket.close(1003, 'text only')
    if (pending >= MAX_PENDING_REQUESTS)
      return send(
        JSON.stringify({
          jsonrpc: '2.0',
          id: null,
          error: refused({ code: 'too-many-requests', data: { limit: MAX_PENDING_REQUESTS } }),
        }),
      )
    pending += 1
    try {
      const reply = await handleMessage(context, data.toString())
      if (reply !== null) send(reply)
    } catch (error) {
      // Only a fault of this server gets here; the client has no answer to wait for.
      telemetry?.log(
        'error',
        'rpc',
        `a message failed: ${error instanceof Error ? error.message : String(error)}`,
      )
      socket.close(1011, 'internal error')
    } finally {
      pending -= 1
    }
  })
  const pings = setInterval(() => {
    if (!answeredPing) return socket.terminate()
    answeredPing = false
    socket.ping()
  }, PING_INTERVAL_MS)
  socket.on('pong', () => {
    answeredPing = true
  })
  socket.on('close', () => {
    clearInterval(pings)
    endSubscriptions()
  })
  // 'close' follows every error; a listener keeps a bad frame from ending the process.
  socket.on('error', () => telemetry?.count('aitbc_rpc_socket_errors_total'))
}
