/** Two hundred sockets on one validator of four while all four decide: most read, some never do, some send what nobody should. */
import { Session } from 'node:inspector/promises'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../adapters/nodejs/system-clock.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import { toHex } from '../lib/bytes.ts'
import { type Person, person, TestCluster, type TestNode, untilBlock } from '../node/test-cluster.ts'
import { formatAddress } from '../protocol/address.ts'
import type { Hash } from '../protocol/ids.ts'
import { MAX_BODY_BYTES, MAX_BUFFERED_BYTES } from './constants.ts'
import { INVALID_REQUEST, PARSE_ERROR } from './errors.ts'
import { TOPICS } from './methods.ts'
import { type RpcServer, startRpc } from './server.ts'

const CLIENTS = 200
const SLOW = 40
const HOSTILE = 4
const READERS = CLIENTS - SLOW - HOSTILE
/** Heights that the crowd sees at least. */
const HEIGHTS = 15
const LARGE_REQUEST = JSON.stringify(
  Array.from({ length: 10 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'rpc.discover' })),
)
const MIB = 1024 * 1024
/** Of its answer, some more than it has. */
const LARGE_ANSWER_BYTES = MIB
/** What the four nodes and their callers may need besides, whoever reads or not. */
const NODES_BYTES = 100 * MIB
const QUEUES_BYTES = SLOW * (MAX_BUFFERED_BYTES + LARGE_ANSWER_BYTES)

const telemetry = createTelemetry({ clock: systemClock })
const sockets = new Set<WebSocket>()
let alice: Person
let cluster: TestCluster
let validator: TestNode
let rpc: RpcServer

beforeAll(async () => {
  inspector.connect()
  alice = await person('alice')
  cluster = await TestCluster.create({ validators: 4, rich: [alice] })
  for (const each of cluster.validators) await cluster.start(each)
  validator = cluster.nodes[0]!
  await untilBlock(validator.node, () => validator.node.chain.height >= 2)
  rpc = await startRpc({
    node: validator.api,
    telemetry,
    host: '127.0.0.1',
    port: 0,
    allowedOrigins: [],
    maxClients: CLIENTS,
  })
})
afterAll(async () => {
  for (const socket of sockets) socket.terminate()
  await rpc.stop()
  await cluster.stop()
  inspector.disconnect()
})

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${rpc.port}/ws`)
  sockets.add(socket)
  socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

const request = (method: string, params: unknown = {}, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const closed = (socket: WebSocket) =>
  new Promise<unknown>((resolve) => socket.once('close', (code, why) => resolve([code, String(why)])))

async function post(body: string): Promise<{ readonly status: number; readonly answer: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`http://127.0.0.1:${rpc.port}/rpc`, { method: 'POST', headers, body })
  return { status: response.status, answer: await response.json() }
}

/** Of an answer that is no error. */
async function ask<T>(method: string, params: unknown = {}): Promise<T> {
  const { status, answer } = await post(JSON.stringify(request(method, params)))
  expect({ method, status, answer }).toMatchObject({ status: 200, answer: { result: expect.anything() } })
  return (answer as { readonly result: T }).result
}

const metric = (name: string) =>
  Number(new RegExp(`^${name} (\\d+)`, 'm').exec(telemetry.metrics())?.[1] ?? 0)

