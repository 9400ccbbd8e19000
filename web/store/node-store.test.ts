import { describe, expect, it } from 'vitest'
import type { NodeApi, NodeTopic, NodeTopics } from '../../node-core/node/node-api.ts'
import { block, status, view } from './fixtures.ts'
import { BLOCKS_KEPT, createNodeStore, FLUSH_EVERY_MS, type StoreClock } from './node-store.ts'

/** A clock moved by hand. */
function handClock() {
  let nowMs = 1_000_000
  let waiting: { atMs: number; then: () => void }[] = []
  const clock: StoreClock = {
    now: () => nowMs,
    after: (ms, then) => {
      const entry = { atMs: nowMs + ms, then }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
  }
  const pass = (ms: number) => {
    const until = nowMs + ms
    for (;;) {
      const next = waiting.filter((entry) => entry.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      waiting = waiting.filter((entry) => entry !== next)
      nowMs = next.atMs
      next.then()
    }
    nowMs = until
  }
  return { clock, pass, count: () => waiting.length }
}

/** A node that says only what the test tells it to. */
function toldNode(refused: readonly string[] = []) {
  const listeners = new Map<NodeTopic, Set<(event: never) => void>>()
  const node: NodeApi = {
    call: async (method) => {
      if (refused.includes(method)) throw { code: 'timeout', data: {} }
      const answers: Record<string, unknown> = {
        node_status: status(),
        chain_blocks: [block(3), block(2), block(1)],
        consensus_state: view({ height: 4 }),
        network_peers: [],
        alert_list: { evidence: [] },
      }
      return answers[method] as never
    },
    subscribe: (topic, listener) => {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set.add(listener as never))
      return () => set.delete(listener as never)
    },
  }
  const tell = <T extends NodeTopic>(topic: T, event: NodeTopics[T]) => {
    for (const listener of listeners.get(topic) ?? []) listener(event as never)
  }
  const listening = () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0)
  return { node, tell, listening }
}

async function started(refused: readonly string[] = []) {
  const hand = handClock()
  const told = toldNode(refused)
  const store = createNodeStore(hand.clock)
  const stop = store.start(told.node)
  await Promise.resolve()
  await Promise.resolve()
  hand.pass(FLUSH_EVERY_MS)
  return { store, stop, ...hand, ...told }
}

const heights = (store: { getState(): { blocks: readonly { height: number }[] } }) =>
  store.getState().blocks.map((one) => one.height)

describe('the node store', () => {
  it('shows what was there before it, oldest first', async () => {
    const { store } = await started()
    expect(heights(store)).toEqual([1, 2, 3])
    expect(store.getState().consensus?.height).toBe(4)
    expect(store.getState().status?.phase).toBe('running')
  })

  it('forgets the height being decided when the node only observes from now on', async () => {
    const { store, tell, pass } = await started()
    tell('status', status({ mode: 'observer' }))
    pass(FLUSH_EVERY_MS)
    expect(store.getState().consensus).toBeNull()
    tell('heads', block(4))
    pass(FLUSH_EVERY_MS)
    expect(store.getState().consensus).toBeNull()
  })

  it('flushes at most once in a tenth of a second, with all that came', async () => {
    const { store, tell, pass } = await started()
    let changes = 0
    store.subscribe((now, before) => {
      if (now.blocks !== before.blocks) changes++
    })
    for (let height = 4; height <= 13; height++) tell('heads', block(height))
    expect(heights(store)).toHaveLength(3)
    pass(FLUSH_EVERY_MS)
    expect(heights(store)).toHaveLength(13)
    expect(changes).toBe(1)
  })

  it('keeps the last 200 blocks', async () => {
    const { store, tell, pass } = await started()
    for (let height = 4; height <= 300; height++) tell('heads', block(height))
    pass(FLUSH_EVERY_MS)
    expect(heights(store)).toHaveLength(BLOCKS_KEPT)
    expect(heights(store).at(-1)).toBe(300)
  })

  it('stands still while paused, counts what it misses, and loses nothing', async () => {
    const { store, tell, pass } = await started()
    store.pause()
    tell('heads', block(4))
    tell('heads', block(5))
    tell('consensus', view({ height: 6 }))
    tell('status', status({ phase: 'halted' }))
    pass(FLUSH_EVERY_MS)
    expect(heights(store)).toEqual([1, 2, 3])
    expect(store.getState().consensus?.height).toBe(4)
    expect(store.getState().behindBlocks).toBe(2)
    expect(store.getState().status?.phase).toBe('halted')
    store.resume()
    expect(heights(store)).toEqual([1, 2, 3, 4, 5])
    expect(store.getState().consensus?.height).toBe(6)
    expect(store.getState().behindBlocks).toBe(0)
  })

  it('takes the last word on a transaction, in its place', async () => {
    const { store, tell, pass } = await started()
    const transaction = (hash: string, state: 'pending' | 'succeeded') =>
      ({ hash, status: state, sender: 'a', payload: { type: 'transfer' } }) as never
    tell('transactions', transaction('0x1', 'pending'))
    tell('transactions', transaction('0x2', 'pending'))
    pass(FLUSH_EVERY_MS)
    tell('transactions', transaction('0x1', 'succeeded'))
    pass(FLUSH_EVERY_MS)
    expect(store.getState().transactions.map((one) => [one.hash, one.status])).toEqual([
      ['0x2', 'pending'],
      ['0x1', 'succeeded'],
    ])
  })

  it('says why when blocks or the node cannot be read, and asks again by itself', async () => {
    const refused = ['chain_blocks']
    const { store, pass } = await started(refused)
    expect(store.getState().blocksError?.code).toBe('timeout')
    expect(store.getState().failed).toBeNull()
    refused.length = 0
    pass(3000)
    await Promise.resolve()
    await Promise.resolve()
    pass(FLUSH_EVERY_MS)
    expect(heights(store)).toEqual([1, 2, 3])
    expect(store.getState().blocksError).toBeNull()
    expect((await started(['node_status'])).store.getState().failed).toBe('timeout')
  })

  it('moves its clock each second, also while paused', async () => {
    const { store, pass } = await started()
    store.pause()
    const before = store.getState().nowMs
    pass(3000)
    expect(store.getState().nowMs - before).toBeGreaterThanOrEqual(2900)
  })

  it('leaves no listener and no timer behind', async () => {
    const { stop, listening, tell, count } = await started()
    tell('heads', block(4))
    stop()
    expect(listening()).toBe(0)
    expect(count()).toBe(0)
  })
})
