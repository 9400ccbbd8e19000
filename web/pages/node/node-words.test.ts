import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NodeStatus } from '../../../node-core/node/node-api.ts'
import {
  areasOf,
  channelsWords,
  flatten,
  logWhere,
  nodeReason,
  nodeSentence,
  passwordProblem,
  usedShare,
  withoutSecrets,
} from './node-words.ts'

type Facts = Parameters<typeof nodeSentence>[0]
const facts = (over: Partial<Facts>): Facts => ({
  mode: 'validator',
  phase: 'running',
  stall: null,
  haltedBecause: null,
  head: null,
  bestSeenHeight: 0,
  ...over,
})

test.each<[Partial<Facts>, string]>([
  [{}, 'This tab is a validator and keeps up with the chain.'],
  [{ mode: 'light', phase: 'connecting' }, 'This tab is a light node, and looks for its first peer.'],
  [
    {
      mode: 'full',
      phase: 'syncing',
      head: { height: 10, blockId: '0x', timestampMs: 0 },
      bestSeenHeight: 1_300,
    },
    'This tab is a full node, 1,290 blocks behind and catching up.',
  ],
  [{ stall: { code: 'no-peers' } }, 'This tab is a validator. No peer reachable.'],
  [{ phase: 'halted' }, 'This tab’s node has stopped itself.'],
])('status %j', (over, sentence) => {
  expect(nodeSentence(facts(over))).toBe(sentence)
})

test('a halt says why and that nothing is signed', () => {
  const status = {
    startedAtMs: 0,
    version: '0.1.0',
    chainId: 'staging',
    haltedBecause: 'supply does not add up',
    storage: { usedBytes: null, quotaBytes: null, persistent: null, trouble: null },
  }
  expect(nodeReason(status, 3_600_000)).toContain('supply does not add up. Nothing is signed')
  expect(nodeReason({ ...status, haltedBecause: null }, 3_600_000)).toBe(
    'Version 0.1.0 on the chain staging, running for 1 h.',
  )
  const storage = { ...status.storage, trouble: { code: 'storage-lost', sinceMs: 0 } } as const
  expect(nodeReason({ ...status, storage, haltedBecause: 'block 18: storage-lost' }, 3_600_000)).toMatch(
    /^Its storage cannot be reached any more.* Nothing is signed\. Version/,
  )
})

test('storage in use is a share, or not known', () => {
  const storage = (usedBytes: number | null, quotaBytes: number | null): NodeStatus['storage'] => ({
    usedBytes,
    quotaBytes,
    persistent: null,
    trouble: null,
  })
  expect([
    usedShare(storage(50, 200)),
    usedShare(storage(null, 200)),
    usedShare(storage(5, 0)),
    usedShare(storage(300, 200)),
  ]).toEqual([0.25, null, null, 1])
})

test('passwords are long and typed the same twice', () => {
  expect(passwordProblem('', '')).toBeNull()
  expect(passwordProblem('short', '')).toContain('7 are missing')
  expect(passwordProblem('long enough here', 'long enough her')).toContain('not the same')
  expect(passwordProblem('long enough here', 'long enough here')).toBeNull()
})

describe('the log', () => {
  const line = (level: string, area: string, message: string) => ({ atMs: 0, level, area, message })
  const lines = [
    line('debug', 'mesh', 'ping'),
    line('info', 'consensus', 'block decided'),
    line('error', 'mesh', 'dial failed'),
    line('odd', 'x', 'y'),
  ]
  const messages = (filter: Partial<Parameters<typeof logWhere>[1]>) =>
    logWhere(lines, { level: 'all', area: 'all', text: '', ...filter }).map((one) => one.message)

  test('is filtered by level and above, area and text', () => {
    expect(messages({})).toHaveLength(4)
    expect(messages({ level: 'warn' })).toEqual(['dial failed', 'y'])
    expect(messages({ area: 'mesh' })).toEqual(['ping', 'dial failed'])
    expect(messages({ text: 'DECIDED ' })).toEqual(['block decided'])
    expect(areasOf(lines)).toEqual(['consensus', 'mesh', 'x'])
  })
})

test('a configuration becomes rows', () => {
  expect(
    flatten({ environment: 'staging', relays: ['a', 'b'], budgets: { disk: 1, extra: {} }, none: null }),
  ).toEqual([
    { name: 'environment', value: 'staging' },
    { name: 'relays', value: 'a, b' },
    { name: 'budgets.disk', value: '1' },
    { name: 'budgets.extra', value: 'none' },
    { name: 'none', value: 'none' },
  ])
})

test('a configuration says bytes and times with their units', () => {
  expect(
    flatten({ budgets: { memoryBytes: 512_000_000, bytesPerDay: 2_000_000_000 }, timeoutMs: 4_000 }),
  ).toEqual([
    { name: 'budgets.memoryBytes', value: '512 MB' },
    { name: 'budgets.bytesPerDay', value: '2.0 GB' },
    { name: 'timeoutMs', value: '4,000 ms' },
  ])
})

test('no secret leaves with a report, however deep it lies', () => {
  const secret = 'correct horse battery staple'
  fc.assert(
    fc.property(
      fc.constantFrom('privateKey', 'password', 'walletSeed', 'API_TOKEN', 'mnemonic', 'signingKey'),
      fc.nat({ max: 5 }),
      (name, depth) => {
        let value: unknown = { [name]: { inner: [secret] }, height: 5 }
        for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { nested: value }
        const text = JSON.stringify(withoutSecrets(value))
        expect(text).not.toContain(secret)
        expect(text).toContain('"height":5')
      },
    ),
  )
  expect(withoutSecrets({ signing: true })).toEqual({ signing: true })
})

test('channels say what a busy page does to them', () => {
  expect(channelsWords('bridged')).toContain('slows')
  expect(channelsWords('transferred')).toContain('does not')
})
