/** Whom a node tells how far it is, and how often. */
import { expect, it } from 'vitest'
import { MemoryClock } from '../adapters/memory/memory-clock.ts'
import { createMemoryHub } from '../adapters/memory/memory-hub.ts'
import { createTelemetry } from '../adapters/telemetry.ts'
import { hashNumber } from '../consensus/builders.test-kit.ts'
import { SEND_DECIDED_INTERVAL_MS, TOLD_PEERS } from './constants.ts'
import { PeerBook } from './peer-book.ts'
import { PeerStatuses } from './peer-statuses.ts'

const OWN = { headHeight: 9, mode: 'full', version: 'test', validator: null } as const

/** A node whose peers have left by the time that they are told: each telling is one question without an answer. */
function teller() {
  const clock = new MemoryClock()
  const network = createMemoryHub({ clock }).createNetwork()
  const telemetry = createTelemetry({ clock })
  const statuses = new PeerStatuses({
    network,
    clock,
    telemetry,
    book: new PeerBook({ network, clock, telemetry }),
    genesisHash: hashNumber(1),
    own: () => OWN,
    heard: () => undefined,
    changed: () => undefined,
  })
  return {
    clock,
    /** How many of these were told. */
    async told(peers: readonly number[]): Promise<number> {
      const count = () => Number(/status_unanswered (\d+)/.exec(telemetry.metrics())?.[1] ?? 0)
      const before = count()
      for (const peer of peers) statuses.tell(`peer-${peer}`)
      await new Promise((resolve) => setImmediate(resolve))
      return count() - before
    },
  }
}

it('a peer that is behind is told once in a while, however often it asks', async () => {
  const { clock, told } = teller()
  expect(await told([1, 2])).toBe(2)
  expect(await told([1])).toBe(0)
  clock.advance(SEND_DECIDED_INTERVAL_MS)
  expect(await told([1, 1])).toBe(1)
})

it('of so many peers it is remembered when they were told; beyond them that of the one told longest ago is forgotten', async () => {
  const { clock, told } = teller()
  const peers = Array.from({ length: TOLD_PEERS }, (_, i) => i)
  await told([0])
  clock.advance(SEND_DECIDED_INTERVAL_MS)
  expect(await told([...peers.slice(1), 0])).toBe(TOLD_PEERS)
  expect(await told(peers)).toBe(0)
  expect(await told([TOLD_PEERS])).toBe(1)
  expect(await told([0, ...peers.slice(2), TOLD_PEERS])).toBe(0)
  expect(await told([1])).toBe(1)
})
