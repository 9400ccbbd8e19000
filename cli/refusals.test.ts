/** Transactions that cannot be, against a real node that decides blocks: a code and figures over the RPC, words and exit 1 here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeKeys } from '../node-core/adapters/nodejs/node-keys.ts'
import { toHex } from '../node-core/lib/bytes.ts'
import {
  type Person,
  person,
  provedKeys,
  TestCluster,
  type TestNode,
  untilBlock,
} from '../node-core/node/test-cluster.ts'
import { formatAddress } from '../node-core/protocol/address.ts'
import type { Payload, UnsignedTransaction, ValidatorRegister } from '../node-core/protocol/transaction.ts'
import { type RpcServer, startRpc } from '../node-core/rpc/server.ts'
import { accountOf } from '../node-core/state/ledger.ts'
import { runLine } from './run.test-kit.ts'

let cluster: TestCluster
let entry: TestNode
let rpc: RpcServer
let rich: Person
let poor: Person
/** As it would be taken. */
let registration: ValidatorRegister
let home: string

beforeAll(async () => {
  rich = await person('rich')
  poor = await person('poor')
  cluster = await TestCluster.create({ validators: 1, rich: [rich] })
  entry = await cluster.start(cluster.validators[0]!)
  rpc = await startRpc({ node: entry.api, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
  registration = {
    type: 'validator.register',
    ...(await provedKeys(rich, cluster.genesis.chainId)),
    stake: cluster.genesis.parameters.minimumSelfStake,
    commission: 50_000,
    name: 'Dunlin',
  }
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-refusals-'))
  writeFileSync(path.join(home, 'password'), 'a long enough password\n')
  await untilBlock(entry.node, () => entry.node.chain.height >= 2)
  const paid = await cluster.sign(rich, transfer(1n), 0)
  expect(await entry.node.submit(paid)).toMatchObject({ ok: true })
  await untilBlock(entry.node, () => accountOf(entry.node.chain.state, rich.address).nonce === 1)
})
afterAll(async () => {
  await rpc.stop()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
})

const transfer = (amount: bigint): Payload => ({ type: 'transfer', to: rich.address, amount })

async function submit(
  transaction: string,
): Promise<{ error?: { code: number; message: string; data: Record<string, unknown> } }> {
  const response = await fetch(`http://127.0.0.1:${rpc.port}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tx_submit', params: { transaction } }),
  })
  return (await response.json()) as never
}

interface Case {
  readonly what: string
  readonly code: string
  readonly data: readonly string[]
  readonly nonce?: number
  readonly payload?: () => Payload
  readonly who?: () => Person
  readonly changes?: Partial<UnsignedTransaction>
  readonly bend?: (bytes: Uint8Array) => Uint8Array
}

const CASES: readonly Case[] = [
  {
    what: 'for another chain',
    code: 'wrong-chain',
    data: ['expected', 'actual'],
    changes: { chainId: 'other' },
  },
  {
    what: 'that is stale',
    code: 'expired',
    data: ['validUntilHeight', 'height'],
    changes: { validUntilHeight: 1 },
  },
  { what: 'sent again', code: 'nonce-too-low', data: ['expected', 'actual'], nonce: 0 },
  {
    what: 'far ahead of its sender',
    code: 'nonce-too-high',
    data: ['expected', 'actual', 'limit'],
    nonce: 10_000,
  },
  {
    what: 'badly signed',
    code: 'bad-signature',
    data: [],
    bend: (bytes) => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1),
  },
  {
    what: 'signed by another’s key',
    code: 'address-mismatch',
    data: [],
    changes: { sender: `0x${'11'.repeat(20)}` as never },
  },
  { what: 'cut short', code: 'malformed', data: ['detail'], bend: (bytes) => bytes.slice(0, -100) },
  {
    what: 'that is too large',
    code: 'too-large',
    data: ['bytes', 'limit'],
    bend: () => new Uint8Array(40_000),
  },
  {
    what: 'without the money',
    code: 'insufficient-balance',
    data: ['balance', 'needed'],
    payload: () => transfer(2n ** 63n),
  },
  {
    what: 'of who has nothing',
    code: 'insufficient-balance',
    data: ['balance', 'needed'],
    who: () => poor,
    nonce: 0,
  },
  {
    what: 'that pays too little',
    code: 'fee-too-low',
    data: ['baseFee', 'actual'],
    changes: { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
  },
  {
    what: 'that allows too little gas',
    code: 'gas-limit-too-low',
    data: ['needed', 'actual'],
    changes: { gasLimit: 1 },
  },
  { what: 'of no parts', code: 'batch-empty', data: [], payload: () => ({ type: 'batch', payloads: [] }) },
  {
    what: 'with a drip among others',
    code: 'drip-in-batch',
    data: [],
    payload: () => ({ type: 'batch', payloads: [{ type: 'faucet.drip' }] }),
  },
  {
    what: 'with a name that hides something',
    code: 'name-invalid',
    data: [],
    payload: () => ({ type: 'validator.update', name: 'a\u202eb', commission: 50_000 }),
  },
  ...[0, 9_999, 1_000_000].map((commission) => ({
    what: `with a commission of ${commission} millionths`,
    code: 'commission-out-of-range',
    data: ['minimum', 'maximum'],
    payload: (): Payload => ({ type: 'validator.update', name: 'Dunlin', commission }),
  })),
  {
    what: 'of a validator with too little stake',
    code: 'below-minimum-stake',
    data: ['minimum', 'actual'],
    payload: () => ({ ...registration, stake: 1n }),
  },
  {
    what: 'with keys that are not shown to be its own',
    code: 'bad-possession-proof',
    data: ['key'],
    payload: () => ({ ...registration, validatorKeyProof: new Uint8Array(64) }),
  },
  {
    what: 'that changes to keys that are not shown to be its own',
    code: 'bad-possession-proof',
    data: ['key'],
    payload: () => {
      const { stake: _stake, commission: _commission, name: _name, ...keys } = registration
      return { ...keys, type: 'validator.rotateKey', randomnessKeyProof: new Uint8Array(80) }
    },
  },
]

describe('a transaction', () => {
  it.each(CASES)('$what is refused with $code, and changes nothing', async (each) => {
    const { code, data, nonce = 1, payload = () => transfer(1n), who = () => rich, changes, bend } = each
    const signed = await cluster.sign(who(), payload(), nonce, changes)
    const before = { pool: entry.node.pool.count, rich: accountOf(entry.node.chain.state, rich.address) }
    const { error } = await submit(toHex(bend ? bend(signed) : signed))
    expect(error).toMatchObject({ code: -32_000, data: { code } })
    expect(error?.message).toMatch(/[a-z]{2,} [a-z]/)
    for (const name of data) expect(error?.data, name).toHaveProperty(name)
    expect(entry.node.pool.count).toBe(before.pool)
    const { height } = entry.node.chain
    await untilBlock(entry.node, () => entry.node.chain.height > height)
    expect(accountOf(entry.node.chain.state, rich.address)).toEqual(before.rich)
    const view = await entry.api.call('chain_block', { height: height + 1 })
    expect(view.transactions).toEqual([])
  })
})

describe('the command line', () => {
  const aitbc = (...args: string[]) =>
    runLine([...args, '--home', home, '--rpc', `http://127.0.0.1:${rpc.port}`])
  const password = () => ['--password-file', path.join(home, 'password')]

  it('ends with 1 and words when the chain refuses', async () => {
    expect(await aitbc('wallet', 'create', 'mole', ...password())).toMatchObject({ code: 0 })
    const to = formatAddress(rich.address)
    const broke = await aitbc('wallet', 'send', 'mole', to, '5', ...password())
    expect(broke).toMatchObject({ code: 1, out: '' })
    expect(broke.err).toMatch(
      /the balance is too small \(insufficient-balance\)\n {2}balance: 0\n {2}needed: \d+/,
    )
    expect(await aitbc('wallet', 'faucet', 'mole', ...password())).toMatchObject({ code: 0 })
    const early = await aitbc('wallet', 'faucet', 'mole', '--json', ...password())
    expect(early.code).toBe(1)
    expect(JSON.parse(early.out).error).toMatchObject({
      code: 'drip-too-early',
      data: { nextHeight: expect.any(String) },
    })
  })

  it.each([
    [['wallet', 'send', 'mole', 'ait1nonsense', '5']],
    [['wallet', 'send', 'mole', 'TO', '-5']],
    [['wallet', 'send', 'mole', 'TO', '1e3']],
    [['wallet', 'send', 'mole', 'TO', '99999999999999999999']],
    [['wallet', 'send', 'mole', 'TO', '0.0000000001']],
    [['wallet', 'send', '../mole', 'TO', '5']],
    [['chain', 'block', '0']],
    [['chain', 'block', '9007199254740993']],
    [['chain', 'block', 'x'.repeat(10_000)]],
  ])('refuses %j in words', async (args) => {
    const words = args.map((word) => (word === 'TO' ? formatAddress(rich.address) : word))
    const result = await aitbc(...words, ...(args[0] === 'wallet' ? password() : []))
    expect([1, 2]).toContain(result.code)
    expect(result.err).toMatch(/[a-z]{2,} [a-z]/)
    expect(result.err).not.toContain('internal')
  })

  it('names what is wrong with the address, the origin or the port of a node', async () => {
    const genesis = path.join(home, 'genesis.json')
    const { formatGenesis } = await import('../node-core/protocol/genesis-codec.ts')
    writeFileSync(genesis, JSON.stringify(formatGenesis(cluster.genesis)))
    const start = (...more: string[]) =>
      aitbc(
        'node',
        'run',
        '--genesis',
        genesis,
        '--home',
        path.join(home, 'node'),
        '--rpc-port',
        '0',
        ...more,
      )
    for (const [flag, value] of [
      ['--listen', 'tcp://127.0.0.1'],
      ['--relay', '/garbage'],
      ['--bootstrap', '127.0.0.1:4000'],
      ['--allow-origin', 'localhost'],
    ] as const) {
      const result = await start(flag, value)
      expect(result.code, flag).toBe(2)
      expect(result.err).toContain(`${flag} is "${value}"`)
    }
    const inUse = await start('--rpc-port', String(rpc.port))
    expect(inUse).toMatchObject({ code: 1 })
    expect(inUse.err).toContain(`port ${rpc.port} on 127.0.0.1 is in use (port-in-use)`)
    const meshInUse = await start('--listen', `/ip4/127.0.0.1/tcp/${rpc.port}/ws`)
    expect(meshInUse).toMatchObject({ code: 1 })
    expect(meshInUse.err).toContain(`127.0.0.1:${rpc.port} is in use, for --listen (port-in-use)`)
  })

  it.each([
    'null',
    '5',
    '"text"',
    '[1]',
    '{"blockTimMs": 5}',
    '{"blockTimeMs": 0}',
    '{"blockTimeMs": "1000"}',
    '{',
  ])('refuses parameters of a development network that are %s', async (text) => {
    const file = path.join(home, 'parameters.json')
    writeFileSync(file, text)
    const { makeGenesis } = await import('./dev/genesis-file.ts')
    const { readConfig } = await import('./environment.ts')
    const directory = mkdtempSync(path.join(home, 'network-'))
    const layout = { genesisFile: path.join(directory, 'genesis.json'), validators: [] }
    const made = makeGenesis(layout as never, readConfig('development'), file)
    await expect(made).rejects.toMatchObject({
      code: expect.stringMatching(/^config-(invalid|unreadable)$/),
      data: { file },
    })
  })

  it('reads keys that are no keys with a code', async () => {
    const file = path.join(home, 'keys.json')
    await createNodeKeys(file, { type: 'plain' })
    const { loadNodeKeys } = await import('../node-core/adapters/nodejs/node-keys.ts')
    for (const text of [
      '',
      'null',
      '[]',
      '{}',
      '{"plainVersion": 1, "address": 5}',
      '{"plainVersion": 1, "address": "x", "accountSeed": {}}',
    ]) {
      writeFileSync(file, text)
      await expect(loadNodeKeys(file, { type: 'plain' })).rejects.toMatchObject({ code: 'backup-damaged' })
    }
  })
})
