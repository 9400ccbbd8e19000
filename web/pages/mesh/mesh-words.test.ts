import { describe, expect, test } from 'vitest'
import type { PeerView } from '../../../node-core/node/node-api.ts'
import {
  answers,
  dialAddress,
  dialProblem,
  farValidators,
  meshReason,
  meshSentence,
  pathWords,
  peersWhere,
  relayOf,
  relaysLine,
  scoreTone,
} from './mesh-words.ts'
import { kilobytesWords, peerRates } from './peer-rates.ts'

const now = 1_000_000

function peer(over: Partial<PeerView>): PeerView {
  return {
    peer: '12D3KooWA',
    address: '/memory/1',
    transport: 'webrtc',
    direction: 'outbound',
    relayed: false,
    role: 'light',
    validator: null,
    name: null,
    headHeight: 10,
    roundTripMs: 31,
    roundTripHistory: [31],
    score: 0.98,
    bytesIn: 0,
    bytesOut: 0,
    connectedAtMs: now - 10_000,
    lastSeenMs: now,
    rejectedMessages: 0,
    ...over,
  }
}

const validators = ['Kestrel', 'Tern', 'Bodø'].map((name) => ({ address: `ait1${name}`, name }))
const healthy = { state: 'healthy', heardPower: 1_000_000, sinceMs: now } as const

describe('the sentence', () => {
  test('names the validators that are far', () => {
    const peers = [
      peer({ validator: 'ait1Kestrel' }),
      peer({ validator: 'ait1Bodø', roundTripMs: null, lastSeenMs: now - 46_000 }),
    ]
    const far = farValidators(validators, peers, 'ait1Tern', now)
    expect(far.map((party) => party.name)).toEqual(['Bodø'])
    expect(meshSentence({ partition: healthy, validators, far, peers: 2 })).toBe(
      'One partition. Every validator but Bodø is within two hops.',
    )
  })

  test('has words for few, many and no validators far', () => {
    const say = (far: number, peers = 8) => {
      const all = Array.from({ length: 9 }, (_, i) => ({ address: `${i}`, name: `V${i}` }))
      return meshSentence({ partition: healthy, validators: all, far: all.slice(0, far), peers })
    }
    expect(say(0)).toBe('One partition. Every validator is within two hops.')
    expect(say(4)).toBe('One partition. Five of nine validators are within two hops.')
    expect(meshSentence({ partition: healthy, validators: [], far: [], peers: 1 })).toBe(
      'One partition. One peer is connected.',
    )
  })

  test('a minority is told what it hears and what it can still do', () => {
    const partition = { state: 'partitioned', heardPower: 412_000, sinceMs: now } as const
    expect(meshSentence({ partition, validators, far: [], peers: 3 })).toContain(
      '41.2\u00a0% of the voting power',
    )
    expect(meshReason(partition, 3, 4)).toContain('what you send is kept')
    expect(meshReason({ ...partition, state: 'isolated' }, 0, 0)).toContain('can still be read')
  })

  test('counts what is connected and heard of', () => {
    expect(meshReason(healthy, 23, 41)).toBe(
      'Connected to 23 peers, heard of 41 more. Nodes that no peer of ours mentions are not shown.',
    )
  })
})

test('relays say what happens without them', () => {
  expect(relaysLine([])).toContain('No relay is configured')
  expect(
    relaysLine([
      { address: 'a', connected: true },
      { address: 'b', connected: false },
    ]),
  ).toMatch(/^One of two relays connected\./)
  expect(relaysLine([{ address: 'a', connected: false }])).toMatch(
    /^The relay is not connected.*until a relay answers/,
  )
})

test('filters part the peers', () => {
  const peers = [
    peer({ peer: 'a' }),
    peer({ peer: 'b', relayed: true, roundTripMs: 204 }),
    peer({ peer: 'c', validator: 'x', roundTripMs: null }),
  ]
  const ids = (filter: Parameters<typeof peersWhere>[1]) => peersWhere(peers, filter).map((one) => one.peer)
  expect(ids('all')).toEqual(['a', 'b', 'c'])
  expect(ids('validators')).toEqual(['c'])
  expect(ids('direct')).toEqual(['a', 'c'])
  expect(ids('relayed')).toEqual(['b'])
  expect(ids('slow')).toEqual(['b', 'c'])
})

test('a peer answers while it gives round trips or was heard just now', () => {
  expect(answers(peer({ roundTripMs: null, lastSeenMs: now - 46_000 }), now)).toBe(false)
  expect(answers(peer({ roundTripMs: null, lastSeenMs: now - 1_000 }), now)).toBe(true)
})

test('paths, scores and relays of a peer', () => {
  expect(pathWords({ relayed: true, transport: 'ws' })).toBe('relayed, WebSocket')
  expect([scoreTone(0.98), scoreTone(0.71), scoreTone(0.22)]).toEqual(['', 'text-warn', 'text-bad'])
  const topology = {
    self: 'me',
    nodes: [{ peer: 'r', name: 'relay-2', role: 'relay', hop: 1 as const }],
    links: [{ from: 'r', to: 'p', kind: 'relayed' as const }],
  }
  expect([relayOf('p', topology), relayOf('q', topology)]).toEqual(['relay-2', null])
})

test('the address to dial goes through a connected relay', () => {
  const relays = [
    { address: '/dns4/a/tcp/443/wss/p2p/R', connected: false },
    { address: '/dns4/b/tcp/443/wss/p2p/S', connected: true },
  ]
  expect(dialAddress({ relays, peerId: 'ME' })).toBe('/dns4/b/tcp/443/wss/p2p/S/p2p-circuit/webrtc/p2p/ME')
  expect(dialAddress({ relays: [], peerId: 'ME' })).toBeNull()
})

test('a typed address is judged before it is dialled', () => {
  expect(dialProblem('')).toBeNull()
  expect(dialProblem('relay.example')).toContain('slash')
  expect(dialProblem('/dns4/a/tcp/443')).toContain('/p2p/')
  expect(dialProblem(`/dns4/a/tcp/443/wss/p2p/12D3KooW${'a'.repeat(44)}`)).toBeNull()
})

test('rates come from two readings of the counters', () => {
  const before = { atMs: now - 5_000, peers: [peer({ bytesIn: 1_000, bytesOut: 0 })] }
  const after = {
    atMs: now,
    peers: [peer({ bytesIn: 207_000, bytesOut: 92_000 }), peer({ peer: 'new', bytesIn: 20_000 })],
  }
  const rates = peerRates(before, after)
  expect(kilobytesWords(rates.get('12D3KooWA')!.in)).toBe('41.2')
  expect(kilobytesWords(rates.get('12D3KooWA')!.out)).toBe('18.4')
  expect(rates.get('new')!.in).toBe(2_000)
  expect(peerRates(null, after).get('12D3KooWA')!.in).toBe(20_700)
})
