/** Command lines against a real RPC server; behind it a stand-in node that checks and keeps what is submitted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVerifier } from '../node-core/adapters/verifier.ts'
import { fromHex } from '../node-core/lib/bytes.ts'
import type {
  NodeApi,
  NodeMethod,
  NodeMethods,
  NodeTopic,
  TransactionView,
} from '../node-core/node/node-api.ts'
import { addressOf, formatAddress, parseAddress } from '../node-core/protocol/address.ts'
import { decodeTransaction } from '../node-core/protocol/codec-transaction.ts'
import { possessionMessage, transactionId, transactionSigningBytes } from '../node-core/protocol/hash.ts'
import { formatParameters } from '../node-core/protocol/parameters.ts'
import type { Transaction } from '../node-core/protocol/transaction.ts'
import { EXAMPLES } from '../node-core/rpc/examples.ts'
import { type RpcServer, startRpc } from '../node-core/rpc/server.ts'
import { readConfig } from './environment.ts'
import { type Ran, runLine } from './run.test-kit.ts'

const PASSWORD = 'a long enough password'
const LAST_HEIGHT = EXAMPLES.tx_estimate.result.validUntilHeight
const SKUA = {
  ...EXAMPLES.validator_get.result,
  name: 'Skua',
  address: formatAddress(addressOf(0, new Uint8Array(32).fill(7))),
}

/** Estimates as the examples say; `include` decides what becomes of what is submitted. */
class StandInNode implements NodeApi {
  readonly submitted: { readonly method: string; readonly transaction: Transaction }[] = []
  readonly estimates: unknown[] = []
  outcome: 'succeeded' | 'failed' | 'never' = 'succeeded'
  refusal: { readonly code: string; readonly data: Readonly<Record<string, unknown>> } | null = null
  readonly #heads = new Set<(event: never) => void>()
  #height = 42
  #follow = () => {}
  /** Somebody listens for blocks. */
  readonly followed = new Promise<void>((resolve) => {
    this.#follow = resolve
  })
  #view: TransactionView | null = null

  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    const answers: Partial<Record<NodeMethod, () => unknown>> = {
      tx_submit: () => this.#submit(method, params as { transaction: string }),
      faucet_drip: () => this.#submit(method, params as { transaction: string }),
      chain_transaction: () => this.#view,
      validator_list: () => ({ ...EXAMPLES.validator_list.result, validators: [SKUA] }),
      chain_parameters: () => formatParameters(readConfig('development').parameters),
    }
    if (method === 'tx_estimate') this.estimates.push(params)
    return (answers[method]?.() ?? EXAMPLES[method].result) as NodeMethods[M]['result']
  }

  subscribe(topic: NodeTopic, listener: (event: never) => void): () => void {
    if (topic !== 'heads') return () => {}
    this.#heads.add(listener)
    this.#follow()
    return () => this.#heads.delete(listener)
  }

  decide(height = this.#height + 1): void {
    this.#height = height
    for (const listener of this.#heads) listener({ ...EXAMPLES.chain_head.result, height } as never)
  }

  #submit(method: string, { transaction: hex }: { readonly transaction: string }): { readonly hash: string } {
    if (this.refusal !== null) throw this.refusal
    const decoded = decodeTransaction(fromHex(hex)!)
    if (!decoded.ok) throw { code: 'malformed', data: {} }
    this.submitted.push({ method, transaction: decoded.value })
    const hash = transactionId(decoded.value)
    this.#view = {
      ...EXAMPLES.chain_transaction.result,
      hash,
      status: 'pending',
      height: null,
      receipt: null,
    }
    setImmediate(() => this.#next(hash))
    return { hash }
  }

  #next(hash: string): void {
    if (this.outcome === 'never') {
      this.decide(LAST_HEIGHT + 1)
      return
    }
    const code = this.outcome === 'failed' ? 'insufficient-balance' : 'ok'
    const receipt = { ...EXAMPLES.chain_transaction.result.receipt!, code }
    this.#view = { ...EXAMPLES.chain_transaction.result, hash, status: this.outcome, height: 43, receipt }
    this.decide()
  }
}

let home: string
let passwordFile: string
let node: StandInNode
let rpc: RpcServer

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-cli-'))
  passwordFile = path.join(home, 'password')
  writeFileSync(passwordFile, `${PASSWORD}\n`)
  node = new StandInNode()
  rpc = await startRpc({ node, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
})

afterEach(async () => {
  await rpc.stop()
  rmSync(home, { recursive: true, force: true })
})

