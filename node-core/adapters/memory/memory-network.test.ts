import { describe, expect, it } from 'vitest'
import { utf8 } from '../../lib/bytes.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Network } from '../../ports/network.ts'
import { describeNetworkContract } from '../../ports/network-contract.ts'
import { createMemoryHub } from './memory-hub.ts'

describeNetworkContract('memory', async () => {
  const hub = createMemoryHub()
  const networks: Network[] = []
  return {
    chainId: 'contract',
    create: async (topicLimits) => {
      const network = hub.createNetwork(topicLimits ? { topicLimits } : {})
      networks.push(network)
      return network
    },
    close: async () => {
      for (const network of networks) await network.stop()
    },
  }
})

/** Timers run when `advance` says so, in the order of their times. */
function manualClock(): Clock & { advance(ms: number): Promise<void> } {
  let nowMs = 0
  let timers: { atMs: number; callback: () => void }[] = []
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    setTimer: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.push(timer)
      return { cancel: () => (timers = timers.filter((other) => other !== timer)) }
    },
    advance: async (ms) => {
      const endMs = nowMs + ms
      for (;;) {
        const next = timers.filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        nowMs = next.atMs
        next.callback()
        await new Promise((resolve) => setImmediate(resolve))
      }
      nowMs = endMs
    },
  }
}

async function run(seed: number): Promise<string[]> {
  const clock = manualClock()
  const hub = createMemoryHub({ seed, clock, latencyMs: { minimum: 5, maximum: 50 }, loss: 0.2 })
  const nodes = Array.from({ length: 4 }, () => hub.createNetwork())
  const log: string[] = []
  for (const node of nodes) {
    await node.start()
    node.onGossip(async (_topic, bytes, from) => {
      log.push(`${clock.monotonicMs()} ${from} > ${node.self} ${new TextDecoder().decode(bytes)}`)
      return 'accept'
    })
  }
  const dials = nodes.flatMap((a, i) =>
    nodes.slice(i + 1).map((b) => a.dial(b.addresses()[0]!, { timeoutMs: 1_000 })),
  )
  await clock.advance(100)
  await Promise.all(dials)
  for (let i = 0; i < 10; i++) await nodes[i % 4]!.publish('consensus', utf8(`message ${i}`))
  await clock.advance(1_000)
  return log
}

describe('memory hub', () => {
  it('runs the same from the same seed, and otherwise from another', async () => {
    const first = await run(7)
    expect(first.length).toBeGreaterThan(10)
    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
  })

  it('splits and heals', async () => {
    const hub = createMemoryHub()
    const [a, b] = [hub.createNetwork(), hub.createNetwork()]
    await a.start()
    await b.start()
    await a.dial(b.addresses()[0]!, { timeoutMs: 100 })
    const events: string[] = []
    b.on((event) => events.push(event.type))
    hub.split([[a.self], [b.self]])
    expect(events).toEqual(['peer-disconnected'])
    await expect(a.dial(b.addresses()[0]!, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'dial-failed' })
    hub.heal()
    const linked = new Promise<void>((resolve) => {
      b.on(({ type }) => type === 'peer-connected' && resolve())
    })
    await a.dial(b.addresses()[0]!, { timeoutMs: 100 })
    await linked
    expect(b.connections()).toHaveLength(1)
  })
})
