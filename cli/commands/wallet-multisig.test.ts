/** Three people with wallets of their own share an account, from a terminal, on a node that decides blocks. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NodeMethod } from '../../node-core/node/node-api.ts'
import { TestCluster, type TestNode, untilBlock } from '../../node-core/node/test-cluster.ts'
import { multisigList, multisigView } from '../../node-core/node/views/multisig-view.ts'
import { addressOf, formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { accountOf } from '../../node-core/state/ledger.ts'
import { runLine } from '../run.test-kit.ts'

const SHOP = formatAddress(addressOf(0, new Uint8Array(32).fill(5)))
const AIT = 1_000_000_000n

let cluster: TestCluster
let entry: TestNode
let server: Server
let home: string

beforeAll(async () => {
  cluster = await TestCluster.create({ validators: 1 })
  entry = await cluster.start(cluster.validators[0]!)
  server = await serve(entry)
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-multisig-'))
  writeFileSync(path.join(home, 'password'), 'a long enough password\n')
  await untilBlock(entry.node, () => entry.node.chain.height >= 1)
  for (const name of ['anna', 'ben', 'carl']) {
    await aitbc(`wallet create ${name} --password-file ${path.join(home, 'password')}`)
    await decided(await aitbc(`wallet faucet ${name} --no-wait`))
  }
})
afterAll(async () => {
  server.close()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
})

/** JSON-RPC over HTTP and no more; questions about accounts of several are answered from the node's state. */
async function serve({ api, node }: TestNode): Promise<Server> {
  const answer = async (method: string, params: Record<string, string>): Promise<unknown> => {
    const of = (name: string) => parseAddress(params[name]!)!
    if (method === 'multisig_list') return multisigList(node, of('member'))
    if (method === 'multisig_get') return multisigView(node, of('account'))
    return api.call(method as NodeMethod, params as never)
  }
  const made = createServer(async (request, response) => {
    const { id, method, params } = JSON.parse(await text(request))
    const body = await answer(method, params).then(
      (result) => ({ result }),
      ({ code, data }) => ({ error: { code: -32_000, message: code, data: { code, ...data } } }),
    )
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id, ...body }))
  })
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return made
}

type Answer = Record<string, unknown>

async function ran(line: string): Promise<{ readonly code: number; readonly json: Answer }> {
  const { port } = server.address() as AddressInfo
  const words = [...line.split(' '), '--home', home, '--rpc', `http://127.0.0.1:${port}`, '--json']
  const { code, out } = await runLine(words)
  return { code, json: JSON.parse(out) }
}

async function aitbc(line: string): Promise<Answer> {
  const { code, json } = await ran(line)
  expect(code, JSON.stringify(json)).toBe(0)
  return json
}

/** The code of the receipt. */
async function decided({ hash }: Answer): Promise<string> {
  const find = () => entry.node.history.find(hash as never)
  await untilBlock(entry.node, () => find() !== undefined && find() !== null)
  const { receipt } = await entry.api.call('chain_transaction', { hash: hash as string })
  return receipt!.code
}

const balance = (of: string) => accountOf(entry.node.chain.state, parseAddress(of)!).balance

async function sharedAccount(): Promise<string> {
  const created = await aitbc('wallet multisig create anna 2 anna ben carl')
  expect(await decided(created)).toBe('ok')
  return created.account as string
}

