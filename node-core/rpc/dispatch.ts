/** One JSON-RPC message in, its answer out: parsing, checking against the table, calling the node. No transport here. */
import type { NodeApi } from '../node/node-api.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import {
  BATCH_LOT,
  MAX_BATCH_ANSWER_CHARACTERS,
  MAX_BATCH_REQUESTS,
  MAX_ID_CHARACTERS,
  REQUEST_TIMEOUT_MS,
} from './constants.ts'
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  isApiError,
  PARSE_ERROR,
  type RpcError,
  refused,
  UNKNOWN_METHOD,
} from './errors.ts'
import { schemaError } from './json-schema.ts'
import { isNodeMethod, METHODS, type MethodSpec, paramsSchema, SOCKET_METHODS } from './methods.ts'
import { SCHEMAS } from './result-schemas.ts'

export type RequestId = string | number | null

export interface RpcRequest {
  readonly method: string
  readonly params: unknown
  /** undefined: a notification, which is carried out and not answered. */
  readonly id: RequestId | undefined
}

export type RpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly error: RpcError }

export type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: RpcError }

export interface DispatchContext {
  readonly node: NodeApi
  readonly telemetry: Telemetry | null
  /** The OpenRPC document. */
  readonly document: Readonly<Record<string, unknown>>
  /** Where the transport can do it (WebSocket); null where it cannot (HTTP). Parameters are checked before the call. */
  readonly subscriptions: { subscribe(topic: string): void; unsubscribe(topic: string): void } | null
}

/** The answer as it goes on the wire; null when nothing is to be answered (notifications alone). */
export async function handleMessage(context: DispatchContext, text: string): Promise<string | null> {
  const parsed = parseJson(text)
  if (!parsed.ok)
    return JSON.stringify(
      answer(null, { ok: false, error: { code: PARSE_ERROR, message: 'the request is not JSON' } }),
    )
  if (!Array.isArray(parsed.value)) {
    const response = await handleOne(context, parsed.value)
    return response === null ? null : JSON.stringify(response)
  }
  return handleBatch(context, parsed.value)
}

async function handleBatch(context: DispatchContext, batch: readonly unknown[]): Promise<string | null> {
  if (batch.length === 0) return JSON.stringify(answer(null, invalidRequest('the batch is empty')))
  if (batch.length > MAX_BATCH_REQUESTS)
    return JSON.stringify(
      answer(null, invalidRequest(`a batch holds at most ${MAX_BATCH_REQUESTS} requests`)),
    )
  const responses: string[] = []
  let characters = 0
  // Side by side, so that signatures are verified at once; in lots, so that not all answers are made before they are counted.
  for (let first = 0; first < batch.length; first += BATCH_LOT) {
    const lot = batch.slice(first, first + BATCH_LOT)
    const isFull = characters > MAX_BATCH_ANSWER_CHARACTERS
    const answers = await Promise.all(
      lot.map((request) => (isFull ? refuseUnread(request) : handleOne(context, request))),
    )
    for (const response of answers) {
      if (response === null) continue
      const text = JSON.stringify(response)
      characters += text.length
      responses.push(text)
    }
  }
  return responses.length === 0 ? null : `[${responses.join(',')}]`
}

/** What stands before it in the batch has filled the answer. */
function refuseUnread(value: unknown): RpcResponse | null {
  const request = readRequest(value)
  if (typeof request === 'string') return answer(null, invalidRequest(request))
  if (request.id === undefined) return null
  const data = { limitCharacters: MAX_BATCH_ANSWER_CHARACTERS }
  return answer(request.id, { ok: false, error: refused({ code: 'answer-too-large', data }) })
}

async function handleOne(context: DispatchContext, value: unknown): Promise<RpcResponse | null> {
  const request = readRequest(value)
  if (typeof request === 'string') return answer(null, invalidRequest(request))
  const outcome = await callMethod(context, request)
  const method = isServed(request.method) ? request.method : 'other'
  context.telemetry?.count('aitbc_rpc_requests_total', { method, outcome: outcome.ok ? 'ok' : 'error' })
  return request.id === undefined ? null : answer(request.id, outcome)
}

