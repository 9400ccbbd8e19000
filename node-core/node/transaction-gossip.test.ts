import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryClock } from '../adapters/memory/memory-clock.ts'
import { createMemoryHub } from '../adapters/memory/memory-hub.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import type { Hash } from '../protocol/ids.ts'
import {
  BUNDLE_BYTES,
  BUNDLE_DELAY_MS,
  BUNDLE_INTERVAL_MS,
  BUNDLE_TRANSACTIONS,
  HELD_BUNDLES,
} from './constants.ts'
import { TransactionGossip } from './transaction-gossip.ts'
import { decodeList } from './wire-protocols.ts'

let clock: MemoryClock
let gossip: TransactionGossip
/** How many transactions each message brought to the other side. */
let heard: number[]

const transaction = (n: number, bytes = 4) => {
  const content = new Uint8Array(bytes)
  new DataView(content.buffer).setUint32(0, n)
  return content
}
const send = (count: number, bytes?: number) => {
  for (let n = 0; n < count; n++) gossip.send(transaction(n, bytes))
}
/** The network's own steps are promises between timers. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms)
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(0)
}

beforeEach(async () => {
  clock = new MemoryClock()
  heard = []
  const hub = createMemoryHub({ clock })
  const [from, to] = [hub.createNetwork(), hub.createNetwork()]
  await Promise.all([from.start(), to.start()])
  const linked = from.dial(to.addresses()[0]!, { timeoutMs: 1_000 })
  clock.advance(0)
  await linked
  to.onGossip(async (_topic, bytes) => {
    heard.push(decodeList(bytes, BUNDLE_TRANSACTIONS)!.length)
    return 'accept'
  })
  gossip = new TransactionGossip({ network: from, clock, telemetry: createTelemetry({ clock }) })
})

describe('transactions leave in bundles', () => {
  it('the first after a pause soon, with those that come at the same moment', async () => {
    send(3)
    await pass(BUNDLE_DELAY_MS - 1)
    expect(heard).toEqual([])
    await pass(1)
    expect(heard).toEqual([3])
  })

  it('those of a stream together, every so often', async () => {
    send(1)
    await pass(BUNDLE_DELAY_MS)
    for (let elapsed = 0; elapsed < 2 * BUNDLE_INTERVAL_MS; elapsed += 10) {
      gossip.send(transaction(1_000 + elapsed))
      await pass(10)
    }
    expect(heard).toEqual([1, BUNDLE_INTERVAL_MS / 10, BUNDLE_INTERVAL_MS / 10])
  })

  it('at once when a bundle is full, by number and by bytes', async () => {
    send(BUNDLE_TRANSACTIONS + 1)
    await pass(0)
    expect(heard).toEqual([BUNDLE_TRANSACTIONS])
    await pass(BUNDLE_INTERVAL_MS)
    expect(heard).toEqual([BUNDLE_TRANSACTIONS, 1])
    heard = []
    send(5, BUNDLE_BYTES / 4)
    await pass(0)
    expect(heard).toEqual([4])
  })

  it('none while nobody listens, and all of them once somebody does', async () => {
    const alone = createMemoryHub({ clock })
    const [from, to] = [alone.createNetwork(), alone.createNetwork()]
    await Promise.all([from.start(), to.start()])
    gossip = new TransactionGossip({ network: from, clock, telemetry: createTelemetry({ clock }) })
    send(BUNDLE_TRANSACTIONS + 2)
    await pass(10 * BUNDLE_INTERVAL_MS)
    to.onGossip(async (_topic, bytes) => {
      heard.push(decodeList(bytes, BUNDLE_TRANSACTIONS)!.length)
      return 'accept'
    })
    const linked = from.dial(to.addresses()[0]!, { timeoutMs: 1_000 })
    clock.advance(0)
    await linked
    await pass(BUNDLE_INTERVAL_MS)
    expect(heard).toEqual([BUNDLE_TRANSACTIONS, 2])
  })

  it('so many full bundles are held for somebody who listens; the oldest give way, and are counted', async () => {
    const alone = createMemoryHub({ clock })
    const [from, to] = [alone.createNetwork(), alone.createNetwork()]
    await Promise.all([from.start(), to.start()])
    const telemetry = createTelemetry({ clock })
    gossip = new TransactionGossip({ network: from, clock, telemetry })
    send(HELD_BUNDLES * BUNDLE_TRANSACTIONS)
    expect(telemetry.metrics()).not.toContain('bundles_dropped')
    send(2 * BUNDLE_TRANSACTIONS + 1)
    expect(telemetry.metrics()).toContain('bundles_dropped 2')
    const firsts: number[] = []
    to.onGossip(async (_topic, bytes) => {
      const [first] = decodeList(bytes, BUNDLE_TRANSACTIONS)!
      firsts.push(new DataView(first!.buffer).getUint32(0))
      return 'accept'
    })
    const linked = from.dial(to.addresses()[0]!, { timeoutMs: 1_000 })
    clock.advance(0)
    await linked
    await pass(BUNDLE_INTERVAL_MS)
    const held = Array.from({ length: HELD_BUNDLES - 2 }, (_, i) => (2 + i) * BUNDLE_TRANSACTIONS)
    expect(firsts).toEqual([...held, 0, BUNDLE_TRANSACTIONS, 2 * BUNDLE_TRANSACTIONS])
  })

  it('again every few blocks while it waits, in a message of other bytes, and not for ever', async () => {
    const id = `0x${'1'.repeat(64)}` as Hash
    let waits = true
    gossip.enter(id, transaction(1), 10)
    await pass(BUNDLE_DELAY_MS)
    for (let height = 11; height <= 16; height++) gossip.repeat(height, () => waits)
    await pass(0)
    expect(heard).toEqual([1, 2, 3])
    for (let height = 17; height <= 100; height++) gossip.repeat(height, () => waits)
    await pass(0)
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8])

    waits = false
    gossip.enter(id, transaction(2), 100)
    await pass(BUNDLE_INTERVAL_MS)
    gossip.repeat(103, () => waits)
    await pass(0)
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1])
  })

  it('and none after the end', async () => {
    send(2)
    gossip.stop()
    await pass(BUNDLE_INTERVAL_MS)
    expect(heard).toEqual([])
  })
})
