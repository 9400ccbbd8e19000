/**
 * Headers and proofs for observers in the mesh: the few questions of NodeApi that a light client asks, over a peer's stream.
 * JSON both ways. Answers are for checking, not for believing.
 */
import { utf8 } from '../lib/bytes.ts'
import { CodedError } from '../ports/coded-error.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { NodeApi, NodeMethod, NodeMethods } from './node-api.ts'

export const OBSERVE_PROTOCOL = 'observe/1'
type Kind = (value: unknown) => boolean

const isText: Kind = (value) => typeof value === 'string'
const isFlag: Kind = (value) => value === undefined || typeof value === 'boolean'
const isRecord: Kind = (value) => value === undefined || value === 'account' || value === 'validator'
/** What may be asked, and with which parameters: all of it can be proved, and none of it changes anything. */
const QUESTIONS: Partial<Record<NodeMethod, Readonly<Record<string, Kind>>>> = {
  chain_head: {},
  chain_certificate: { height: Number.isSafeInteger, canonical: isFlag },
  chain_proof: { address: isText, record: isRecord },
  chain_transaction: { hash: isText, inclusion: isFlag },
}
/** Bytes of a question: a method's name and a hash or an address. */
const QUESTION_BYTES = 1_024
const ANSWER_TIMEOUT_MS = 5_000

export function serveObservers(network: Network, api: Pick<NodeApi, 'call'>): void {
  network.handle(OBSERVE_PROTOCOL, async (request) => {
    const question = readQuestion(request)
    if (!question) return encode({ code: 'malformed' })
    try {
      return encode({ result: await api.call(question.method, question.params) })
    } catch (error) {
      return encode({ code: error instanceof CodedError ? error.code : 'internal' })
    }
  })
}

/** Rejects with the peer's code, or as the network does. */
export async function askObserved<M extends NodeMethod>(
  network: Network,
  peer: PeerId,
  method: M,
  params: NodeMethods[M]['params'],
): Promise<NodeMethods[M]['result']> {
  const request = encode({ method, params })
  const answer = decode(
    await network.request(peer, OBSERVE_PROTOCOL, request, { timeoutMs: ANSWER_TIMEOUT_MS }),
  )
  if (typeof answer.code === 'string') throw new CodedError(answer.code, { peer })
  // Of any shape: whoever checks it reads it as unknown.
  return answer.result as NodeMethods[M]['result']
}

function readQuestion(request: Uint8Array) {
  if (request.length > QUESTION_BYTES) return null
  const { method, params } = decode(request)
  const asked = Object.entries(QUESTIONS).find(([name]) => name === method)
  if (!asked || typeof params !== 'object' || params === null) return null
  const [name, kinds] = asked
  const given = params as Readonly<Record<string, unknown>>
  if (!Object.entries(kinds).every(([parameter, holds]) => holds(given[parameter]))) return null
  return { method: name as NodeMethod, params: params as NodeMethods[NodeMethod]['params'] }
}

function encode(value: unknown): Uint8Array {
  return utf8(JSON.stringify(value))
}

/** Whatever the bytes are: an object, if need be an empty one. */
function decode(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
