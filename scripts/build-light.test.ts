/** The light client as somebody has it who takes the archive: unpacked under node_modules, in a plain Node, without the project. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '../node-core/lib/bytes.ts'
import { CHAIN_ID, LightChain } from '../node-core/light/light-chain.test-kit.ts'
import { person, TestCluster, untilBlock } from '../node-core/node/test-cluster.ts'
import { formatAddress } from '../node-core/protocol/address.ts'
import { encodeHeader } from '../node-core/protocol/codec-block.ts'
import { encodeCertificate } from '../node-core/protocol/codec-certificate.ts'
import { encodeValidatorSet } from '../node-core/protocol/codec-validator-set.ts'
import type { Hash } from '../node-core/protocol/ids.ts'

const BUILD_TIMEOUT_MS = 120_000
const ROOT = path.resolve(import.meta.dirname, '..')
const WANTED = 5

let directory: string
const inside = (...names: string[]) => path.join(directory, ...names)

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

/** A chain whose validators all change from one epoch to the next, as answers of `chain_certificate` and a checkpoint. */
function certified() {
  const chain = new LightChain({ epochs: [[[1, 1n]], [[2, 1n]], [[3, 1n]]] })
  const answers = Array.from({ length: chain.lastHeight }, (_, i) => {
    const { header, certificate, set } = chain.block(i + 1)
    return {
      header: toHex(encodeHeader(header)),
      certificate: toHex(encodeCertificate(certificate)),
      validators: toHex(encodeValidatorSet(set)),
    }
  })
  return { answers, endMs: chain.endMs, first: chain.block(1).id, wanted: chain.block(WANTED).id }
}

const USE = `
import { createLightClient, type LightClientOptions } from 'aitbc-mesh/light'
import { readFileSync } from 'node:fs'

const given = JSON.parse(readFileSync('given.json', 'utf8'))
const options: LightClientOptions = {
  call: async (_method, params) => ({ canonical: given.answers[(params as { height: number }).height - 1] }) as never,
  start: {
    checkpoint: { height: 1, blockId: given.first as string },
    chainId: '${CHAIN_ID}',
    parameters: { unbondingMs: 1_000_000, clockPrecisionMs: 100, messageDelayMs: 100 },
  },
  nowMs: () => given.endMs,
}
const result = await createLightClient(options).verifyBlock(${WANTED})
const height: number | undefined = result.ok ? result.value.trusted.height : undefined
console.log(JSON.stringify(result.ok ? { height, blockId: result.value.trusted.blockId } : { code: result.fault.code }))
`

/** What a real node answers about a transfer and its sender, and all that leads there from its first block. */
async function proofs() {
  const alice = await person('alice')
  const cluster = await TestCluster.create({
    validators: 1,
    rich: [alice],
    parameters: { unbondingMs: 600_000 },
  })
  try {
    const { node, api } = await cluster.start(cluster.validators[0]!)
    const transfer = { type: 'transfer' as const, to: cluster.validators[0]!.address, amount: 5n }
    const bytes = await cluster.sign(alice, transfer, 0)
    const { hash } = await api.call('tx_submit', { transaction: toHex(bytes) })
    await untilBlock(node, () => node.history.find(hash as Hash) !== undefined && node.chain.height >= 2)
    const address = formatAddress(alice.address)
    const account = await api.call('chain_proof', { address, record: 'account' })
    const transaction = await api.call('chain_transaction', { hash, inclusion: true })
    const heights = Array.from({ length: account.height }, (_, i) => i + 1)
    const certificates = await Promise.all(
      heights.map((height) => api.call('chain_certificate', { height, canonical: true })),
    )
    const { unbondingMs, clockPrecisionMs, messageDelayMs } = cluster.genesis.parameters
    return {
      address,
      hash,
      account,
      transaction,
      certificates,
      chainId: cluster.genesis.chainId,
      parameters: { unbondingMs, clockPrecisionMs, messageDelayMs },
      blockId: certificates[0]!.blockId,
      nowMs: Date.now(),
    }
  } finally {
    await cluster.stop()
  }
}