async function aitbc(line: string, signal?: AbortSignal): Promise<Ran> {
  const words = line.split(' ').map((word) => word.replace('PASSWORD_FILE', passwordFile))
  const node = words.includes('--rpc') ? [] : ['--rpc', `http://127.0.0.1:${rpc.port}`]
  return runLine([...words, '--home', home, ...node], signal)
}

async function aitbcJson(
  line: string,
): Promise<{ readonly code: number; readonly json: Record<string, unknown> }> {
  const { code, out } = await aitbc(`${line} --json`)
  return { code, json: JSON.parse(out) }
}

describe('reading', () => {
  it('shows the head in lines and in JSON with amounts in AIT', async () => {
    expect((await aitbc('chain head')).out).toContain('height        42')
    const { code, json } = await aitbcJson('chain head')
    expect([code, json.height, json.baseFeePerGas]).toEqual([0, 42, '0.00000001'])
  })

  it('shows a block with amounts in AIT inside its transactions', async () => {
    const { json } = await aitbcJson('chain block 42')
    const [transaction] = json.transactions as TransactionView[]
    expect([transaction!.payload.amount, transaction!.receipt!.feePaid]).toEqual(['1', '0.000231'])
  })

  it.each([
    'validator list',
    'economics gas-price',
    'network peers',
    'network health',
    'node status',
    `validator show ait1${'p'.repeat(38)}`,
  ])('answers %s', async (line) => {
    const words = await aitbc(line)
    // An address that only looks like one is refused before the node is asked.
    const expected = line.startsWith('validator show') ? 1 : 0
    expect([words.code, (words.out + words.err).length > 0]).toEqual([expected, true])
    expect((await aitbcJson(line)).code).toBe(expected)
  })

  it('follows blocks until it has seen enough', async () => {
    const monitor = aitbc('monitor --blocks 2 --json')
    await node.followed
    node.decide()
    node.decide()
    const { code, out } = await monitor
    const heights = out.split('\n').map((line) => JSON.parse(line).height)
    expect([code, heights.length, heights[1] - heights[0]]).toEqual([0, 2, 1])
  })

  it('ends a monitor on Ctrl-C', async () => {
    const abort = new AbortController()
    const monitor = aitbc('monitor', abort.signal)
    abort.abort()
    expect((await monitor).code).toBe(0)
  })
})

