/** Hostile callers on real sockets: a real node behind the real server for what is asked, a stand-in where answers are huge. */
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { fuzzRuns, hostileJson, nested } from '../lib/mutations.test-kit.ts'
import type { NodeMethod } from '../node/node-api.ts'
import { TestCluster, untilBlock } from '../node/test-cluster.ts'
import { formatAddress } from '../protocol/address.ts'
import {
  MAX_BATCH_ANSWER_CHARACTERS,
  MAX_BATCH_REQUESTS,
  MAX_BUFFERED_BYTES,
  TOO_SLOW_CLOSE,
} from './constants.ts'
import { INTERNAL_ERROR, REFUSED } from './errors.ts'
import { EXAMPLES } from './examples.ts'
import { METHODS, SOCKET_METHODS } from './methods.ts'
import { type RpcServer, startRpc } from './server.ts'
import { StandInNode } from './stand-in-node.test-kit.ts'

const RUNS = fuzzRuns(40)
const MIB = 1024 * 1024

interface Answer {
  readonly jsonrpc: string
  readonly id: unknown
  readonly result?: unknown
  readonly error?: {
    readonly code: number
    readonly message: string
    readonly data?: { readonly code?: string }
  }
}

async function post(port: number, body: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

/** A result, or an error with a number and words; never a fault of the node's. */
function isAnswer(answer: Answer, what: string): void {
  expect(answer.jsonrpc, what).toBe('2.0')
  if (answer.error === undefined) {
    expect(answer, what).toHaveProperty('result')
    return
  }
  expect(answer.error.code, `${what}: ${answer.error.message}`).not.toBe(INTERNAL_ERROR)
  expect(answer.error.code, what).toBeLessThanOrEqual(REFUSED)
  expect(answer.error.message, what).not.toBe('')
  if (answer.error.code === REFUSED) expect(answer.error.data?.code, what).toMatch(/^[a-z-]+$/)
}

describe('any parameters of any method, asked of a real node', () => {
  let cluster: TestCluster
  let rpc: RpcServer

  beforeAll(async () => {
    cluster = await TestCluster.create({ validators: 1 })
    const { api, node } = await cluster.start(cluster.validators[0]!)
    await untilBlock(node, () => node.chain.height >= 2)
    rpc = await startRpc({ node: api, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 32 })
  })
  afterAll(async () => {
    await rpc.stop()
    await cluster.stop()
  })

  const ask = async (method: string, params: unknown): Promise<Answer> => {
    const response = await post(rpc.port, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
    expect(response.status).toBe(200)
    return (await response.json()) as Answer
  }

  const heights = fc.oneof(
    fc.constantFrom(1, 2, 3, 10_000, 2 ** 32, 2 ** 53 - 1),
    fc.integer({ min: 1, max: 5 }),
  )
  /** Values that pass the schemas, so that the node itself is asked odd things. */
  const fitting = (): fc.Arbitrary<unknown> =>
    fc.oneof(
      heights,
      fc.constantFrom<unknown>(
        `0x${'00'.repeat(32)}`,
        `0x${'ff'.repeat(32)}`,
        '0x00',
        `0x${'ab'.repeat(60_000)}`,
        formatAddress(cluster.validators[0]!.address),
        EXAMPLES.chain_account.params.address,
        { type: 'transfer', to: {}, amount: [] },
        { type: 'batch', payloads: [null, 5, { type: 'batch', payloads: [] }] },
        { type: 'batch', payloads: [] },
        { type: 'validator.update', name: { toString: 1 }, commission: -1 },
        { type: 'validator.register', stake: '99999999999999999999', commission: 2 ** 53 - 1 },
        { type: '__proto__' },
        { type: 'batch', payloads: nested(500) },
      ),
    )

  it.each(Object.keys(METHODS) as NodeMethod[])('%s answers', async (method) => {
    const names = METHODS[method].params.map((param) => param.name)
    const value = fc.oneof(hostileJson, fitting())
    const byName = fc
      .record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
      .chain((params) => fc.constantFrom<unknown>(params, { ...params, __extra: 1 }))
    const params = fc.oneof({ weight: 4, arbitrary: byName }, fc.array(value, { maxLength: 4 }), hostileJson)
    await fc.assert(
      fc.asyncProperty(params, async (given) => {
        isAnswer(await ask(method, given), `${method} ${JSON.stringify(given)?.slice(0, 200)}`)
      }),
      { numRuns: RUNS },
    )
    expect((await fetch(`http://127.0.0.1:${rpc.port}/healthz`)).status).toBeLessThan(504)
  })

  it('any bytes as a request', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const batches = fc.array(hostileJson, { maxLength: 12 }).map((batch) => JSON.stringify(batch))
    const texts = fc.oneof(
      fc.string({ maxLength: 200 }),
      batches,
      fc.constantFrom('', '\u0000', deep, `{"a":${deep}}`),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const response = await post(rpc.port, text)
        if (response.status === 204) return
        expect(response.status).toBe(200)
        const answers = [(await response.json()) as Answer | Answer[]].flat()
        for (const answer of answers) isAnswer(answer, text.slice(0, 100))
      }),
      { numRuns: fuzzRuns(100) },
    )
  })

  it('a payload two thousand deep within payloads is refused, not the end of the node', async () => {
    let payload: unknown = { type: 'batch', payloads: [] }
    for (let i = 0; i < 2_000; i++) payload = { type: 'batch', payloads: [payload] }
    const sender = formatAddress(cluster.validators[0]!.address)
    isAnswer(await ask('tx_estimate', { sender, payload }), 'deep payload')
  })

  it('callers with full batches at once are all answered', async () => {
    const methods = Object.keys(METHODS) as NodeMethod[]
    const batch = Array.from({ length: MAX_BATCH_REQUESTS }, (_, i) => {
      const method = methods[i % methods.length]!
      return { jsonrpc: '2.0', id: i, method, params: EXAMPLES[method].params }
    })
    const callers = Array.from({ length: 16 }, async () => {
      const answers = (await (await post(rpc.port, JSON.stringify(batch))).json()) as Answer[]
      expect(answers.map((answer) => answer.id)).toEqual(batch.map(({ id }) => id))
      for (const answer of answers) isAnswer(answer, 'batch')
    })
    await Promise.all(callers)
  })

  it('a caller that sends half a request and one that sends nonsense do not matter', async () => {
    const half = connect(rpc.port, '127.0.0.1', () =>
      half.write('POST /rpc HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le'),
    )
    const nonsense = connect(rpc.port, '127.0.0.1', () =>
      nonsense.write('\u0016\u0003\u0001\u0002\u0000'.repeat(50)),
    )
    half.on('error', () => {})
    nonsense.on('error', () => {}).resume()
    await new Promise((resolve) => nonsense.once('close', resolve))
    isAnswer(await ask('chain_head', {}), 'head')
    half.destroy()
  })
})

