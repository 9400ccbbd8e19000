/** What crosses between a node and the threads and tabs that use it. All of it is plain data for structured cloning. */
import type { ApiError } from '../../node/node-api.ts'
import { CodedError } from '../../ports/coded-error.ts'
import { CHANNEL_NAME_CHARACTERS } from '../limits.ts'

/** A MessagePort, a Worker, a worker's own scope and a BroadcastChannel all have it. */
export interface PortLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  /** A MessagePort delivers nothing before. */
  start?(): void
}

export type ApiName = 'node' | 'wallet'

/** Many clients and, around a hand-over, two servers share a BroadcastChannel: both are named in every message. */
interface Addressed {
  readonly client: string
  readonly server: string
  /** Chosen by the client, once in a connection's life. */
  readonly id: number
}

export type Request =
  | (Addressed & {
      readonly type: 'call'
      readonly api: ApiName
      readonly method: string
      readonly params: unknown
    })
  | (Addressed & { readonly type: 'subscribe'; readonly topic: string })
  /** `id` is that of the subscription. */
  | (Addressed & { readonly type: 'unsubscribe' })
  | (Addressed & { readonly type: 'goodbye' })

export type Reply =
  | (Addressed & { readonly type: 'result'; readonly value: unknown })
  | (Addressed & { readonly type: 'refusal'; readonly error: ApiError })
  /** `id` is that of the subscription; what one task brings comes together, oldest first. */
  | (Addressed & { readonly type: 'events'; readonly events: readonly unknown[] })

/** What a caller may see besides the node's own refusals. */
export type ChannelErrorCode =
  | 'timeout'
  /** The tab that ran the node went away with the call; it may or may not have been carried out. */
  | 'leader-changed'
  | 'closed'
  | 'too-many-requests'
  | 'not-cloneable'
  | 'internal'
  /** No tab runs a node yet. */
  | 'no-leader'

export class ChannelError extends CodedError<ChannelErrorCode> {
  override readonly name = 'ChannelError'
}

const REQUESTS: ReadonlySet<unknown> = new Set(['call', 'subscribe', 'unsubscribe', 'goodbye'])
const REPLIES: ReadonlySet<unknown> = new Set(['result', 'refusal', 'events'])

/** null: not a request at all (a broadcast carries other things too). */
export function readRequest(data: unknown): Request | null {
  const message = addressed(data)
  if (!message || !REQUESTS.has(message.type)) return null
  const { type, api, method, topic } = message
  if (type === 'call' && !((api === 'node' || api === 'wallet') && isName(method))) return null
  if (type === 'subscribe' && !isName(topic)) return null
  return message as unknown as Request
}

export function readReply(data: unknown): Reply | null {
  const message = addressed(data)
  if (!message || !REPLIES.has(message.type)) return null
  if (message.type === 'refusal' && !isApiError(message.error)) return null
  if (message.type === 'events' && !Array.isArray(message.events)) return null
  return message as unknown as Reply
}

export function isApiError(value: unknown): value is ApiError {
  if (typeof value !== 'object' || value === null) return false
  const { code, data } = value as Record<string, unknown>
  return typeof code === 'string' && typeof data === 'object' && data !== null
}

function addressed(data: unknown): Record<string, unknown> | null {
  if (typeof data !== 'object' || data === null) return null
  const message = data as Record<string, unknown>
  const whole =
    isName(message.client) && typeof message.server === 'string' && Number.isSafeInteger(message.id)
  return whole ? message : null
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= CHANNEL_NAME_CHARACTERS
}