const inspector = new Session()
/** Of this process, without what nobody holds any more. */
async function heldBytes(): Promise<number> {
  await inspector.post('HeapProfiler.collectGarbage')
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Every height it is told of. */
async function reader(): Promise<{ readonly heights: number[]; until(height: number): Promise<void> }> {
  const socket = await open()
  const heights: number[] = []
  let look = () => {}
  socket.on('message', (data) => {
    const { params } = JSON.parse(data.toString())
    if (params?.topic === 'heads') heights.push(params.event.height)
    look()
  })
  socket.send(JSON.stringify(request('subscribe', { topic: 'heads' })))
  const until = (height: number) =>
    new Promise<void>((resolve, reject) => {
      look = () => {
        if ((heights.at(-1) ?? 0) >= height) resolve()
      }
      socket.once('close', (code) => reject(new Error(`a reader was closed: ${code}`)))
      look()
    })
  await new Promise<void>((resolve) => {
    look = resolve
  })
  return { heights, until }
}

/** Subscribes to all there is, asks for more and more, and never reads. */
async function slowReader(): Promise<{ readonly socket: WebSocket; askMore(): void }> {
  const socket = await open()
  socket.pause()
  for (const topic of TOPICS) socket.send(JSON.stringify(request('subscribe', { topic })))
  return {
    socket,
    askMore: () => {
      if (socket.readyState === WebSocket.OPEN) socket.send(LARGE_REQUEST)
    },
  }
}

/** One of each kind that no client should send, and what comes of it. */
async function misbehave(): Promise<void> {
  const oversize = await open()
  const refused = closed(oversize)
  oversize.send('x'.repeat(MAX_BODY_BYTES + 1))
  expect(await refused).toEqual([1009, ''])

  const binary = await open()
  const unread = closed(binary)
  binary.send(new Uint8Array(64))
  expect(await unread).toEqual([1003, 'text only'])

  const malformed = await open()
  for (const [text, code] of [
    ['{"jsonrpc"', PARSE_ERROR],
    ['['.repeat(10_000), PARSE_ERROR],
    ['{"jsonrpc":"1.0"}', INVALID_REQUEST],
  ] as const) {
    const answered = new Promise((resolve) =>
      malformed.once('message', (data) => resolve(JSON.parse(String(data)))),
    )
    malformed.send(text)
    expect(await answered).toMatchObject({ error: { code } })
  }
  malformed.terminate()
  await closed(malformed)

  expect(await post('x'.repeat(MAX_BODY_BYTES + 1))).toMatchObject({ status: 413 })
  expect(await post('nonsense')).toMatchObject({ status: 200, answer: { error: { code: PARSE_ERROR } } })
  const half = connect(rpc.port, '127.0.0.1')
  await new Promise<void>((resolve) =>
    half.write('POST /rpc HTTP/1.1\r\nHost: 127.0.0.1\r\n', () => resolve()),
  )
  half.destroy()
}

/** Asks as wallets and pages do, and sends a transfer that has to be decided. */
async function honestWork(nonce: number): Promise<number> {
  const to = cluster.validators[0]!.address
  const transaction = toHex(await cluster.sign(alice, { type: 'transfer', to, amount: 1n }, nonce))
  const { hash } = await ask<{ readonly hash: Hash }>('tx_submit', { transaction })
  await untilBlock(validator.node, () => validator.node.history.find(hash) !== undefined)
  const { height } = await ask<{ readonly height: number }>('chain_transaction', { hash })
  const account = await ask<{ readonly nonce: number }>('chain_account', {
    address: formatAddress(alice.address),
  })
  expect(account.nonce).toBeGreaterThan(nonce)
  const head = await ask<{ readonly height: number }>('chain_head')
  expect(head.height).toBeGreaterThanOrEqual(height)
  return head.height
}

const TIMEOUT_MS = 180_000

describe('a crowd on a validator', { timeout: TIMEOUT_MS }, () => {
  it('is served: who reads misses no block, who does not is let go, and the chain goes on', async () => {
    const readers = await Promise.all(Array.from({ length: READERS }, reader))
    const slow = await Promise.all(Array.from({ length: SLOW }, slowReader))
    const spare = await Promise.all(Array.from({ length: HOSTILE }, open))
    await expect(open()).rejects.toThrow('503')
    for (const socket of spare) socket.terminate()
    await Promise.all(spare.map(closed))

    const from = validator.node.chain.height
    const before = await heldBytes()
    let most = 0
    const dropped = () => metric('aitbc_rpc_slow_readers_dropped_total')
    const isOver = () =>
      (validator.node.chain.height >= from + HEIGHTS && dropped() === SLOW) ||
      most > NODES_BYTES + QUEUES_BYTES
    const keepAt = async (work: (turn: number) => Promise<unknown>) => {
      for (let turn = 0; turn === 0 || !isOver(); turn++) await work(turn)
    }
    await Promise.all([
      keepAt(honestWork),
      ...Array.from({ length: HOSTILE }, () => keepAt(misbehave)),
      keepAt(async () => {
        for (const each of slow) each.askMore()
        const { height } = validator.node.chain
        await untilBlock(validator.node, () => validator.node.chain.height > height)
        most = Math.max(most, (await heldBytes()) - before)
      }),
    ])
    expect(most).toBeLessThan(NODES_BYTES + QUEUES_BYTES)
    expect(dropped()).toBe(SLOW)

    const last = validator.node.chain.height
    await Promise.all(readers.map((each) => each.until(last)))
    for (const { heights } of readers) expect(heights).toEqual(Array.from(heights, (_, i) => heights[0]! + i))
    expect(Math.max(...readers.map(({ heights }) => heights[0]!))).toBeLessThanOrEqual(from + 1)

    const ids = await Promise.all(
      cluster.nodes.map(async ({ node, api }) => {
        await untilBlock(node, () => node.chain.height >= last)
        expect(node.haltedBecause).toBeNull()
        return (await api.call('chain_block', { height: last })).blockId
      }),
    )
    expect(new Set(ids).size).toBe(1)

    // Their places are for others.
    const gone = slow.map(({ socket }) => closed(socket))
    for (const { socket } of slow) socket.resume()
    await Promise.all(gone)
    const late = await Promise.all(Array.from({ length: SLOW }, reader))
    await Promise.all(late.map((each) => each.until(last + 1)))
  })
})
