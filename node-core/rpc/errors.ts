/** Errors as JSON-RPC carries them. */
import type { ApiError } from '../node/node-api.ts'

export interface RpcError {
  readonly code: number
  /** Words for people. Programs read `code` and `data.code`. */
  readonly message: string
  readonly data?: Readonly<Record<string, unknown>>
}

export const PARSE_ERROR = -32700
export const INVALID_REQUEST = -32600
export const UNKNOWN_METHOD = -32601
export const INVALID_PARAMS = -32602
export const INTERNAL_ERROR = -32603
/** The node refused; `data.code` says why. */
export const REFUSED = -32000

const WORDS: Readonly<Record<string, string>> = {
  'not-found': 'there is nothing by that name here',
  'not-in-this-mode': 'an observer has no blocks, no state and no votes; ask a light or full node',
  'no-source': 'no connected peer could prove it',
  'not-ready': 'the node has not read its storage yet',
  pruned: 'this node no longer keeps it',
  'insufficient-balance': 'the balance is too small',
  'nonce-too-low': 'the nonce was used already',
  'nonce-too-high': 'too many transactions of this sender are waiting',
  'fee-too-low': 'the fee is below what the chain asks now',
  'pool-full': 'the pool is full; a higher tip would be let in',
  'sender-pool-share': 'this sender has its share of the pool waiting already',
  expired: 'the transaction is past its last height',
  malformed: 'it cannot be read: something in it is not of its kind',
  'too-large': 'the transaction is too large',
  'address-mismatch': 'the key that signed is not the sender’s',
  'replacement-underpriced': 'the tip is too low to replace a waiting transaction',
  'drip-too-early': 'this account was given money only a few blocks ago',
  'already-known': 'the transaction is known already',
  'bad-signature': 'the signature does not match',
  'wrong-chain': 'the transaction is for another chain',
  'not-a-drip': 'only a faucet drip is accepted here',
  'faucet-off': 'this chain has no faucet',
  'faucet-too-soon': 'this account was given money only a few blocks ago',
  'needs-websocket': 'subscriptions need the WebSocket at /ws',
  timeout: 'the node did not answer in time',
  'answer-too-large': 'the requests before it in the batch have filled the answer; ask again alone',
  'too-many-requests': 'too many requests are waiting for an answer',
}

/** The node's refusal; a code without words of its own is read aloud. */
export function refused(error: ApiError): RpcError {
  const message = WORDS[error.code] ?? error.code.replaceAll('-', ' ')
  return { code: REFUSED, message, data: { ...error.data, code: error.code } }
}

export function isApiError(value: unknown): value is ApiError {
  if (typeof value !== 'object' || value === null) return false
  const { code, data } = value as { code?: unknown; data?: unknown }
  return typeof code === 'string' && typeof data === 'object' && data !== null
}

/** The server could not start. `code`: `port-in-use` or `cannot-listen`. */
export class RpcStartError extends Error {
  readonly code: 'port-in-use' | 'cannot-listen'
  readonly data: Readonly<Record<string, unknown>>

  constructor(
    code: 'port-in-use' | 'cannot-listen',
    message: string,
    data: Readonly<Record<string, unknown>>,
  ) {
    super(message)
    this.name = 'RpcStartError'
    this.code = code
    this.data = data
  }
}