describe('two of three', () => {
  it('pay from an account that they share', async () => {
    const account = await sharedAccount()
    expect((await entry.api.call('chain_account', { address: account })).multisig).toMatchObject({
      threshold: 2,
    })
    expect(await decided(await aitbc(`wallet send carl ${account} 10`))).toBe('ok')

    expect(await decided(await aitbc(`wallet multisig propose anna ${account} send ${SHOP} 2.5`))).toBe('ok')
    const waiting = await aitbc(`wallet multisig show ${account}`)
    expect(waiting).toMatchObject({
      account,
      threshold: 2,
      balance: '10',
      proposals: [{ proposal: 0, payload: { type: 'transfer', to: SHOP, amount: '2.5' }, state: 'waiting' }],
    })
    expect(await decided(await aitbc(`wallet multisig execute ben ${account} 0`))).toBe(
      'not-enough-approvals',
    )
    expect(await decided(await aitbc(`wallet multisig approve ben ${account} 0`))).toBe('ok')
    expect(await decided(await aitbc(`wallet multisig execute carl ${account} 0`))).toBe('ok')
    expect(balance(SHOP)).toBe((5n * AIT) / 2n)
    expect(await decided(await aitbc(`wallet multisig execute carl ${account} 0`))).toBe('proposal-closed')
    const listed = (await aitbc('wallet multisig list ben')) as unknown as Answer[]
    expect(listed).toContainEqual(expect.objectContaining({ account, balance: '7.5', proposals: [] }))
  })

  it('are asked for any operation as JSON, and for stake in words', async () => {
    const account = await sharedAccount()
    const validator = formatAddress(cluster.validators[0]!.address)
    const json = `{"type":"stake.claimRewards","validator":"${validator}"}`
    expect(
      await decided(await aitbc(`wallet multisig propose ben ${account} --payload ${json} --expires-in 50`)),
    ).toBe('ok')
    expect(await decided(await aitbc(`wallet multisig propose ben ${account} delegate ${validator} 3`))).toBe(
      'ok',
    )
    expect(await decided(await aitbc(`wallet multisig revoke ben ${account} 0`))).toBe('ok')
    expect(await aitbc(`wallet multisig show ${account}`)).toMatchObject({
      proposals: [{ proposal: 1, payload: { type: 'stake.delegate', validator, amount: '3' } }],
    })
  })
})

describe('a command line', () => {
  it.each([
    'wallet multisig create anna 0 anna ben',
    'wallet multisig create anna 3 anna ben',
    'wallet multisig create anna 1 anna anna',
    'wallet multisig create anna 1',
    `wallet multisig propose anna ${SHOP}`,
    `wallet multisig propose anna ${SHOP} send ${SHOP}`,
    `wallet multisig propose anna ${SHOP} send ${SHOP} 0`,
    `wallet multisig propose anna ${SHOP} burn ${SHOP} 1`,
    `wallet multisig propose anna ${SHOP} send ${SHOP} 1 more`,
    `wallet multisig propose anna ${SHOP} send ${SHOP} 1 --payload {}`,
    `wallet multisig propose anna ${SHOP} --payload {`,
    `wallet multisig propose anna ${SHOP} --payload {"type":"faucet.drip"}`,
    `wallet multisig propose anna ${SHOP} --payload {"type":"transfer","to":"${SHOP}","amount":1}`,
    `wallet multisig propose anna ${SHOP} send ${SHOP} 1 --expires-in soon`,
    `wallet multisig approve anna ${SHOP} first`,
  ])('is wrong: %s', async (line) => {
    const { code, json } = await ran(line)
    expect([code, (json.error as Answer).code]).toEqual([2, 'usage'])
  })

  it.each([
    ['wallet multisig create anna 1 anna nobody', 'wallet-missing'],
    [`wallet multisig approve nobody ${SHOP} 0`, 'wallet-missing'],
  ])('is refused: %s', async (line, refusal) => {
    const { code, json } = await ran(line)
    expect([code, (json.error as Answer).code]).toEqual([1, refusal])
  })

  it('says in lines what an account of several has and waits for', async () => {
    const account = await sharedAccount()
    await decided(await aitbc(`wallet multisig propose carl ${account} send ${SHOP} 1`))
    const { port } = server.address() as AddressInfo
    const words = ['wallet', 'multisig', 'show', account, '--home', home, '--rpc', `http://127.0.0.1:${port}`]
    const { out } = await runLine(words)
    expect(out).toContain('threshold  2 of 3')
    expect(out).toContain(`proposal 0: transfer, to ${SHOP}, amount 1`)
    expect(out).toMatch(/waiting, 1 of 2 approvals, until height \d+/)
  })
})