describe('clients of a stand-in that answers as large as it is told', () => {
  let node: StandInNode
  let rpc: RpcServer
  const sockets: WebSocket[] = []

  beforeAll(async () => {
    node = new StandInNode()
    rpc = await startRpc({ node, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
  })
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate()
    node.result = null
  })
  afterAll(() => rpc.stop())

  async function subscribed(topic: string): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${rpc.port}/ws`)
    sockets.push(socket)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    const confirmed = new Promise((resolve) => socket.once('message', resolve))
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { topic } }))
    await confirmed
    return socket
  }

  it('one that does not read is dropped with a reason, and another gets every head', async () => {
    const slow = await subscribed('heads')
    const reading = await subscribed('heads')
    let heads = 0
    reading.on('message', () => heads++)
    slow.pause()
    const event = { ...EXAMPLES.chain_head.result, filler: 'x'.repeat(MAX_BUFFERED_BYTES / 4) }
    let sent = 0
    // The kernel's own buffers fill first; how much they take differs between machines.
    for (; sent < 300 && node.listeners.get('heads')!.size > 1; sent++) {
      node.emit('heads', event)
      while (heads <= sent) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(node.listeners.get('heads')!.size).toBe(1)
    const closed = new Promise((resolve) => slow.once('close', (code, why) => resolve([code, String(why)])))
    slow.resume()
    expect(await closed).toEqual([TOO_SLOW_CLOSE.code, TOO_SLOW_CLOSE.reason])
    node.emit('heads', EXAMPLES.chain_head.result)
    while (heads < sent + 1) await new Promise((resolve) => setImmediate(resolve))
    expect(heads).toBe(sent + 1)
  })

  it('one that reads gets an answer of any size', async () => {
    const socket = await subscribed('peers')
    node.result = 'x'.repeat(3 * MAX_BUFFERED_BYTES)
    const answers: number[] = []
    const done = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        answers.push(data.toString().length)
        if (answers.length < 3) socket.send(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'chain_head' }))
        else resolve()
      }),
    )
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'chain_head' }))
    await done
    expect(Math.min(...answers)).toBeGreaterThan(3 * MAX_BUFFERED_BYTES)
  })

  it('a batch whose answers would not fit in memory is answered as far as they do', async () => {
    node.result = 'x'.repeat(MIB)
    const batch = Array.from({ length: MAX_BATCH_REQUESTS }, (_, id) => ({
      jsonrpc: '2.0',
      id,
      method: 'chain_head',
    }))
    const text = await (await post(rpc.port, JSON.stringify(batch))).text()
    expect(text.length).toBeLessThan(2 * MAX_BATCH_ANSWER_CHARACTERS)
    const answers = JSON.parse(text) as Answer[]
    expect(answers.map((answer) => answer.id)).toEqual(batch.map(({ id }) => id))
    expect(answers.at(-1)?.error?.data?.code).toBe('answer-too-large')
    expect(answers[0]?.error).toBeUndefined()
  })

  it('messages of any kind do not end the server', async () => {
    const socket = await subscribed('peers')
    const texts = fc.sample(
      fc.oneof(
        hostileJson.map((value) => JSON.stringify(value) ?? ''),
        fc
          .tuple(fc.constantFrom(...Object.keys(SOCKET_METHODS)), hostileJson)
          .map(([method, params]) =>
            JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { topic: params } }),
          ),
      ),
      { numRuns: 300, seed: 5 },
    )
    const last = JSON.stringify({ jsonrpc: '2.0', id: 'last', method: 'chain_head' })
    const answered = new Promise((resolve) =>
      socket.on('message', (data) => {
        const text = data.toString()
        if (text.includes('"last"')) resolve(null)
        else if (text.includes('too-many-requests')) socket.send(last)
      }),
    )
    for (const text of texts) socket.send(text)
    socket.send(last)
    await answered
    const other = await subscribed('heads')
    expect(other.readyState).toBe(WebSocket.OPEN)
  })
})
