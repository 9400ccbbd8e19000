import { afterEach, describe, expect, it } from 'vitest'
import type { NodeApi } from '../../node/node-api.ts'
import type { WalletApi } from '../../node/wallet-api.ts'
import { CodedError } from '../../ports/coded-error.ts'
import { CALL_TIMEOUT_MS, CALLS_IN_FLIGHT, CHANNEL_CLIENTS, CLIENT_SUBSCRIPTIONS } from '../limits.ts'
import { MemoryClock } from '../memory/memory-clock.ts'
import { ApiRouter } from './api-router.ts'
import { connectNode, type NodeApis, serveNode } from './node-channel.ts'

/** A node with answers of its own: what crosses is under test, not what it means. */
class ScriptedNode {
  readonly calls: string[] = []
  readonly listeners = new Map<string, Set<(event: unknown) => void>>()
  answer: (method: string, params: unknown) => unknown = (method) => ({ method })
  #changed: () => void = () => undefined

  readonly apis: NodeApis = {
    node: {
      call: async (method, params) => this.#answer(method, params) as never,
      subscribe: (topic, listener) => {
        const set = this.listeners.get(topic) ?? new Set()
        this.listeners.set(topic, set.add(listener as (event: unknown) => void))
        this.#changed()
        return () => {
          set.delete(listener as (event: unknown) => void)
          this.#changed()
        }
      },
    } satisfies NodeApi,
    wallet: { call: async (method, params) => this.#answer(method, params) as never } satisfies WalletApi,
  }

  #answer(method: string, params: unknown): unknown {
    this.calls.push(method)
    this.#changed()
    return this.answer(method, params)
  }

  emit(topic: string, event: unknown): void {
    for (const listener of this.listeners.get(topic) ?? []) listener(event)
  }