/** Names that may become a label: there are not more of them than the table has. */
function isServed(method: string): boolean {
  return isNodeMethod(method) || Object.hasOwn(SOCKET_METHODS, method) || method === 'rpc.discover'
}

async function callMethod(context: DispatchContext, request: RpcRequest): Promise<Outcome> {
  const { method } = request
  if (method === 'rpc.discover') return { ok: true, result: context.document }
  if (method === 'subscribe' || method === 'unsubscribe')
    return callSubscription(context, method, request.params)
  if (!isNodeMethod(method))
    return {
      ok: false,
      error: {
        code: UNKNOWN_METHOD,
        message: 'there is no such method',
        data: { method: method.slice(0, MAX_ID_CHARACTERS) },
      },
    }
  const params = checkParams(METHODS[method], request.params)
  if (!params.ok) return params
  return callNode(context, () => context.node.call(method, params.result as never))
}

function callSubscription(
  context: DispatchContext,
  method: 'subscribe' | 'unsubscribe',
  given: unknown,
): Outcome {
  const params = checkParams(SOCKET_METHODS[method], given)
  if (!params.ok) return params
  if (context.subscriptions === null)
    return { ok: false, error: refused({ code: 'needs-websocket', data: {} }) }
  const { topic } = params.result as { topic: string }
  context.subscriptions[method](topic)
  return { ok: true, result: { topic } }
}

async function callNode(context: DispatchContext, call: () => Promise<unknown>): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Outcome>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({ ok: false, error: refused({ code: 'timeout', data: { afterMs: REQUEST_TIMEOUT_MS } }) }),
      REQUEST_TIMEOUT_MS,
    )
  })
  try {
    const done = Promise.resolve(call()).then((result): Outcome => ({ ok: true, result }))
    return await Promise.race([done, timeout])
  } catch (error) {
    if (isApiError(error)) return { ok: false, error: refused(error) }
    context.telemetry?.log(
      'error',
      'rpc',
      `a method failed: ${error instanceof Error ? error.message : String(error)}`,
    )
    return {
      ok: false,
      error: { code: INTERNAL_ERROR, message: 'the node failed on this request; its log says how' },
    }
  } finally {
    clearTimeout(timer)
  }
}

/** By name or by position, as the specification allows; checked against the table. */
function checkParams(spec: MethodSpec, given: unknown): Outcome {
  const params = Array.isArray(given) ? byName(spec, given) : (given ?? {})
  const error = typeof params === 'string' ? params : schemaError(paramsSchema(spec), params, SCHEMAS)
  return error === null
    ? { ok: true, result: params }
    : { ok: false, error: { code: INVALID_PARAMS, message: error } }
}

function byName(spec: MethodSpec, given: readonly unknown[]): Record<string, unknown> | string {
  if (given.length > spec.params.length)
    return `params has ${given.length} entries, the method takes at most ${spec.params.length}`
  return Object.fromEntries(given.map((value, index) => [spec.params[index]!.name, value]))
}

/** A string says what is wrong with it. */
function readRequest(value: unknown): RpcRequest | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a request is an object'
  const { jsonrpc, method, params, id } = value as Record<string, unknown>
  if (jsonrpc !== '2.0') return 'jsonrpc must be "2.0"'
  if (typeof method !== 'string') return 'method must be a string'
  if (params !== undefined && (typeof params !== 'object' || params === null))
    return 'params must be an object or an array'
  if (id !== undefined && !isRequestId(id))
    return `id must be a string of at most ${MAX_ID_CHARACTERS} characters, a number or null`
  return { method, params, id: id as RequestId | undefined }
}

function isRequestId(id: unknown): id is RequestId {
  return id === null || typeof id === 'number' || (typeof id === 'string' && id.length <= MAX_ID_CHARACTERS)
}

function answer(id: RequestId, outcome: Outcome): RpcResponse {
  return outcome.ok
    ? { jsonrpc: '2.0', id, result: outcome.result }
    : { jsonrpc: '2.0', id, error: outcome.error }
}

function invalidRequest(message: string): Outcome {
  return { ok: false, error: { code: INVALID_REQUEST, message } }
}

function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}
