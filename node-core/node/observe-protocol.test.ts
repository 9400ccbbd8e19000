/** What strangers ask of a node's chain, and what they answer to an observer: anything at all. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MemoryNetwork } from '../adapters/memory/memory-network.ts'
import { utf8 } from '../lib/bytes.ts'
import { fuzzRuns, hostileBytes, hostileJson } from '../lib/mutations.test-kit.ts'
import { CodedError } from '../ports/coded-error.ts'
import { formatAddress } from '../protocol/address.ts'
import { askObserved, OBSERVE_PROTOCOL } from './observe-protocol.ts'
import { TestCluster, type TestNode } from './test-cluster.ts'
import { writeHistory } from './test-history.ts'

const BLOCKS = 3
/** Bytes of a question. */
const QUESTION_BYTES = 1_024
const TIMEOUT = { timeoutMs: 5_000 }

let cluster: TestCluster
let honest: TestNode
let stranger: MemoryNetwork

beforeAll(async () => {
  cluster = await TestCluster.create({ validators: 4, ageMs: 60_000 })
  honest = await cluster.start(null, { disk: await writeHistory(cluster, { blocks: BLOCKS }) })
  stranger = cluster.hub.createNetwork()
  await stranger.start()
  await stranger.dial(honest.network.addresses()[0]!, TIMEOUT)
})
afterAll(async () => {
  await stranger.stop()
  await cluster.stop()
})

async function ask(question: Uint8Array): Promise<{ result?: unknown; code?: unknown }> {
  const answer = await stranger.request(honest.network.self, OBSERVE_PROTOCOL, question, TIMEOUT)
  return JSON.parse(new TextDecoder().decode(answer))
}
const asked = (method: unknown, params: unknown) => ask(utf8(JSON.stringify({ method, params })))

describe('a question', () => {
  const address = () => formatAddress(cluster.validators[0]!.address)

  it('of what can be proved is answered', async () => {
    expect(await asked('chain_head', {})).toMatchObject({ result: { height: BLOCKS } })
    expect(await asked('chain_certificate', { height: 2 })).toMatchObject({ result: { height: 2 } })
    expect(await asked('chain_proof', { address: address(), record: 'account' })).toMatchObject({
      result: { height: BLOCKS },
    })
  })

  it.each(['node_logs', 'tx_submit', 'wallet_accounts', 'constructor', '__proto__', ''])(
    'of anything else is none: %s',
    async (method) => {
      expect(await asked(method, {})).toEqual({ code: 'malformed' })
    },
  )

  it.each([
    ['chain_certificate', {}],
    ['chain_certificate', { height: '2' }],
    ['chain_certificate', { height: 2.5 }],
    ['chain_certificate', { height: 2, canonical: 1 }],
    ['chain_proof', { record: 'account' }],
    ['chain_proof', { address: null }],
    ['chain_proof', { address: 'ait1', record: 'supply' }],
    ['chain_transaction', {}],
    ['chain_transaction', { hash: ['0x'] }],
    ['chain_transaction', { hash: '0x', inclusion: 'yes' }],
    ['chain_head', null],
    ['chain_head', 'now'],
  ])('with parameters of other kinds is none: %s %j', async (method, params) => {
    expect(await asked(method, params)).toEqual({ code: 'malformed' })
  })

  it('has so many bytes and no more', async () => {
    const question = JSON.stringify({ method: 'chain_head', params: {} })
    expect(await ask(utf8(question.padEnd(QUESTION_BYTES)))).toMatchObject({ result: { height: BLOCKS } })
    expect(await ask(utf8(question.padEnd(QUESTION_BYTES + 1)))).toEqual({ code: 'malformed' })
  })

  it('of any bytes, and with anything for its parameters, is answered or refused with a code', async () => {
    const methods = fc.constantFrom('chain_head', 'chain_certificate', 'chain_proof', 'chain_transaction')
    const names = ['height', 'address', 'record', 'hash', 'inclusion']
    const record = fc.record(Object.fromEntries(names.map((name) => [name, hostileJson])), {
      requiredKeys: [],
    })
    const real = fc.constantFrom(
      { height: 2 },
      { address: address(), record: 'validator' },
      { hash: honest.node.chain.head!.id, inclusion: true },
    )
    const params = fc.oneof(
      hostileJson,
      record,
      fc.tuple(real, record).map(([right, wrong]) => ({ ...right, ...wrong })),
    )
    const questions = fc
      .tuple(methods, params)
      .map(([method, each]) => utf8(JSON.stringify({ method, params: each })))
    const bytes = fc
      .oneof(questions, hostileBytes(questions))
      .filter(({ length }) => length <= QUESTION_BYTES)
    await fc.assert(
      fc.asyncProperty(bytes, async (question) => {
        const { code, ...answer } = await ask(question)
        if ('result' in answer) return
        expect(code).toMatch(/^[a-z-]+$/)
        // That would be a throw that nobody foresaw.
        expect(code).not.toBe('internal')
      }),
      { numRuns: fuzzRuns(400) },
    )
  })
})

it('an answer of any bytes is a result of any shape, or a refusal with a code', async () => {
  const real = fc.constantFrom(
    { result: { height: 2, proof: ['0x00'] } },
    { code: 'pruned' },
    { code: 7 },
    { result: null },
  )
  let answer = new Uint8Array(0)
  const liar = cluster.hub.createNetwork()
  liar.handle(OBSERVE_PROTOCOL, async () => answer)
  await liar.start()
  await stranger.dial(liar.addresses()[0]!, TIMEOUT)
  const answers = fc.oneof(
    hostileBytes(real.map((each) => utf8(JSON.stringify(each)))),
    hostileJson.map((each) => utf8(JSON.stringify({ code: each }))),
    hostileJson.map((each) => utf8(JSON.stringify(each))),
  )
  await fc.assert(
    fc.asyncProperty(answers, async (bytes) => {
      answer = new Uint8Array(bytes)
      const outcome = await askObserved(stranger, liar.self, 'chain_head', {}).catch(
        (error: unknown) => error,
      )
      if (!(outcome instanceof Error)) return
      expect(outcome).toBeInstanceOf(CodedError)
      expect(typeof (outcome as CodedError).code).toBe('string')
    }),
    { numRuns: fuzzRuns(300) },
  )
  await liar.stop()
})
