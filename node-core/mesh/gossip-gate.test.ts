import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockedPeers } from './blocked-peers.ts'
import { ConductWatch } from './conduct-watch.ts'
import { GossipGate, verdictOfRefusal } from './gossip-gate.ts'
import { BLOCKED_PEERS, DEFAULT_TOPIC_LIMITS, METERED_PEERS, REFUSALS_OF_A_FLOOD } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

const consensus = {
  messageBytes: 100,
  messagesPerSecond: 10,
  messageBurst: 5,
  bytesPerSecond: 1_000,
  byteBurst: 200,
  pendingVerdicts: 8,
}
const gate = () => new GossipGate({ ...DEFAULT_TOPIC_LIMITS, consensus })

describe('gossip gate', () => {
  it('counts messages per peer and lets them in again with time', () => {
    const g = gate()
    const admit = (peer: string, nowMs: number) => {
      const refusal = g.admit(peer, 'consensus', 1, nowMs)
      if (!refusal) g.settled(peer, 'consensus')
      return refusal
    }
    for (let i = 0; i < 5; i++) expect(admit('a', 0)).toBeNull()
    expect(admit('a', 0)).toBe('too-fast')
    expect(admit('b', 0)).toBeNull()
    expect(admit('a', 100)).toBeNull()
    expect(admit('a', 100)).toBe('too-fast')
  })

  it('counts bytes', () => {
    const g = gate()
    expect(g.admit('a', 'consensus', 100, 0)).toBeNull()
    expect(g.admit('a', 'consensus', 100, 0)).toBeNull()
    expect(g.admit('a', 'consensus', 1, 0)).toBe('too-fast')
    expect(g.admit('a', 'transactions', 1, 0)).toBeNull()
  })

  it('bounds the verdicts outstanding over all peers', () => {
    const g = gate()
    for (let i = 0; i < 8; i++) expect(g.admit(`peer ${i}`, 'consensus', 1, 0)).toBeNull()
    expect(g.admit('one more', 'consensus', 1, 0)).toBe('too-many-pending')
    g.settled('peer 3', 'consensus')
    expect(g.admit('one more', 'consensus', 1, 0)).toBeNull()
  })

  it('leaves room for others: one peer waits for a quarter of the verdicts at most', () => {
    const g = gate()
    expect(g.admit('greedy', 'consensus', 1, 0)).toBeNull()
    expect(g.admit('greedy', 'consensus', 1, 0)).toBeNull()
    expect(g.admit('greedy', 'consensus', 1, 0)).toBe('too-many-pending')
    expect(g.admit('greedy', 'decided', 1, 0)).toBeNull()
    expect(g.admit('honest', 'consensus', 1, 0)).toBeNull()
    g.settled('greedy', 'consensus')
    expect(g.admit('greedy', 'consensus', 1, 0)).toBeNull()
  })

  it('blames the sender for size only', () => {
    const g = gate()
    expect(g.admit('a', 'consensus', 101, 0)).toBe('too-large')
    expect(g.admit('a', 'consensus', 0, 0)).toBe('empty')
    expect(verdictOfRefusal('too-large')).toBe('reject')
    expect(verdictOfRefusal('too-fast')).toBe('ignore')
    expect(verdictOfRefusal('too-many-pending')).toBe('ignore')
  })

  it('forgets the most silent peer first when too many are metered', () => {
    const g = gate()
    const admit = (peer: string) => {
      const refusal = g.admit(peer, 'consensus', 1, 0)
      if (!refusal) g.settled(peer, 'consensus')
      return refusal
    }
    for (let i = 0; i < 5; i++) admit('loud')
    for (let i = 0; i < METERED_PEERS - 1; i++) admit(`peer ${i}`)
    expect(admit('loud')).toBe('too-fast')
    for (let i = 0; i < METERED_PEERS; i++) admit(`other ${i}`)
    expect(admit('loud')).toBeNull()
  })
})

describe('conduct watch', () => {
  it('says flood of who goes on and on, once for so many refusals, and forgets who is silent longest', () => {
    const reports: string[] = []
    const watch = new ConductWatch((peer, reason) => reports.push(`${peer} ${reason}`))
    for (let i = 1; i < REFUSALS_OF_A_FLOOD; i++) watch.tooFast('loud')
    expect(reports).toEqual([])
    for (let i = 0; i < METERED_PEERS - 1; i++) watch.tooFast(`peer ${i}`)
    watch.tooFast('loud')
    expect(reports).toEqual(['loud flood'])
    for (let i = 0; i < REFUSALS_OF_A_FLOOD - 1; i++) watch.tooFast('loud')
    for (let i = 0; i < METERED_PEERS; i++) watch.tooFast(`other ${i}`)
    watch.tooFast('loud')
    expect(reports).toEqual(['loud flood'])
    watch.misbehaved('loud', 'gossip-empty')
    expect(reports).toEqual(['loud flood', 'loud gossip-empty'])
  })
})

describe('token bucket', () => {
  it('never gives more than the burst and the flow', () => {
    const steps = fc.array(fc.tuple(fc.nat(500), fc.nat(20)), { maxLength: 100 })
    fc.assert(
      fc.property(steps, (list) => {
        const bucket = new TokenBucket(10, 20, 0)
        let nowMs = 0
        let taken = 0
        for (const [waitMs, cost] of list) {
          nowMs += waitMs
          if (bucket.take(cost, nowMs)) taken += cost
          expect(taken).toBeLessThanOrEqual(20 + (10 * nowMs) / 1_000 + 1e-6)
        }
      }),
    )
  })

  it('does not give more when the clock goes back', () => {
    const bucket = new TokenBucket(10, 1, 1_000)
    expect(bucket.take(1, 1_000)).toBe(true)
    expect(bucket.take(1, 0)).toBe(false)
    expect(bucket.take(1, 1_000)).toBe(false)
  })
})

describe('blocked peers', () => {
  it('are free again at their time', () => {
    const blocked = new BlockedPeers()
    blocked.block('a', 100)
    expect(blocked.has('a', 99)).toBe(true)
    expect(blocked.has('a', 100)).toBe(false)
    expect(blocked.has('b', 0)).toBe(false)
  })

  it('make room by who would be free first', () => {
    const blocked = new BlockedPeers()
    for (let i = 0; i <= BLOCKED_PEERS; i++) blocked.block(`peer ${i}`, 1_000 - i)
    expect(blocked.has('peer 0', 0)).toBe(true)
    expect(blocked.has(`peer ${BLOCKED_PEERS}`, -1_000)).toBe(false)
  })
})
