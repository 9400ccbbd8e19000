/** Stake and validators from a terminal, over the RPC of a node that decides blocks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadNodeKeys } from '../../node-core/adapters/nodejs/node-keys.ts'
import { toHex } from '../../node-core/lib/bytes.ts'
import { TestCluster, type TestNode, untilBlock } from '../../node-core/node/test-cluster.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { type RpcServer, startRpc } from '../../node-core/rpc/server.ts'
import { accountOf } from '../../node-core/state/ledger.ts'
import { runLine } from '../run.test-kit.ts'

const AIT = 1_000_000_000n
/** Longer than two commands take on a busy machine. */
const UNBONDING_MS = 5_000
/** As many as the longest of the scripts below takes. */
const OPERATIONS = 5

type Answer = Record<string, unknown>

let cluster: TestCluster
let entry: TestNode
let rpc: RpcServer
let home: string
/** Of the two validators called Tern; the first one's keys are those of `home`. */
const terns: string[] = []
let registered: string

beforeAll(async () => {
  cluster = await TestCluster.create({
    validators: 1,
    parameters: { stakeOperationsPerWindow: OPERATIONS, faucetDrip: 5_000n * AIT, unbondingMs: UNBONDING_MS },
  })
  entry = await cluster.start(cluster.validators[0]!)
  rpc = await startRpc({ node: entry.api, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-stake-'))
  writeFileSync(path.join(home, 'password'), 'a long enough password\n')
  await untilBlock(entry.node, () => entry.node.chain.height >= 1)
  for (const name of ['anna', 'ben', 'carl', 'dora']) {
    await done(`wallet create ${name} --password-file ${path.join(home, 'password')}`)
    await done(`wallet faucet ${name}`)
  }
  for (const file of [[], ['--keys', path.join(home, 'second.json')]]) {
    const keys = ['validator', 'keys', '--plain', ...file].join(' ')
    const { address } = await done(keys)
    await done(`wallet send anna ${address} 1100 --wait`)
    const words = ['validator', 'register', '--stake', '1000', '--name', 'Tern', ...file, '--wait'].join(' ')
    registered = (await ran(words)).out
    terns.push(address as string)
  }
})
afterAll(async () => {
  await rpc.stop()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
})

const ran = (line: string) =>
  runLine([...line.split(' '), '--home', home, '--rpc', `http://127.0.0.1:${rpc.port}`])

async function inJson(line: string): Promise<{ readonly code: number; readonly json: Answer }> {
  const { code, out } = await ran(`${line} --json`)
  return { code, json: JSON.parse(out) }
}

async function done(line: string): Promise<Answer> {
  const { code, json } = await inJson(line)
  expect(code, JSON.stringify(json)).toBe(0)
  return json
}

/** As a command that was refused before or after the chain had it tells it. */
async function refused(line: string): Promise<{ code: string; message: string; data: Answer }> {
  const { code, json } = await inJson(line)
  expect(code, JSON.stringify(json)).toBe(1)
  return (json.error ?? json) as never
}

async function balanceOf(name: string): Promise<bigint> {
  const { address } = await done(`wallet balance ${name}`)
  return accountOf(entry.node.chain.state, parseAddress(address as string)!).balance
}

const positions = async (name: string) =>
  (await done(`validator positions ${name}`)) as { positions: Answer[]; totals: Answer }

function nextBlock(): Promise<void> {
  const { height } = entry.node.chain
  return untilBlock(entry.node, () => entry.node.chain.height > height)
}

describe('a delegator', () => {
  it('stakes, after having read what can be lost and how long the way back is', async () => {
    const { code, out } = await ran('validator stake validator-0 12.5 --wallet ben --wait')
    const lines = out.split('\n')
    expect(code).toBe(0)
    expect(lines[0]).toBe(`12.5 AIT behind validator-0 (${formatAddress(cluster.validators[0]!.address)})`)
    expect(lines[1]).toMatch(/50\.0 % .* signs against itself, 30\.0 % .* 10\.0 % .* 5\.0 %/)
    expect(lines[2]).toContain('takes 5 seconds from the end of the next epoch')
    expect(lines[3]).toMatch(/^0x[0-9a-f]{64} {2}succeeded at height \d+$/)
    const again = await done('validator stake validator-0 1 --wallet ben --wait')
    expect(again).toEqual({ hash: expect.any(String), height: expect.any(Number), status: 'succeeded' })
    expect(await positions('ben')).toMatchObject({
      positions: [{ kind: 'delegation', validatorName: 'validator-0', amount: '13.5', compounding: false }],
      totals: { active: '13.5', unstaking: '0' },
    })
    expect((await ran('validator positions ben')).out).toMatch(/validator-0 +active +13\.5 +0 /)
  })

  it('has rewards paid, or joined to the stake', async () => {
    await done('validator stake validator-0 1000 --wallet dora --wait')
    const { address } = await done('wallet balance dora')
    const waiting = async () =>
      (await entry.api.call('stake_rewards', { address: address as string })).claimable
    const before = await balanceOf('dora')
    while ((await waiting())[0]!.amount === '0') await nextBlock()
    expect((await done('validator rewards dora')).claimable).toMatchObject([{ validatorName: 'validator-0' }])
    const claimed = await done('validator claim --wallet dora --wait')
    expect(claimed).toMatchObject({
      status: 'succeeded',
      validators: [formatAddress(cluster.validators[0]!.address)],
    })
    const { receipt } = await entry.api.call('chain_transaction', { hash: claimed.hash as string })
    expect(await balanceOf('dora')).toBeGreaterThan(before - BigInt(receipt!.feePaid))
    const on = await ran('validator compound validator-0 on --wallet dora --wait')
    expect([on.code, on.out]).toEqual([0, expect.stringContaining('rewards join the stake')])
    expect((await positions('dora')).positions[0]).toMatchObject({ compounding: true })
    expect(await refused('validator claim --wallet dora')).toMatchObject({ code: 'nothing-to-claim' })
    expect((await done('validator compound validator-0 off --wallet dora --wait')).status).toBe('succeeded')
    expect((await positions('dora')).positions[0]).toMatchObject({ compounding: false })
  })

  it('takes stake back in parts, and withdraws all that has arrived at once', async () => {
    expect(await refused('validator withdraw --wallet carl')).toMatchObject({ code: 'nothing-to-withdraw' })
    await done('validator stake validator-0 20 --wallet carl --wait')
    await done('validator unstake validator-0 5 --wallet carl --wait')
    const early = await refused('validator withdraw --wallet carl')
    expect(early).toMatchObject({
      code: 'still-unbonding',
      message: expect.stringContaining('cannot be withdrawn'),
    })
    const back = await ran('validator unstake validator-0 all --wallet carl --wait')
    expect(back.out).toMatch(/^15 AIT back from validator-0 .*\nthe way back takes 5 seconds/)
    const { positions: waiting, totals } = await positions('carl')
    expect(totals).toMatchObject({ active: '0', unstaking: '20' })
    const numbers = waiting.map(({ position }) => position as number)
    const single = await refused(`validator withdraw ${numbers[1]} --wallet carl --wait`)
    expect(single).toMatchObject({ status: 'failed', code: 'still-unbonding', data: expect.anything() })
    while ((await positions('carl')).totals.withdrawable !== '20') await nextBlock()
    const before = await balanceOf('carl')
    expect(await done('validator withdraw --wallet carl --wait')).toMatchObject({
      status: 'succeeded',
      positions: numbers,
    })
    expect((await balanceOf('carl')) - before).toBeGreaterThan(19n * AIT)
    expect((await positions('carl')).totals).toMatchObject({ unstaking: '0' })
  })

  it('moves stake at once, but not on from there, and not too often', async () => {
    await done('validator stake validator-0 9 --wallet anna --wait')
    const moved = await ran(`validator move validator-0 ${terns[0]} all --wallet anna --wait`)
    expect([moved.code, moved.out]).toEqual([0, expect.stringContaining('9 AIT from validator-0')])
    expect((await positions('anna')).positions).toMatchObject([
      { kind: 'delegation', validator: terns[0], amount: '9' },
      { kind: 'redelegation', from: formatAddress(cluster.validators[0]!.address) },
    ])
    const on = await ran(`validator move ${terns[0]} validator-0 2 --wallet anna --wait`)
    expect(on.code).toBe(1)
    expect(on.out).toMatch(
      /failed at height \d+ \(redelegation-locked\)\nstake that was moved here cannot .* unstake/,
    )
    for (let more = OPERATIONS - 2; more > 0; more--)
      await done('validator stake validator-0 1 --wallet anna --wait')
    const grinding = await refused('validator stake validator-0 1 --wallet anna --wait')
    expect(grinding).toMatchObject({
      status: 'failed',
      code: 'stake-cooling-down',
      message: expect.stringMatching(/from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC on/),
      data: { endsAtMs: expect.any(String) },
    })
  })

  it('is told what an amount should have been, in AIT', async () => {
    const little = await refused('validator stake validator-0 0.5 --wallet carl --wait')
    expect(little).toMatchObject({ code: 'below-minimum-delegation', data: { minimum: '1', actual: '0.5' } })
    expect(little.message).toContain('at least 1 AIT')
    expect(await refused('validator unstake validator-0 all --wallet carl')).toMatchObject({
      code: 'unknown-delegation',
    })
  })
})

describe('a validator', () => {
  it('registers after having read the same, and is shown with stake, terms and what counts against it', async () => {
    expect(registered).toMatch(
      /^1000 AIT of its own for Tern .*\nat risk: .*\nthe way back .*\n0x.* succeeded/,
    )
    const { code, out } = await ran(`validator show ${terns[1]}`)
    expect(code).toBe(0)
    expect(out).toMatch(/stake +1000 AIT: 1000 of its own, 0 delegated/)
    expect(out).toMatch(/absent +0 times; slashed at 3/)
    expect(await done('validator show validator-0')).toMatchObject({ selfStake: '1000', state: 'active' })
  })

  it('is named by its name only where no other has it', async () => {
    const ambiguous = await refused('validator show Tern')
    expect(ambiguous).toMatchObject({
      code: 'validator-ambiguous',
      data: { name: 'Tern', addresses: expect.arrayContaining(terns) },
    })
    expect(await refused('validator stake Nobody 5 --wallet ben')).toMatchObject({
      code: 'unknown-validator',
      message: expect.stringContaining('aitbc validator list'),
    })
  })

  it('announces other terms; what it leaves out stays', async () => {
    await done('validator update --commission 7 --wait')
    const shown = await ran(`validator show ${terns[0]}`)
    expect(shown.out).toMatch(/announced +Tern, commission 7\.0 %, from epoch \d+ on/)
    await done('validator update --name Skua --wait')
    expect(await done(`validator show ${terns[0]}`)).toMatchObject({
      announced: { name: 'Skua', commission: 70_000 },
    })
  })

  it('keeps enough of its own, and is told how to leave', async () => {
    expect(await refused(`validator unstake ${terns[0]} all --wait`)).toMatchObject({
      code: 'own-stake-below-minimum',
      message: expect.stringContaining('aitbc validator exit'),
      data: { minimum: '1000', actual: '0' },
    })
    const exit = await ran(`validator exit --keys ${path.join(home, 'second.json')} --wait`)
    expect([exit.code, exit.out]).toEqual([
      0,
      expect.stringContaining('its own stake goes on its way back by itself'),
    ])
  })
})

describe('a command line', () => {
  it.each([
    'validator stake validator-0 0 --wallet ben',
    'validator stake validator-0 all --wallet ben',
    'validator stake validator-0 --wallet ben',
    'validator unstake validator-0 some --wallet ben',
    'validator compound validator-0 maybe --wallet ben',
    'validator withdraw first --wallet ben',
    'validator stake validator-0 1 --wallet ben --keys x',
    'validator update',
    'validator update --name Skua --commission 100',
  ])('is wrong: %s', async (line) => {
    const { code, json } = await inJson(line)
    expect([code, (json.error as Answer).code]).toEqual([2, 'usage'])
  })
})

describe('keys', () => {
  it('are changed once in an unbonding period, and both pairs stay in the file', async () => {
    const before = await done(`validator show ${terns[0]}`)
    expect(await done('validator rotate-keys --wait')).toMatchObject({ status: 'succeeded' })
    const after = await done(`validator show ${terns[0]}`)
    expect(after.validatorKey).not.toBe(before.validatorKey)
    expect(await refused('validator rotate-keys --wait')).toMatchObject({ code: 'rotation-too-early' })
    const { spare, ...first } = await loadNodeKeys(path.join(home, 'validator-keys.json'), { type: 'plain' })
    expect([first, spare].map((pair) => toHex(pair!.validatorKey.publicKey))).toEqual([
      before.validatorKey,
      after.validatorKey,
    ])
  })
})
