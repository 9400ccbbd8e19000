/** Claims and withdrawals of many at once from a terminal, over the RPC of a chain of two validators. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { NodeApi } from '../node-core/node/node-api.ts'
import { TestCluster, type TestNode, untilBlock } from '../node-core/node/test-cluster.ts'
import { CodedError } from '../node-core/ports/coded-error.ts'
import { formatAddress } from '../node-core/protocol/address.ts'
import type { Payload } from '../node-core/protocol/transaction.ts'
import { type RpcServer, startRpc } from '../node-core/rpc/server.ts'
import { createContext } from './context.ts'
import { runLine } from './run.test-kit.ts'
import { submitAs } from './signer.ts'
import { openWallet } from './wallets.ts'

const AIT = 1_000_000_000n
const STAKED = 1_000
/** Three batches of withdrawals. */
const BATCHES = [64, 64, 6]
const WITHDRAWALS = 134

const rpcOptions = { host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 } as const

let cluster: TestCluster
let entry: TestNode
let rpc: RpcServer
let home: string
let anna: string

beforeAll(async () => {
  cluster = await TestCluster.create({
    validators: 2,
    parameters: { faucetDrip: 5_000n * AIT, stakeOperationsPerWindow: 200 },
  })
  entry = await cluster.start(cluster.validators[0]!)
  await cluster.start(cluster.validators[1]!)
  rpc = await startRpc({ ...rpcOptions, node: entry.api })
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-batches-'))
  const password = path.join(home, 'password')
  writeFileSync(password, 'a long enough password\n')
  await untilBlock(entry.node, () => entry.node.chain.height >= 1)
  anna = (await done(`wallet create anna --password-file ${password}`)).address as string
  await done('wallet faucet anna')
  for (const to of cluster.validators)
    await done(`validator stake ${formatAddress(to.address)} ${STAKED} --wallet anna --wait`)
})
afterAll(async () => {
  await rpc.stop()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
})

const url = () => `http://127.0.0.1:${rpc.port}`
const ran = (line: string) => runLine([...line.split(' '), '--home', home, '--rpc', url()])

async function done(line: string): Promise<Record<string, unknown>> {
  const { code, out } = await ran(`${line} --json`)
  expect(code, out).toBe(0)
  return JSON.parse(out)
}

/** What no verb of the command line asks for. */
async function submitted(payload: Payload) {
  const io = { out: () => {}, err: () => {}, env: {}, signal: new AbortController().signal }
  const context = createContext(io, { home, rpc: url() })
  return submitAs(context, await openWallet(context, 'anna', undefined), payload, { wait: true })
}

const waiting = async () =>
  (await entry.api.call('stake_rewards', { address: anna })).claimable.map(({ amount }) => BigInt(amount))

async function untilRewards(): Promise<void> {
  while ((await waiting()).some((amount) => amount === 0n)) await nextBlock()
}

function nextBlock(): Promise<void> {
  const { height } = entry.node.chain
  return untilBlock(entry.node, () => entry.node.chain.height > height)
}

it('claims from all validators by one transaction, and says what that saves', async () => {
  await untilRewards()
  const { code, out } = await ran('validator claim --wallet anna --wait')
  expect(code, out).toBe(0)
  const lines = out.split('\n')
  const each = lines.filter((line) => / AIT of validator-[01] \(ait1/.test(line))
  expect(each).toHaveLength(2)
  expect(lines[2]).toMatch(/^0\.\d+ AIT in all$/)
  const [, cost, less] =
    /^costs about (\S+) AIT, (\S+) AIT less than one by one; either all of it is done, or nothing$/.exec(
      lines[3]!,
    )!
  // Two operations of 60,000 gas, of which the batch saves 15,000.
  expect(Number(less) / Number(cost)).toBeCloseTo(15 / 105)
  expect(lines[4]).toMatch(/^0x[0-9a-f]{64} {2}succeeded at height \d+$/)
  const hash = lines[4]!.split(' ')[0]!
  const { payload, receipt } = await entry.api.call('chain_transaction', { hash })
  expect(payload).toMatchObject({ type: 'batch', payloads: { length: 2 } })
  expect(receipt).toMatchObject({ code: 'ok', gasUsed: 105_000 })
})

it('tells programs whose rewards they were, and how much', async () => {
  await untilRewards()
  const claimed = await done('validator claim --wallet anna --wait')
  const { hash, height } = claimed
  expect(claimed).toEqual({
    hash,
    height,
    status: 'succeeded',
    validators: expect.arrayContaining(cluster.validators.map(({ address }) => formatAddress(address))),
    rewards: expect.stringMatching(/^0\.\d+$/),
    transactions: [{ hash, height, status: 'succeeded' }],
  })
})

it('leaves all as it was where one of a batch is refused, and says which', async () => {
  await untilRewards()
  const claim = { type: 'stake.claimRewards', validator: cluster.validators[0]!.address } as const
  expect(await submitted({ type: 'batch', payloads: [claim, claim] })).toMatchObject({
    status: 'failed',
    code: 'nothing-to-claim',
    message: expect.stringMatching(/^nothing of the batch was done, for its operation 2: no rewards wait/),
    data: { payload: '1' },
  })
  expect((await waiting()).every((amount) => amount > 0n)).toBe(true)
})

it('withdraws more than a batch holds by several, and says what was sent when one of them could not be', async () => {
  const part = { type: 'stake.undelegate', validator: cluster.validators[0]!.address, amount: AIT } as const
  for (const count of BATCHES)
    expect(await submitted({ type: 'batch', payloads: Array(count).fill(part) })).toMatchObject({
      status: 'succeeded',
    })
  const totals = async () => (await entry.api.call('stake_positions', { address: anna })).totals
  while ((await totals()).withdrawable !== String(BigInt(WITHDRAWALS) * AIT)) await nextBlock()

  const refusing = await startRpc({ ...rpcOptions, node: takingOne(entry.api) })
  const stopped = await runLine([
    ...['validator', 'withdraw', '--wallet', 'anna', '--wait', '--json', '--home', home],
    ...['--rpc', `http://127.0.0.1:${refusing.port}`],
  ])
  await refusing.stop()
  expect(stopped.code).toBe(1)
  expect(JSON.parse(stopped.out).error).toMatchObject({
    code: 'pool-full',
    data: { sent: [expect.stringMatching(/^0x[0-9a-f]{64}$/)] },
  })

  const { code, out } = await ran('validator withdraw --wallet anna --wait')
  expect(code, out).toBe(0)
  expect(out).toMatch(/^transaction 1 of 2\npositions {2}64, 65, .*, 127\ncosts about /)
  expect(out).toMatch(/\ntransaction 2 of 2\npositions {2}128, 129, 130, 131, 132, 133\ncosts about /)
  expect(out.match(/ {2}succeeded at height /g)).toHaveLength(2)
  expect(await totals()).toMatchObject({ unstaking: '0', withdrawable: '0' })
})

/** Refuses every transaction but the first. */
function takingOne(node: NodeApi): NodeApi {
  let sent = 0
  return {
    call: async (method, params) => {
      if (method === 'tx_submit' && sent++ > 0) throw new CodedError('pool-full', {})
      return node.call(method, params)
    },
    subscribe: (topic, listener) => node.subscribe(topic, listener),
  }
}