const PROVE = `
import { createLightClient, type LightClientOptions } from 'aitbc-mesh/light'
import { readFileSync } from 'node:fs'

const given = JSON.parse(readFileSync('given.json', 'utf8'))
const options: LightClientOptions = {
  call: async (method, params) => {
    if (method === 'chain_proof') return given.account
    if (method === 'chain_transaction') return given.transaction
    return given.certificates[(params as { height: number }).height - 1]
  },
  start: {
    checkpoint: { height: 1, blockId: given.blockId as string },
    chainId: given.chainId,
    parameters: given.parameters,
  },
  nowMs: () => given.nowMs,
}
const client = createLightClient(options)
const account = await client.verifyAccount(given.address)
const transaction = await client.verifyTransaction(given.hash)
console.log(JSON.stringify({
  account: account.ok ? [account.value.at.trusted.height, account.value.record?.nonce] : account.fault.code,
  transaction: transaction.ok
    ? [transaction.value.at.trusted.height, transaction.value.transaction.payload.type, transaction.value.receipt.code]
    : transaction.fault.code,
}))
`

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'aitbc-light-'))
  run(process.execPath, [path.join(ROOT, 'scripts/build-light.ts'), inside('built')], ROOT)
  const archive = run('npm', ['pack', '--silent', '--pack-destination', directory], inside('built')).trim()
  mkdirSync(inside('node_modules/aitbc-mesh'), { recursive: true })
  run('tar', ['xzf', archive, '--strip-components=1', '-C', 'node_modules/aitbc-mesh'], directory)
  writeFileSync(inside('package.json'), '{ "type": "module" }')
  writeFileSync(inside('use.ts'), USE)
  writeFileSync(inside('prove.ts'), PROVE)
}, BUILD_TIMEOUT_MS)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the package of the light client', () => {
  const used = (given: object, script = 'use.ts'): unknown => {
    writeFileSync(inside('given.json'), JSON.stringify(given))
    return JSON.parse(run(process.execPath, [script], directory))
  }

  it('verifies a certified header, by name', () => {
    const given = certified()
    expect(used(given)).toEqual({ height: WANTED, blockId: given.wanted })
    expect(used({ ...given, first: given.first.toUpperCase().replace('0X', '0x') })).toMatchObject({
      height: WANTED,
    })
  })

  it('believes no header that its validators did not sign', () => {
    const given = certified()
    const { answers } = given
    const other = { ...answers[WANTED - 1]!, certificate: answers[WANTED]!.certificate }
    expect(used({ ...given, answers: answers.with(WANTED - 1, other) })).toEqual({
      code: 'certificate-mismatch',
    })
  })

  it('proves an account and a transaction in its block, and neither from what was changed', async () => {
    const given = await proofs()
    const { account, transaction } = given
    expect(used(given, 'prove.ts')).toEqual({
      account: [account.height, 1],
      transaction: [transaction.height, 'transfer', 'ok'],
    })
    const [first, ...rest] = account.siblings
    const otherSibling = `0x${'00'.repeat(first!.length / 2 - 1)}`
    const { inclusion } = transaction
    const changed = {
      account: { ...account, siblings: [otherSibling, ...rest] },
      transaction: { ...transaction, inclusion: { ...inclusion, count: 9 } },
    }
    expect(used({ ...given, ...changed }, 'prove.ts')).toEqual({
      account: 'bad-proof',
      transaction: 'bad-inclusion',
    })
  })

  it('has types that compile by themselves, in the strict mode', () => {
    const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc')
    const node = ['--types', 'node', '--typeRoots', path.join(ROOT, 'node_modules/@types')]
    const strict = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'ES2024', '--module', 'NodeNext']
    run(process.execPath, [compiler, ...strict, ...node, 'use.ts', 'prove.ts'], directory)
  })
})
