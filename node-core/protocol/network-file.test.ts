import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { formatAddress } from './address.ts'
import { formatGenesis } from './genesis-codec.ts'
import type { Address } from './ids.ts'
import { parseNetworkFile } from './network-file.ts'

const { parameters } = JSON.parse(
  readFileSync(new URL('../../config/development.json', import.meta.url), 'utf8'),
)
const hex = (bytes: number) => `0x${'01'.repeat(bytes)}`
const validator = {
  address: formatAddress(hex(20) as Address),
  name: 'Tern',
  validatorKey: hex(32),
  randomnessKey: hex(32),
  validatorKeyProof: hex(64),
  randomnessKeyProof: hex(80),
  stake: parameters.minimumSelfStake,
  commission: parameters.minimumCommission,
}
const genesis = { chainId: 'aitbc-test', timestampMs: 1, parameters, accounts: [], validators: [validator] }
const whole = {
  genesis,
  relays: ['/dns4/relay.example/tcp/443/wss'],
  bootstrap: ['/ip4/127.0.0.1/tcp/4223/ws/p2p/12D3'],
  iceServers: [{ urls: ['stun:s.example'] }],
}

it('a network file is read with its genesis', () => {
  const read = parseNetworkFile(whole)
  if (!read.ok) throw new Error(read.key)
  const { genesis: chain, ...others } = read.value
  expect({ ...others, genesis: formatGenesis(chain) }).toEqual(whole)
})

it.each([
  ['', null],
  ['', 'text'],
  ['colour', { ...whole, colour: 'red' }],
  ['genesis', { ...whole, genesis: undefined }],
  ['genesis.chainId', { ...whole, genesis: { ...genesis, chainId: 'Upper' } }],
  [
    'genesis.parameters.blockTimeMs',
    { ...whole, genesis: { ...genesis, parameters: { ...parameters, blockTimeMs: 1 } } },
  ],
  ['relays', { ...whole, relays: undefined }],
  ['relays', { ...whole, relays: Array.from({ length: 65 }, () => '/dns4/a.example/tcp/1/ws') }],
  ['relays.0', { ...whole, relays: ['relay.example'] }],
  ['bootstrap.0', { ...whole, bootstrap: [5] }],
  ['iceServers.0.urls', { ...whole, iceServers: [{ urls: 'stun:s.example' }] }],
  ['iceServers', { ...whole, iceServers: 5 }],
])('a network file is refused for %s', (key, json) => {
  const read = parseNetworkFile(json)
  expect(read).toMatchObject({ ok: false, key })
  expect(read.ok ? '' : read.range).not.toBe('')
})