  /** Resolves as soon as the node's own view of things satisfies `condition`. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
  }
}

const open: MessagePort[] = []
afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

function channel(): [MessagePort, MessagePort] {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  return [port1, port2]
}

const height = (number: number) => ({ height: number }) as never

describe('a node over a port', () => {
  it('answers calls of both APIs, several at once, each with its own answer', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    scripted.answer = (method, params) => ({ method, params })
    serveNode(far, scripted.apis)
    const { node, wallet } = connectNode(near)
    const answers = await Promise.all([
      node.call('chain_block', { height: 3 }),
      wallet.call('wallet_create', { name: 'mine' }),
      node.call('chain_block', { height: 4 }),
    ])
    expect(answers).toEqual([
      { method: 'chain_block', params: { height: 3 } },
      { method: 'wallet_create', params: { name: 'mine' } },
      { method: 'chain_block', params: { height: 4 } },
    ])
  })

  it("carries the node's refusals by value, and hides nothing else behind them", async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    serveNode(far, scripted.apis)
    const { node, wallet } = connectNode(near)
    scripted.answer = () => {
      throw new CodedError('insufficient-balance', { balance: '5' })
    }
    await expect(node.call('chain_head', {})).rejects.toMatchObject({
      code: 'insufficient-balance',
      data: { balance: '5' },
    })
    scripted.answer = () => Promise.reject({ code: 'pruned', data: { oldest: 7 } })
    await expect(wallet.call('wallet_accounts', {})).rejects.toMatchObject({
      code: 'pruned',
      data: { oldest: 7 },
    })
    scripted.answer = () => {
      throw new TypeError('a bug')
    }
    await expect(node.call('chain_head', {})).rejects.toMatchObject({ code: 'internal' })
    scripted.answer = () => () => 'a function cannot cross'
    await expect(node.call('chain_head', {})).rejects.toMatchObject({ code: 'internal' })
  })

  it('rejects what cannot be cloned before it leaves', async () => {
    const [near, far] = channel()
    serveNode(far, new ScriptedNode().apis)
    const { node } = connectNode(near)
    const params = { name: () => 'no data' } as never
    await expect(node.call('chain_block', params)).rejects.toMatchObject({ code: 'not-cloneable' })
  })

  it('forwards events until the subscription ends', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    serveNode(far, scripted.apis)
    const { node } = connectNode(near)
    const seen: unknown[] = []
    const first = Promise.withResolvers<void>()
    const end = node.subscribe('heads', (event) => {
      seen.push(event)
      first.resolve()
    })
    await scripted.until(() => scripted.listeners.get('heads')?.size === 1)
    scripted.emit('heads', height(1))
    await first.promise
    end()
    await scripted.until(() => scripted.listeners.get('heads')?.size === 0)
    scripted.emit('heads', height(2))
    await node.call('chain_head', {})
    expect(seen).toEqual([{ height: 1 }])
  })

  it('tells in one message what one task brings, in its order and before the next answer', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    serveNode(far, scripted.apis)
    const { node } = connectNode(near)
    let messages = 0
    near.addEventListener('message', () => void messages++)
    const seen: unknown[] = []
    node.subscribe('transactions', (event) => void seen.push(event))
    node.subscribe('heads', (event) => void seen.push(event))
    await scripted.until(() => scripted.listeners.get('heads')?.size === 1)
    const hashes = Array.from({ length: 300 }, (_, hash) => ({ hash }))
    scripted.answer = () => {
      for (const each of hashes) scripted.emit('transactions', each)
      scripted.emit('heads', height(1))
    }
    await node.call('chain_head', {})
    expect(seen).toEqual([...hashes, height(1)])
    // Transactions, the head, the answer.
    expect(messages).toBe(3)
  })

  it('gives up a call that nobody answers, on time', async () => {
    const [near] = channel()
    const clock = new MemoryClock()
    const { node } = connectNode(near, { clock })
    let outcome: unknown = null
    const call = node.call('chain_head', {}).catch((error: unknown) => {
      outcome = error
    })
    clock.advance(CALL_TIMEOUT_MS - 1)
    await Promise.resolve()
    expect(outcome).toBeNull()
    clock.advance(1)
    await call
    expect(outcome).toMatchObject({ code: 'timeout', data: { method: 'chain_head' } })
  })

  it('rejects what is in flight when it is closed, and everything after', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    scripted.answer = () => new Promise(() => undefined)
    serveNode(far, scripted.apis)
    const connection = connectNode(near)
    connection.node.subscribe('heads', () => undefined)
    const call = connection.node.call('chain_head', {})
    await scripted.until(() => scripted.calls.length === 1)
    connection.close('leader-changed')
    await expect(call).rejects.toMatchObject({ code: 'leader-changed' })
    await expect(connection.node.call('chain_head', {})).rejects.toMatchObject({ code: 'leader-changed' })
    await scripted.until(() => scripted.listeners.get('heads')?.size === 0)
  })

  it('bounds the calls in flight, the subscriptions and the clients', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    const held = Promise.withResolvers<unknown>()
    scripted.answer = () => held.promise
    serveNode(far, scripted.apis)
    const { node } = connectNode(near)
    const calls = Array.from({ length: CALLS_IN_FLIGHT }, () => node.call('chain_head', {}))
    await expect(node.call('chain_head', {})).rejects.toMatchObject({ code: 'too-many-requests' })
    held.resolve({})
    await Promise.all(calls)
    for (let i = 0; i < CLIENT_SUBSCRIPTIONS + 5; i++) node.subscribe('heads', () => undefined)
    await node.call('chain_head', {})
    expect(scripted.listeners.get('heads')?.size).toBe(CLIENT_SUBSCRIPTIONS)
    for (let i = 1; i < CHANNEL_CLIENTS; i++)
      await connectNode(near, { client: `client ${i}` }).node.call('chain_head', {})
    await expect(connectNode(near).node.call('chain_head', {})).rejects.toMatchObject({
      code: 'too-many-requests',
      data: { clients: CHANNEL_CLIENTS },
    })
  })

  it('ignores what is not for it', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    serveNode(far, scripted.apis, { server: 'here' })
    const { node } = connectNode(near, { server: 'here', client: 'me' })
    for (const junk of [
      null,
      7,
      'text',
      {},
      { type: 'call' },
      { type: 'call', client: 'me', server: 'here', id: 'x' },
    ]) {
      near.postMessage(junk)
      far.postMessage(junk)
    }
    near.postMessage({
      type: 'call',
      client: 'me',
      server: 'elsewhere',
      id: 90,
      api: 'node',
      method: 'chain_head',
      params: {},
    })
    near.postMessage({
      type: 'call',
      client: 'me',
      server: 'here',
      id: 91,
      api: 'keys',
      method: 'chain_head',
      params: {},
    })
    near.postMessage({ type: 'subscribe', client: 'me', server: 'here', id: 92, topic: 'x'.repeat(1_000) })
    far.postMessage({ type: 'result', client: 'me', server: 'elsewhere', id: 0, value: 'forged' })
    far.postMessage({ type: 'result', client: 'other', server: 'here', id: 0, value: 'forged' })
    far.postMessage({ type: 'refusal', client: 'me', server: 'here', id: 0, error: 'no error' })
    expect(await node.call('chain_head', {})).toEqual({ method: 'chain_head' })
    expect(scripted.calls).toEqual(['chain_head'])
  })

  it('ends the subscriptions of a client that is gone', async () => {
    const [near, far] = channel()
    const scripted = new ScriptedNode()
    const clients: string[] = []
    const server = serveNode(far, scripted.apis, { onClient: (client) => clients.push(client) })
    const { node } = connectNode(near, { client: 'tab' })
    node.subscribe('heads', () => undefined)
    await node.call('chain_head', {})
    expect(clients).toEqual(['tab'])
    server.dropClient('tab')
    expect(scripted.listeners.get('heads')?.size).toBe(0)
  })
})

describe('the router between nodes', () => {
  it('keeps calls until there is a node, and gives up on time when none comes', async () => {
    const clock = new MemoryClock()
    const router = new ApiRouter({ clock })
    const early = router.node.call('chain_head', {})
    router.route(new ScriptedNode().apis)
    expect(await early).toEqual({ method: 'chain_head' })
    router.route(null)
    const late = router.wallet.call('wallet_accounts', {})
    const refused = expect(late).rejects.toMatchObject({ code: 'no-leader' })
    clock.advance(CALL_TIMEOUT_MS)
    await refused
  })

  it('rejects the calls that a lost node did not answer, and moves subscriptions to the next', async () => {
    const [first, second] = [new ScriptedNode(), new ScriptedNode()]
    const router = new ApiRouter()
    const seen: unknown[] = []
    const end = router.node.subscribe('heads', (event) => seen.push(event))
    first.answer = () => new Promise(() => undefined)
    router.route(first.apis)
    first.emit('heads', height(1))
    const lost = router.node.call('chain_head', {})
    await first.until(() => first.calls.length === 1)
    router.route(null)
    await expect(lost).rejects.toMatchObject({ code: 'leader-changed' })
    first.emit('heads', height(2))
    router.route(second.apis)
    second.emit('heads', height(3))
    first.emit('heads', height(4))
    expect(seen).toEqual([{ height: 1 }, { height: 3 }])
    end()
    second.emit('heads', height(5))
    expect(seen).toHaveLength(2)
  })
})