describe('wallets', () => {
  it('are made, listed, and never made twice', async () => {
    const made = await aitbcJson('wallet create alice --password-file PASSWORD_FILE')
    expect([made.code, made.json.name]).toEqual([0, 'alice'])
    expect((await aitbcJson('wallet list')).json).toEqual([made.json])
    const again = await aitbcJson('wallet create alice --password-file PASSWORD_FILE')
    expect([again.code, (again.json.error as { code: string }).code]).toEqual([1, 'wallet-exists'])
  })

  it('show balances by name and by address', async () => {
    const { json } = await aitbcJson('wallet create alice --password-file PASSWORD_FILE')
    const byName = await aitbcJson('wallet balance alice')
    expect(byName.json).toMatchObject({ address: json.address, balance: '1998.999769', nonce: 1 })
    expect((await aitbcJson(`wallet balance ${String(json.address)}`)).json).toEqual(byName.json)
  })

  it('get a drip, with the password file remembered from their creation', async () => {
    const { json } = await aitbcJson('wallet create alice --password-file PASSWORD_FILE')
    const faucet = await aitbcJson('wallet faucet alice')
    expect([faucet.code, faucet.json.status, faucet.json.height]).toEqual([0, 'succeeded', 43])
    expect(node.submitted.map(({ method, transaction }) => [method, transaction.payload.type])).toEqual([
      ['faucet_drip', 'faucet.drip'],
    ])
    expect(formatAddress(node.submitted[0]!.transaction.sender)).toBe(json.address)
  })

  it('send what was asked, signed by their own key', async () => {
    await aitbc('wallet create alice --password-file PASSWORD_FILE')
    const { json: bob } = await aitbcJson('wallet create bob --password-file PASSWORD_FILE')
    const sent = await aitbcJson('wallet send alice bob 1.5 --password-file PASSWORD_FILE --wait')
    const { transaction } = node.submitted[0]!
    expect(sent).toEqual({
      code: 0,
      json: { hash: transactionId(transaction), height: 43, status: 'succeeded' },
    })
    expect(transaction).toMatchObject({
      nonce: 1,
      gasLimit: 21_000,
      maxFeePerGas: 21n,
      maxPriorityFeePerGas: 1n,
      validUntilHeight: LAST_HEIGHT,
    })
    expect(transaction.payload).toMatchObject({ type: 'transfer', amount: 1_500_000_000n })
    expect(node.estimates[0]).toMatchObject({
      payload: { type: 'transfer', to: bob.address, amount: '1500000000' },
    })
    const { publicKey, bytes, scheme } = transaction.signature
    expect(addressOf(scheme, publicKey)).toBe(transaction.sender)
    expect(await createVerifier().verifyEd25519(publicKey, transactionSigningBytes(transaction), bytes)).toBe(
      true,
    )
  })

  it('do not wait unless asked', async () => {
    await aitbc('wallet create alice --password-file PASSWORD_FILE')
    const sent = await aitbcJson('wallet send alice alice 1')
    expect(sent).toMatchObject({ code: 0, json: { height: null, status: 'pending' } })
  })

  it.each([
    ['failed', 'insufficient-balance', 'failed', 43],
    ['never', 'expired', 'dropped', null],
  ] as const)('say how a transaction that %s ended', async (outcome, code, status, height) => {
    await aitbc('wallet create alice --password-file PASSWORD_FILE')
    node.outcome = outcome
    const sent = await aitbcJson('wallet send alice alice 1 --wait')
    expect(sent).toMatchObject({ code: 1, json: { status, code, height } })
  })

  it.each([
    ['insufficient-balance', 'the balance is too small', { balance: '0' }, '\n  balance: 0'],
    ['bad-signature', 'the signature does not match', {}, ''],
    [
      'malformed',
      'it cannot be read: something in it is not of its kind',
      { detail: 'cut' },
      '\n  detail: cut',
    ],
    ['too-large', 'the transaction is too large', { bytes: 9, limit: 8 }, '\n  bytes: 9\n  limit: 8'],
    [
      'expired',
      'the transaction is past its last height',
      { validUntilHeight: 1, height: 2 },
      '\n  validUntilHeight: 1\n  height: 2',
    ],
    [
      'wrong-chain',
      'the transaction is for another chain',
      { expected: 'a', actual: 'b' },
      '\n  expected: a\n  actual: b',
    ],
  ])("hand on the node's refusal in words and as JSON: %s", async (code, message, data, lines) => {
    await aitbc('wallet create alice --password-file PASSWORD_FILE')
    node.refusal = { code, data }
    expect(await aitbc('wallet send alice alice 1')).toEqual({
      code: 1,
      out: '',
      err: `${message} (${code})${lines}`,
    })
    const { code: exitCode, json } = await aitbcJson('wallet send alice alice 1')
    expect([exitCode, json]).toEqual([1, { error: { code, message, data } }])
  })

  it.each([
    ['wallet send alice nobody 1', 1, 'wallet-missing'],
    ['wallet send alice alice 0', 2, 'usage'],
    ['wallet send alice alice 1.0000000001', 2, 'usage'],
    ['wallet send alice alice -1', 2, 'usage'],
    ['wallet create ../x --password-file PASSWORD_FILE', 1, 'name-invalid'],
    ['wallet create carol', 2, 'usage'],
    ['wallet create carol --password-file /nowhere/file', 1, 'password-missing'],
  ])('refuse %s', async (line, exitCode, code) => {
    await aitbc('wallet create alice --password-file PASSWORD_FILE')
    const { code: actual, json } = await aitbcJson(line)
    expect([actual, (json.error as { code: string }).code]).toEqual([exitCode, code])
    expect(node.submitted).toEqual([])
  })

  it('stay closed to another password', async () => {
    await aitbc('wallet create alice --password-file PASSWORD_FILE')
    writeFileSync(passwordFile, 'another long password')
    expect((await aitbcJson('wallet send alice alice 1')).json).toMatchObject({
      error: { code: 'password-wrong' },
    })
  })
})

describe('validators', () => {
  it('register with keys that prove themselves', async () => {
    const { json } = await aitbcJson('validator keys --password-file PASSWORD_FILE')
    const line =
      'validator register --stake 1000 --name Tern --commission 2.5 --password-file PASSWORD_FILE --wait'
    expect((await aitbcJson(line)).json.status).toBe('succeeded')
    const { transaction } = node.submitted[0]!
    if (transaction.payload.type !== 'validator.register') throw new Error(transaction.payload.type)
    expect(formatAddress(transaction.sender)).toBe(json.address)
    expect(transaction.payload).toMatchObject({ stake: 1_000_000_000_000n, commission: 25_000, name: 'Tern' })
    const { validatorKey, validatorKeyProof, randomnessKey, randomnessKeyProof } = transaction.payload
    const message = possessionMessage(transaction.chainId, transaction.sender)
    expect(await createVerifier().verifyEd25519(validatorKey, message, validatorKeyProof)).toBe(true)
    expect(await createVerifier().verifyVrf(randomnessKey, message, randomnessKeyProof)).not.toBeNull()
  })

  it.each(['pause', 'resume', 'unjail', 'exit'])('%s', async (verb) => {
    await aitbc('validator keys --plain')
    expect((await aitbc(`validator ${verb}`)).code).toBe(0)
    expect(node.submitted[0]!.transaction.payload).toEqual({ type: `validator.${verb}` })
  })

  it.each(['admit', 'expel'])('%s each other by their votes', async (verb) => {
    await aitbc('validator keys --plain')
    expect((await aitbc(`validator ${verb} ${SKUA.name}`)).code).toBe(0)
    const validator = parseAddress(SKUA.address)
    expect(node.submitted[0]!.transaction.payload).toEqual({ type: `validator.${verb}`, validator })
  })
})

