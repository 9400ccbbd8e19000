/** Whoever catches a validator signing twice sends it from a terminal, over the RPC of a node whose chain punishes it once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Person, TestCluster, type TestNode, untilBlock } from '../../node-core/node/test-cluster.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { encodeEvidence, pairOf } from '../../node-core/protocol/codec-evidence.ts'
import { messageSigningBytes } from '../../node-core/protocol/hash.ts'
import type { Hash, Height } from '../../node-core/protocol/ids.ts'
import type { Commit } from '../../node-core/protocol/messages.ts'
import { type RpcServer, startRpc } from '../../node-core/rpc/server.ts'
import { accountOf } from '../../node-core/state/ledger.ts'
import { runLine } from '../run.test-kit.ts'

const AIT = 1_000_000_000n
const TIMEOUT_MS = 60_000

let cluster: TestCluster
let entry: TestNode
let rpc: RpcServer
let home: string
let bad: Person

beforeAll(async () => {
  cluster = await TestCluster.create({
    validators: 4,
    parameters: { unbondingMs: 600_000, faucetDrip: 5n * AIT },
  })
  // Nobody of them sends evidence by itself.
  for (const validator of cluster.validators.slice(0, 3)) await cluster.start(validator)
  entry = cluster.nodes[0]!
  bad = cluster.validators[3]!
  rpc = await startRpc({ node: entry.api, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-evidence-'))
  writeFileSync(path.join(home, 'password'), 'a long enough password\n')
  await untilBlock(entry.node, () => entry.node.chain.height >= 2)
}, TIMEOUT_MS)
afterAll(async () => {
  await rpc.stop()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
})

const ran = (line: string) =>
  runLine([...line.split(' '), '--home', home, '--rpc', `http://127.0.0.1:${rpc.port}`])

async function commit(height: Height, digit: string): Promise<Commit> {
  const { hash } = entry.node.chain.setAt(height)!
  const fields = {
    type: 'commit',
    height,
    round: 0,
    sender: bad.address,
    blockId: `0x${digit.repeat(64)}` as Hash,
  } as const
  const bytes = messageSigningBytes(cluster.genesis.chainId, hash, fields)
  return { ...fields, signature: await bad.validatorKey.sign(bytes) }
}

async function caught(height: Height): Promise<void> {
  const pair = pairOf(await commit(height, 'a'), await commit(height, 'b'))
  expect(await entry.node.evidence.receive(encodeEvidence(pair))).toEqual({ verdict: 'accept', reason: null })
}

const balanceOf = (address: string) => accountOf(entry.node.chain.state, parseAddress(address)!).balance

it(
  'is listed, sent, paid for, and refused before it costs anything when the chain has it',
  async () => {
    expect((await ran('validator evidence')).out).toContain('no validator has contradicted itself')
    const { height } = entry.node.chain
    await caught(height)
    const list = await ran('validator evidence')
    expect(list.out).toMatch(new RegExp(`${height} +validator-3 +double-sign .* 0x[0-9a-f]{64}`))
    const { evidence } = JSON.parse((await ran('validator evidence --json')).out)
    const [{ id }] = evidence
    expect(evidence[0]).toMatchObject({ offence: 'double-sign', validator: formatAddress(bad.address) })

    const made = await ran(`wallet create anna --json --password-file ${path.join(home, 'password')}`)
    const { address } = JSON.parse(made.out)
    expect(await ran('wallet faucet anna')).toMatchObject({ code: 0 })
    const before = balanceOf(address)
    const sent = await ran(`validator send-evidence ${id} --wallet anna --wait`)
    expect(sent, sent.err).toMatchObject({ code: 0 })
    expect(sent.out).toContain(`${formatAddress(bad.address)} loses 50.0 % of the stake behind it`)
    expect(sent.out).toContain('5.0 % of that is yours')
    // A twentieth of half of 1,000 AIT, less the fee.
    const won = balanceOf(address) - before
    expect(won).toBeGreaterThan(24n * AIT)
    expect(won).toBeLessThan(25n * AIT)

    const again = await ran(`validator send-evidence ${id} --wallet anna --wait`)
    expect(again.code).toBe(1)
    expect(again.err).toContain('this offence was punished already; nothing is left to do (evidence-known)')
    expect(balanceOf(address) - before).toBe(won)

    // Of another height it is another offence, but who is removed has nothing more to lose. By the saved file.
    await caught(height - 1)
    const all = JSON.parse((await ran('validator evidence --json')).out).evidence
    const file = path.join(home, 'evidence.json')
    writeFileSync(file, JSON.stringify(all.find((each: { id: string }) => each.id !== id)))
    const removed = await ran(`validator send-evidence ${file} --wallet anna`)
    expect(removed.err).toContain('removed for good: nothing more is taken from it')
    expect(balanceOf(address) - before).toBe(won)
  },
  TIMEOUT_MS,
)

it('names what is no evidence', async () => {
  const unknown = await ran(`validator send-evidence 0x${'0'.repeat(64)} --wallet anna`)
  expect(unknown.err).toContain('this node has no such evidence')
  const missing = await ran(`validator send-evidence ${path.join(home, 'nowhere.json')} --wallet anna`)
  expect(missing.err).toContain('there is no file')
  for (const text of ['', '[]', 'null', '{"bytes": 5}', '{"bytes": "0x00"}']) {
    const file = path.join(home, 'odd.json')
    writeFileSync(file, text)
    const odd = await ran(`validator send-evidence ${file} --wallet anna`)
    expect(odd, text).toMatchObject({ code: 1, out: '' })
    expect(odd.err, text).toContain('cannot be read')
  }
})
