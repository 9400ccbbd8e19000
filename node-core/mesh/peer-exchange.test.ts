import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../lib/bytes.ts'
import { ADDRESS_CHARACTERS, EXCHANGED_ADDRESSES, EXCHANGED_PEERS } from './limits.ts'
import {
  addressOfGuest,
  decodePeers,
  decodePeersRequest,
  encodePeers,
  encodePeersRequest,
  resolveAddresses,
} from './peer-exchange.ts'

describe('peer exchange', () => {
  it('carries peers and their addresses', () => {
    const peers = [
      { peer: '12D3KooWA', addresses: ['/ip4/1.2.3.4/tcp/1/ws'] },
      { peer: 'mem-001', addresses: [] },
    ]
    expect(decodePeers(encodePeers(peers))).toEqual(peers)
    expect(decodePeersRequest(encodePeersRequest({ chainId: 'test-1' }))).toEqual({ chainId: 'test-1' })
  })

  it('sends no more than it accepts', () => {
    const addresses = ['x'.repeat(ADDRESS_CHARACTERS + 1), ...Array.from({ length: 20 }, (_, i) => `/a/${i}`)]
    const many = Array.from({ length: EXCHANGED_PEERS + 9 }, (_, i) => ({ peer: `p${i}`, addresses }))
    const decoded = decodePeers(encodePeers(many))!
    expect(decoded).toHaveLength(EXCHANGED_PEERS)
    expect(decoded[0]!.addresses).toEqual(addresses.slice(1, 1 + EXCHANGED_ADDRESSES))
  })

  it('refuses what is not a list of peers', () => {
    const bad = [
      '',
      '{}',
      '[1]',
      '[{"peer":"a"}]',
      '[{"peer":"a/b","addresses":[]}]',
      '[{"peer":"a","addresses":["no slash"]}]',
      JSON.stringify(Array.from({ length: EXCHANGED_PEERS + 1 }, () => ({ peer: 'a', addresses: [] }))),
    ]
    for (const text of bad) expect(decodePeers(utf8(text))).toBeNull()
    expect(decodePeersRequest(utf8('[]'))).toBeNull()
    expect(decodePeersRequest(utf8(JSON.stringify({ chainId: 'x'.repeat(300) })))).toBeNull()
  })

  it('does not throw on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodePeers(bytes)
        decodePeersRequest(bytes)
      }),
    )
  })

  it('completes the addresses of a relay’s guests', () => {
    const entry = { peer: 'B', addresses: [addressOfGuest('B'), '/ip4/1.2.3.4/tcp/1/ws/p2p/B'] }
    expect(resolveAddresses(entry, '/dns4/relay/tcp/443/wss/p2p/R').addresses).toEqual([
      '/dns4/relay/tcp/443/wss/p2p/R/p2p-circuit/webrtc/p2p/B',
      '/ip4/1.2.3.4/tcp/1/ws/p2p/B',
    ])
    expect(resolveAddresses(entry, null).addresses).toEqual(['/ip4/1.2.3.4/tcp/1/ws/p2p/B'])
  })
})
