import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ASKED_PEERS,
  BACKOFF_LAST_MS,
  backoffMs,
  KNOWN_PEER_LIFETIME_MS,
  type KnownPeer,
  peerOfAddress,
  recordDial,
  rememberPeers,
  restorePeers,
  whomToAsk,
} from './discovery.ts'
import { EXCHANGED_ADDRESSES, KNOWN_PEERS } from './limits.ts'

const heard = (peer: string, ...addresses: string[]) => ({ peer, addresses })

describe('known peers', () => {
  it('remembers what it hears, new addresses first, never itself', () => {
    const first = rememberPeers([], [heard('b', '/b/1'), heard('me', '/me')], 'me', 1_000)
    const second = rememberPeers(first, [heard('b', '/b/2')], 'me', 2_000)
    expect(second).toHaveLength(1)
    expect(second[0]).toMatchObject({
      peer: 'b',
      addresses: ['/b/2', '/b/1'],
      heardAtMs: 1_000,
      seenAtMs: 2_000,
    })
  })

  it('forgets a peer that was silent too long', () => {
    const known = rememberPeers([], [heard('b', '/b')], 'me', 0)
    expect(rememberPeers(known, [], 'me', KNOWN_PEER_LIFETIME_MS)).toHaveLength(1)
    expect(rememberPeers(known, [], 'me', KNOWN_PEER_LIFETIME_MS + 1)).toHaveLength(0)
  })

  it('stays within its limits whatever it hears, and keeps the freshest', () => {
    const answers = fc.array(
      fc.record({
        peer: fc.integer({ min: 0, max: 500 }).map(String),
        addresses: fc.array(fc.string(), { maxLength: 20 }),
      }),
      { maxLength: 50 },
    )
    fc.assert(
      fc.property(fc.array(answers, { maxLength: 10 }), (rounds) => {
        let known: KnownPeer[] = []
        rounds.forEach((round, i) => {
          known = rememberPeers(known, round, 'me', i)
        })
        expect(known.length).toBeLessThanOrEqual(KNOWN_PEERS)
        expect(new Set(known.map(({ peer }) => peer)).size).toBe(known.length)
        for (const { addresses } of known) expect(addresses.length).toBeLessThanOrEqual(EXCHANGED_ADDRESSES)
        const last = new Set(rounds.at(-1)?.map(({ peer }) => peer))
        for (const peer of last) expect(known.map((entry) => entry.peer)).toContain(peer)
      }),
    )
  })

  it('waits longer after each failed dial and not at all after a good one', () => {
    let known = rememberPeers([], [heard('b', '/b')], 'me', 0)
    const waits: number[] = []
    for (let i = 0; i < 7; i++) {
      known = recordDial(known, 'b', 'failed', 0, 0.999999)
      waits.push(known[0]!.nextDialAtMs)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(known[0]!.score).toBe(0)
    known = recordDial(known, 'b', 'connected', 50, 0)
    expect(known[0]).toMatchObject({ failures: 0, nextDialAtMs: 0, seenAtMs: 50, score: 0.1 })
  })

  it('never waits less than half of, or more than, its bound', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const full = Math.min(BACKOFF_LAST_MS, 1_000 * 2 ** failures)
          expect(backoffMs(failures, random)).toBeGreaterThanOrEqual(full / 2)
          expect(backoffMs(failures, random)).toBeLessThanOrEqual(full)
        },
      ),
    )
  })

  it('restores what it stored, ready to dial, and nothing from a damaged store', () => {
    const stored = recordDial(rememberPeers([], [heard('b', '/b')], 'me', 10), 'b', 'failed', 10, 0)
    const restored = restorePeers(JSON.parse(JSON.stringify(stored)), 99)
    expect(restored).toEqual([{ ...stored[0], heardAtMs: 99, failures: 0, nextDialAtMs: 0 }])
    for (const damaged of [
      null,
      7,
      'x',
      {},
      [null],
      [{ peer: 1 }],
      [{ peer: 'b', addresses: [3], seenAtMs: 1 }],
    ])
      expect(restorePeers(damaged, 0)).toEqual([])
  })
})

describe('asking', () => {
  it('asks every connected relay and a few peers', () => {
    const questions = whomToAsk({
      relays: [
        { address: '/dns4/r1/tcp/1/ws/p2p/R1', connected: true },
        { address: '/dns4/r2/tcp/1/ws/p2p/R2', connected: false },
      ],
      direct: ['a', 'b', 'c', 'd'],
      random: () => 0.99,
    })
    expect(questions[0]).toEqual({ peer: 'R1', relayAddress: '/dns4/r1/tcp/1/ws/p2p/R1' })
    expect(questions.slice(1).map(({ peer }) => peer)).toEqual(['d', 'c'])
    expect(questions).toHaveLength(1 + ASKED_PEERS)
  })

  it('reads the last peer of an address', () => {
    expect(peerOfAddress('/ip4/1.2.3.4/tcp/1/ws/p2p/R/p2p-circuit/webrtc/p2p/B')).toBe('B')
    expect(peerOfAddress('/ip4/1.2.3.4/tcp/1/ws/p2p/R/p2p-circuit')).toBe('R')
    expect(peerOfAddress('/ip4/1.2.3.4/tcp/1/ws')).toBeNull()
  })
})