describe('the command line itself', () => {
  it.each([
    'chain block',
    'chain block ten',
    'chain block 0',
    'nonsense',
    'wallet balance',
    'chain head --nonsense',
    'node run --mode heavy --genesis x',
    'node run --genesis x --rpc-port high',
    'dev --validators 0',
    'dev --port 70000',
    'monitor --blocks 0',
  ])('is wrong: %s', async (line) => {
    const words = await aitbc(line)
    expect(words.code).toBe(2)
    expect(words.err).not.toBe('')
    const { json } = await aitbcJson(line)
    expect((json.error as { code: string }).code).toBe('usage')
  })

  it.each([
    ['chain block ten', 'HEIGHT is "ten"; right would be a whole number from 1 to'],
    ['wallet send alice alice 1e3', 'AMOUNT is "1e3"; right would be AIT with at most 9 decimals'],
    [
      'node run --genesis x --rpc-port high',
      '--rpc-port is "high"; right would be a whole number from 0 to 65535',
    ],
    [
      'node run --genesis x --mode heavy',
      '--mode is "heavy"; right would be full, light, observer, validator',
    ],
    ['dev --validators 99', '--validators is "99"; right would be a whole number from 1 to 25'],
    ['dev --port 70000', '--port is "70000"; right would be a whole number from 1 to 65000'],
    ['monitor --blocks 0', '--blocks is "0"; right would be a whole number from 1 to 1000000'],
    [
      'validator register --stake much --name Tern',
      '--stake is "much"; right would be AIT with at most 9 decimals',
    ],
    [
      'validator register --stake 1 --name Tern --commission 500',
      '--commission is "500"; right would be a percentage below 100 with at most 4 decimals',
    ],
    [
      `validator register --stake 1 --name ${'n'.repeat(33)}`,
      `--name is "${'n'.repeat(33)}"; right would be 1 to 32 bytes of visible text`,
    ],
    ['light verify --account nobody', '--account is "nobody"; right would be an address, ait1…'],
    [
      'light verify --config development --checkpoint 5',
      '--checkpoint is "5"; right would be HEIGHT:BLOCKID, as in 1200:0x…',
    ],
    ['chain head --rpc nonsense', '--rpc is "nonsense"; right would be a URL, http://127.0.0.1:4183'],
    ['chain head --rpc ftp://127.0.0.1', '--rpc is "ftp://127.0.0.1"; right would be a URL'],
  ])('names what is given, its value and what would be right: %s', async (line, words) => {
    const { code, err } = await aitbc(line)
    expect(code).toBe(2)
    expect(err).toContain(words)
  })

  it('helps, and that is no error', async () => {
    const { code, out } = await aitbc('wallet --help')
    expect([code, out.includes('faucet')]).toEqual([0, true])
  })

  it('names the node that does not answer', async () => {
    await rpc.stop()
    const { code, json } = await aitbcJson('chain head')
    expect([code, json.error]).toMatchObject([
      1,
      { code: 'unreachable', data: { url: `http://127.0.0.1:${rpc.port}` } },
    ])
  })
})

describe('environments', () => {
  it.each(['development', 'staging', 'production'])('%s is right', async (name) => {
    expect(await aitbcJson(`config check ${name}`)).toMatchObject({ code: 0, json: { ok: true, name } })
    expect((await aitbcJson(`config show ${name}`)).json).toMatchObject({ name })
  })

  it('say what is wrong in a file', async () => {
    const file = path.join(home, 'bad.json')
    writeFileSync(file, '{"name": "mars"}')
    const { code, json } = await aitbcJson(`config check ${file}`)
    expect([code, json.error]).toEqual([
      1,
      {
        code: 'config-invalid',
        message: 'name is "mars"; right would be development, staging, production',
        data: { file },
      },
    ])
  })

  it('are named where there is no such one', async () => {
    const { code, err } = await aitbc('config check mars')
    expect(code).toBe(1)
    expect(err).toContain(
      'there is no environment "mars"; right would be development, staging, production or a file',
    )
  })
})
