/** The real server over real sockets; the node behind it is a stand-in that answers with the documented examples. */
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { NodeMethod } from '../node/node-api.ts'
import { MAX_BATCH_REQUESTS, MAX_BODY_BYTES, MAX_BUFFERED_BYTES } from './constants.ts'
import { EXAMPLES } from './examples.ts'
import { METHODS } from './methods.ts'
import { type RpcServer, startRpc } from './server.ts'
import { StandInNode } from './stand-in-node.test-kit.ts'

const ORIGIN = 'http://127.0.0.1:4173'

let node: StandInNode
let rpc: RpcServer
const sockets: WebSocket[] = []

beforeEach(async () => {
  node = new StandInNode()
  rpc = await startRpc({ node, host: '127.0.0.1', port: 0, allowedOrigins: [ORIGIN], maxClients: 3 })
})

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await rpc.stop()
})

const url = (path: string) => `http://127.0.0.1:${rpc.port}${path}`

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url('/rpc'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const request = (method: string, params?: unknown, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
})
const ask = async (method: string, params?: unknown) => (await post(request(method, params))).json()

function open(headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${rpc.port}/ws`, { headers })
  sockets.push(socket)
  return socket
}

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => socket.once('open', () => resolve()).once('error', reject))
const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve))
const nextMessage = (socket: WebSocket) =>
  new Promise<unknown>((resolve) => socket.once('message', (data) => resolve(JSON.parse(data.toString()))))

async function askSocket(socket: WebSocket, method: string, params?: unknown): Promise<unknown> {
  const reply = nextMessage(socket)
  socket.send(JSON.stringify(request(method, params)))
  return reply
}

describe('requests over HTTP', () => {
  it('serves every method of the table with its example', async () => {
    for (const method of Object.keys(METHODS) as NodeMethod[]) {
      const reply = await ask(method, EXAMPLES[method].params)
      expect(reply, method).toEqual({ jsonrpc: '2.0', id: 1, result: EXAMPLES[method].result })
    }
    expect(node.calls.map((call) => call.method)).toEqual(Object.keys(METHODS))
  })

  it('takes parameters by position too', async () => {
    await ask('chain_blocks', [5, 40])
    expect(node.calls).toEqual([{ method: 'chain_blocks', params: { limit: 5, before: 40 } }])
  })

  it.each([
    ['text that is not JSON', '{"jsonrpc"', -32700],
    ['a request that is no object', 7, -32600],
    ['another version', { jsonrpc: '1.0', id: 1, method: 'chain_head' }, -32600],
    ['params that are text', { jsonrpc: '2.0', id: 1, method: 'chain_head', params: 'x' }, -32600],
    ['an id that is an object', { jsonrpc: '2.0', id: {}, method: 'chain_head' }, -32600],
    ['an empty batch', [], -32600],
    ['too long a batch', Array.from({ length: MAX_BATCH_REQUESTS + 1 }, () => request('chain_head')), -32600],
    ['an unknown method', request('wallet_create'), -32601],
    ['a name from the prototype', request('toString'), -32601],
    ['a missing parameter', request('chain_transaction', {}), -32602],
    ['an unknown parameter', request('chain_head', { verbose: true }), -32602],
    ['a height below 1', request('chain_block', { height: 0 }), -32602],
    ['a hash that is too short', request('chain_transaction', { hash: '0x12' }), -32602],
    ['an address of another chain', request('chain_account', { address: 'cosmos1abc' }), -32602],
    ['too many positions', request('chain_account', ['a', 1, 2]), -32602],
  ])('refuses %s', async (_what, body, code) => {
    const reply = await (await post(body)).json()
    expect(reply.error.code).toBe(code)
    expect(reply.error.message).not.toBe('')
    expect(node.calls).toEqual([])
  })

  it('says what is wrong with a parameter', async () => {
    const reply = await ask('chain_blocks', { limit: 'ten' })
    expect(reply.error).toEqual({ code: -32602, message: 'params.limit must be an integer' })
  })

  it('answers a batch in order and leaves notifications unanswered', async () => {
    const { id: _id, ...notification } = request('node_status')
    const reply = await (
      await post([request('chain_head', {}, 'a'), notification, request('nope', {}, 'b')])
    ).json()
    expect(reply.map((entry: { id: string }) => entry.id)).toEqual(['a', 'b'])
    expect(node.calls.map((call) => call.method)).toEqual(['chain_head', 'node_status'])
    const alone = await post(notification)
    expect([alone.status, await alone.text()]).toEqual([204, ''])
  })

  it("carries the node's refusal as code and data with words", async () => {
    node.refusals.set('tx_submit', { code: 'insufficient-balance', data: { balance: '5', needed: '7' } })
    const reply = await ask('tx_submit', { transaction: '0x00' })
    expect(reply.error).toEqual({
      code: -32000,
      message: 'the balance is too small',
      data: { code: 'insufficient-balance', balance: '5', needed: '7' },
    })
  })

  it('tells nothing of a failure inside the node', async () => {
    node.refusals.set('chain_head', new Error('secret path'))
    const reply = await ask('chain_head')
    expect(reply.error.code).toBe(-32603)
    expect(JSON.stringify(reply)).not.toContain('secret')
  })

  it('refuses a body that is too long', async () => {
    const reply = await post(request('tx_submit', { transaction: `0x${'00'.repeat(MAX_BODY_BYTES)}` }))
    expect(reply.status).toBe(413)
    expect((await reply.json()).error.code).toBe(-32600)
  })

  it('serves its own description', async () => {
    const { result } = await ask('rpc.discover')
    expect(result.openrpc).toMatch(/^1\.3/)
    expect(result.methods.map((method: { name: string }) => method.name)).toEqual([
      ...Object.keys(METHODS),
      'subscribe',
      'unsubscribe',
    ])
  })

  it('tells subscribers over HTTP to use the WebSocket', async () => {
    const reply = await ask('subscribe', { topic: 'heads' })
    expect(reply.error.data.code).toBe('needs-websocket')
  })
})

describe('who may call', () => {
  it.each(['/rpc', '/metrics', '/healthz'])('refuses a foreign Host on %s', async (path) => {
    expect(await rawStatus(path, 'Host: attacker.example')).toBe(403)
    expect(await rawStatus(path, 'Host: 127.0.0.1.attacker.example')).toBe(403)
  })

  it('refuses foreign pages and lets the listed ones in', async () => {
    expect((await post(request('chain_head'), { origin: 'https://attacker.example' })).status).toBe(403)
    expect((await post(request('chain_head'), { origin: 'null' })).status).toBe(403)
    const own = await post(request('chain_head'), { origin: ORIGIN })
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN])
    const preflight = await fetch(url('/rpc'), { method: 'OPTIONS', headers: { origin: ORIGIN } })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'content-type',
    ])
  })

  it('refuses WebSockets of foreign pages, other paths and more clients than its limit', async () => {
    await expect(opened(open({ origin: 'https://attacker.example' }))).rejects.toThrow('403')
    await Promise.all([opened(open()), opened(open({ origin: ORIGIN })), opened(open())])
    await expect(opened(open())).rejects.toThrow('503')
  })
})

describe('the WebSocket', () => {
  it('sends events of subscribed topics until unsubscribed', async () => {
    const socket = open()
    await opened(socket)
    expect(await askSocket(socket, 'subscribe', { topic: 'heads' })).toMatchObject({
      result: { topic: 'heads' },
    })
    await askSocket(socket, 'subscribe', { topic: 'heads' })
    const event = nextMessage(socket)
    node.emit('heads', EXAMPLES.chain_head.result)
    node.emit('transactions', EXAMPLES.chain_transaction.result)
    expect(await event).toEqual({
      jsonrpc: '2.0',
      method: 'event',
      params: { topic: 'heads', event: EXAMPLES.chain_head.result },
    })
    await askSocket(socket, 'unsubscribe', { topic: 'heads' })
    expect(node.listeners.get('heads')?.size).toBe(0)
  })

  it.each(['jobs', 'status', 'nonsense'])('refuses the topic %s', async (topic) => {
    const socket = open()
    await opened(socket)
    expect(await askSocket(socket, 'subscribe', { topic })).toMatchObject({ error: { code: -32602 } })
  })

  it('answers methods and ends subscriptions when the client leaves', async () => {
    const socket = open()
    await opened(socket)
    expect(await askSocket(socket, 'chain_head')).toMatchObject({ result: { height: 42 } })
    await askSocket(socket, 'subscribe', { topic: 'peers' })
    const left = new Promise<void>((resolve) => {
      const peers = node.listeners.get('peers')!
      const remove = peers.delete.bind(peers)
      peers.delete = (listener) => {
        const removed = remove(listener)
        resolve()
        return removed
      }
    })
    socket.close()
    await left
    expect(node.listeners.get('peers')?.size).toBe(0)
  })

  it('drops a reader that does not read', async () => {
    const socket = open()
    await opened(socket)
    await askSocket(socket, 'subscribe', { topic: 'transactions' })
    socket.pause()
    const filler = 'x'.repeat(MAX_BUFFERED_BYTES / 4)
    // The kernel's own buffers fill first; how much they take differs between machines.
    for (let sent = 0; sent < 200 && node.listeners.get('transactions')!.size > 0; sent++) {
      node.emit('transactions', filler)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(node.listeners.get('transactions')?.size).toBe(0)
  })

  it('closes on binary and on messages beyond the limit', async () => {
    const binary = open()
    await opened(binary)
    const binaryClosed = closed(binary)
    binary.send(Buffer.from([1, 2]))
    expect(await binaryClosed).toBe(1003)
    const long = open()
    await opened(long)
    const longClosed = closed(long)
    long.send('x'.repeat(MAX_BODY_BYTES + 1))
    expect(await longClosed).toBe(1009)
  })
})

describe('the server', () => {
  it('says whether the node takes part', async () => {
    const healthy = await fetch(url('/healthz'))
    expect([healthy.status, await healthy.json()]).toEqual([
      200,
      { phase: 'running', height: 42, stall: null },
    ])
    node.refusals.set('node_status', { code: 'not-ready', data: {} })
    expect((await fetch(url('/healthz'))).status).toBe(503)
  })

  it('names a port that is in use', async () => {
    const second = startRpc({ node, host: '127.0.0.1', port: rpc.port, allowedOrigins: [], maxClients: 1 })
    await expect(second).rejects.toMatchObject({
      code: 'port-in-use',
      message: `port ${rpc.port} on 127.0.0.1 is in use`,
      data: { port: rpc.port },
    })
  })

  it('ends open sockets when it stops', async () => {
    const socket = open()
    await opened(socket)
    const ended = closed(socket)
    await rpc.stop()
    expect(await ended).toBe(1001)
    await expect(fetch(url('/healthz'))).rejects.toThrow()
  })
})

/** fetch sets Host itself; this one sends what it is told. */
function rawStatus(path: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(rpc.port, '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`),
    )
    socket.once('data', (data) => resolve(Number(data.toString().split(' ')[1])))
    socket.once('error', reject)
  })
}
