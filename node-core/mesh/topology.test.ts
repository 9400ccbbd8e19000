import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PeerConnection } from '../ports/network.ts'
import { type KnownPeer, rememberPeers } from './discovery.ts'
import {
  belowDegree,
  chooseDials,
  DEGREE_MAXIMUM,
  DIAL_GRACE_MS,
  orderAddresses,
  shouldDial,
  VALIDATOR_LINKS,
} from './topology.ts'

const RELAY = '/ip4/10.0.0.1/tcp/9/ws/p2p/R'
const link = (peer: string, relayed = false): PeerConnection => ({
  peer,
  address: `/memory/${peer}`,
  transport: relayed ? 'relayed' : 'memory',
  direction: 'outbound',
  relayed,
  openedAtMs: 0,
  bytesIn: 0,
  bytesOut: 0,
})
const knows = (peers: readonly string[], nowMs = 0): KnownPeer[] =>
  rememberPeers(
    [],
    peers.map((peer) => ({ peer, addresses: [`/memory/${peer}`] })),
    '',
    nowMs,
  )
const names = (count: number, prefix = 'p') => Array.from({ length: count }, (_, i) => `${prefix}${100 + i}`)
const choose = (over: Partial<Parameters<typeof chooseDials>[0]>) =>
  chooseDials({
    self: 'a',
    connections: [],
    known: [],
    dialing: new Set(),
    validators: new Set(),
    nowMs: 0,
    random: () => 0.5,
    ...over,
  }).map(({ peer }) => peer)

describe('who dials', () => {
  it('is exactly one of two peers', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b)
        expect(shouldDial(a, b)).not.toBe(shouldDial(b, a))
      }),
    )
  })

  it('is the higher id too once the lower one had its time', () => {
    const known = knows(['b'], 1_000)
    expect(choose({ self: 'c', known, nowMs: 1_000 + DIAL_GRACE_MS - 1 })).toEqual([])
    expect(choose({ self: 'c', known, nowMs: 1_000 + DIAL_GRACE_MS })).toEqual(['b'])
  })
})

describe('whom to dial', () => {
  it('fills up to the maximum degree', () => {
    expect(choose({ known: knows(names(20)) })).toHaveLength(DEGREE_MAXIMUM)
    expect(choose({ known: knows(names(20)), connections: names(6).map((peer) => link(peer)) })).toHaveLength(
      2,
    )
    expect(choose({ known: knows(names(20)), connections: names(9).map((peer) => link(peer)) })).toEqual([])
  })

  it('leaves out who is linked, being dialled or waiting after a failure, but not who is only relayed', () => {
    const waiting = knows(['waiting']).map((known) => ({ ...known, nextDialAtMs: 10 }))
    const known = [...knows(['linked', 'dialled', 'relayed']), ...waiting]
    const connections = [link('linked'), link('relayed', true)]
    expect(choose({ known, connections, dialing: new Set(['dialled']) })).toEqual(['relayed'])
  })

  it('links validators beyond the degree', () => {
    const validators = names(30, 'v')
    const chosen = choose({ known: knows([...validators, ...names(20)]), validators: new Set(validators) })
    expect(chosen).toHaveLength(VALIDATOR_LINKS)
    expect(chosen.every((peer) => validators.includes(peer))).toBe(true)
  })

  it('hurries while below the degree; relayed links do not count', () => {
    expect(belowDegree([link('b'), link('c'), link('d', true)])).toBe(true)
    expect(belowDegree([link('b'), link('c'), link('d')])).toBe(false)
  })
})

describe('addresses', () => {
  const direct = '/ip4/10.0.0.2/udp/1/webrtc-direct/certhash/u/p2p/B'
  const webrtc = `${RELAY}/p2p-circuit/webrtc/p2p/B`
  const socket = '/ip4/10.0.0.2/tcp/2/ws/p2p/B'
  const circuit = `${RELAY}/p2p-circuit/p2p/B`
  const all = [circuit, socket, webrtc, direct, '/ip4/10.0.0.2/tcp/2/p2p/B']

  it('are tried WebRTC first from a tab, sockets first from Node, and never as a mere circuit', () => {
    expect(orderAddresses(all, 'browser')).toEqual([direct, webrtc, socket])
    expect(orderAddresses(all, 'nodejs')).toEqual([socket, direct, webrtc])
  })
})
