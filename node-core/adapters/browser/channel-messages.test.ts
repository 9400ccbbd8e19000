/** What comes over a port or a shared channel is anything that can be cloned: a message in its kinds, or none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzRuns, hostileJson } from '../../lib/mutations.test-kit.ts'
import { CHANNEL_NAME_CHARACTERS } from '../limits.ts'
import { type Reply, type Request, readReply, readRequest } from './channel-messages.ts'

const RUNS = fuzzRuns(2_000)
const address = { client: 'tab', server: 'here', id: 3 }
const REQUESTS: readonly Request[] = [
  { ...address, type: 'call', api: 'node', method: 'chain_head', params: {} },
  { ...address, type: 'call', api: 'wallet', method: 'wallet_accounts', params: undefined },
  { ...address, type: 'subscribe', topic: 'heads' },
  { ...address, type: 'unsubscribe' },
  { ...address, type: 'goodbye' },
]
const REPLIES: readonly Reply[] = [
  { ...address, type: 'result', value: [1n] },
  { ...address, type: 'refusal', error: { code: 'pruned', data: { oldest: 7 } } },
  { ...address, type: 'events', events: [null] },
]

/** Whatever structured cloning carries. */
const cloned = fc.oneof(
  hostileJson,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
  }),
)
const NAMES = [
  'client',
  'server',
  'id',
  'type',
  'api',
  'method',
  'topic',
  'error',
  'events',
  'params',
  'value',
]
/** Real messages with some fields of another kind, or gone. */
const bentMessages = (real: readonly object[]) =>
  fc
    .tuple(fc.constantFrom(...real), fc.array(fc.tuple(fc.constantFrom(...NAMES), cloned), { maxLength: 3 }))
    .map(([message, changes]) => ({ ...message, ...Object.fromEntries(changes) }))
const isName = (value: unknown) =>
  typeof value === 'string' && value.length >= 1 && value.length <= CHANNEL_NAME_CHARACTERS

describe('a message of a channel', () => {
  it('is read as it was sent, and a request is no reply', () => {
    for (const request of REQUESTS)
      expect([readRequest(request), readReply(request)]).toEqual([request, null])
    for (const reply of REPLIES) expect([readReply(reply), readRequest(reply)]).toEqual([reply, null])
  })

  it('that is any value is a request in its kinds, or none', () => {
    fc.assert(
      fc.property(fc.oneof(cloned, bentMessages(REQUESTS)), (value) => {
        const request = readRequest(value)
        if (request === null) return
        expect(isName(request.client) && typeof request.server === 'string').toBe(true)
        expect(Number.isSafeInteger(request.id)).toBe(true)
        if (request.type === 'call') {
          expect(['node', 'wallet']).toContain(request.api)
          expect(isName(request.method)).toBe(true)
        } else if (request.type === 'subscribe') expect(isName(request.topic)).toBe(true)
        else expect(['unsubscribe', 'goodbye']).toContain(request.type)
      }),
      { numRuns: RUNS },
    )
  })

  it('that is any value is a reply in its kinds, or none', () => {
    fc.assert(
      fc.property(fc.oneof(cloned, bentMessages(REPLIES)), (value) => {
        const reply = readReply(value)
        if (reply === null) return
        expect(isName(reply.client) && Number.isSafeInteger(reply.id)).toBe(true)
        if (reply.type === 'refusal') {
          expect(typeof reply.error.code).toBe('string')
          expect(typeof reply.error.data).toBe('object')
          expect(reply.error.data).not.toBeNull()
        } else if (reply.type === 'events') expect(Array.isArray(reply.events)).toBe(true)
        else expect(reply.type).toBe('result')
      }),
      { numRuns: RUNS },
    )
  })

  it('that refuses says with which code and data', () => {
    const refusal = (error: unknown) => readReply({ ...address, type: 'refusal', error })
    expect(refusal({ code: 'pruned', data: {} })).not.toBeNull()
    for (const error of [
      null,
      'pruned',
      {},
      { code: 'pruned' },
      { code: 'pruned', data: null },
      { code: 7, data: {} },
    ])
      expect(refusal(error)).toBeNull()
  })

  it.each([
    ['client', REQUESTS[0]!],
    ['method', REQUESTS[0]!],
    ['topic', REQUESTS[2]!],
  ] as const)('names its %s in so many characters, at least one', (name, request) => {
    const read = (characters: number) => readRequest({ ...request, [name]: 'x'.repeat(characters) })
    expect(read(CHANNEL_NAME_CHARACTERS)).not.toBeNull()
    expect(read(CHANNEL_NAME_CHARACTERS + 1)).toBeNull()
    expect(read(0)).toBeNull()
  })
})
