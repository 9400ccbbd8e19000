/** `aitbc light …`: believe a node's RPC only as far as it can be proved. */
import path from 'node:path'
import type { Command } from 'commander'
import {
  createLightClient,
  type LightClient,
  type LightStart,
} from '../../node-core/adapters/light-client.ts'
import type { NodeApi } from '../../node-core/node/node-api.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { formatAit } from '../../node-core/protocol/amount.ts'
import type { ChainParameters, Genesis } from '../../node-core/protocol/genesis.ts'
import type { ChainId, Height } from '../../node-core/protocol/ids.ts'
import type { Bind, CommandResult, Context } from '../context.ts'
import { readGenesis } from '../dev/genesis-file.ts'
import { layoutOf } from '../dev/layout.ts'
import { PROJECT_ROOT, readConfig } from '../environment.ts'
import { CommandFailure, usageFailure } from '../failure.ts'
import { readWhole, wrongValue } from '../values.ts'
import { fields, percent, timeWords } from '../words.ts'

/** A head that is older than this many empty intervals is worth a word: the node may be hiding newer blocks. */
const STALE_INTERVALS = 10

export function lightCommands(program: Command, bind: Bind): void {
  const light = program.command('light').description('check what a node says, without trusting it')
  const verify = light
    .command('verify')
    .description('follow the certified headers up to the head, and prove an account under it')
    .option('--genesis <file>', 'the chain (default: that of the development network here, if there is one)')
    .option('--checkpoint <height:blockid>', 'begin at this block, which somebody you trust has named')
    .option('--config <name|file>', 'with --checkpoint, in place of a genesis: whose parameters hold')
    .option('--height <h>', 'up to this block (default: the head)')
    .option('--account <address>', 'prove its balance and nonce, or that there is no such account')
    .option('--skip', 'skip epochs while more than a third of the trusted power still signs')
  bind(verify, async (context, _args, options) => verifyCommand(context, readOptions(options)))
}

type Answer = Awaited<ReturnType<LightClient['verifyBlock']>>
type VerifiedHeader = Extract<Answer, { readonly ok: true }>['value']
type Fault = Extract<Answer, { readonly ok: false }>['fault']

interface VerifyOptions {
  readonly start: LightStart
  readonly emptyIntervalMs: number
  readonly height: Height | 'head'
  readonly account: string | null
  readonly skip: boolean
}

function readOptions(options: Readonly<Record<string, unknown>>): VerifyOptions {
  const text = (name: string) => options[name] as string | undefined
  const height = text('height')
  const wanted = height === undefined ? 'head' : readWhole('--height', height, 1, Number.MAX_SAFE_INTEGER)
  const account = text('account') ?? null
  if (account !== null && parseAddress(account) === null)
    throw wrongValue('--account', account, 'an address, ait1…')
  const chain = readChain(text('genesis'), text('checkpoint') === undefined ? undefined : text('config'))
  return {
    start: startOf(chain, text('checkpoint')),
    emptyIntervalMs: chain.parameters.emptyIntervalMs,
    height: wanted,
    account,
    skip: options.skip === true,
  }
}

interface KnownChain {
  readonly chainId: ChainId
  readonly parameters: ChainParameters
  readonly genesis: Genesis | null
}

/** From the user's own files: the node that is checked has no say in it. */
function readChain(file: string | undefined, config: string | undefined): KnownChain {
  if (file === undefined && config !== undefined) return { ...readConfig(config), genesis: null }
  const genesisFile =
    file ?? layoutOf({ data: path.join(PROJECT_ROOT, '.aitbc'), port: 0, validators: 0 }).genesisFile
  const genesis = readGenesis(path.resolve(genesisFile))
  if (genesis === null)
    throw new CommandFailure(
      'genesis-missing',
      `there is no genesis in ${genesisFile}: name one with --genesis, or a --checkpoint with --config`,
      { file: genesisFile },
    )
  return { chainId: genesis.chainId, parameters: genesis.parameters, genesis }
}

function startOf({ chainId, parameters, genesis }: KnownChain, text: string | undefined): LightStart {
  if (text === undefined) {
    if (genesis === null) throw usageFailure('--config goes with --checkpoint')
    return { genesis }
  }
  const [, height, blockId] = /^(\d{1,15}):(0x[0-9a-f]{64})$/i.exec(text) ?? []
  if (height === undefined || blockId === undefined || Number(height) < 1)
    throw wrongValue('--checkpoint', text, 'HEIGHT:BLOCKID, as in 1200:0x…')
  return {
    checkpoint: { height: Number(height), blockId: blockId.toLowerCase() },
    chainId,
    parameters,
  }
}

async function verifyCommand({ rpc }: Context, options: VerifyOptions): Promise<CommandResult> {
  const { start } = options
  const call: NodeApi['call'] = (method, params) => rpc.call(method, params)
  const rules: Record<string, number> = {}
  const client = createLightClient({
    call,
    start,
    nowMs: Date.now,
    strategy: options.skip ? 'skipping' : 'epochs',
    onVerified: (verified) => {
      rules[verified.rule] = (rules[verified.rule] ?? 0) + 1
    },
  })
  const head = believed(await client.verifyBlock(options.height))
  const account = options.account === null ? null : await provedAccount(client, options.account)
  const view = {
    from: fromOf(start),
    ...headerJson(head),
    headers: Object.values(rules).reduce((sum, count) => sum + count, 0),
    rules,
    ...(account ? { account } : {}),
    warnings: warningsOf(head, options),
  }
  return { json: view, lines: linesOf(view) }
}

function fromOf(start: LightStart) {
  return 'genesis' in start
    ? { origin: 'genesis', height: 0 }
    : { origin: 'checkpoint', height: start.checkpoint.height, blockId: start.checkpoint.blockId }
}

function headerJson({ trusted, signers, signedPower }: VerifiedHeader) {
  return {
    height: trusted.height,
    blockId: trusted.blockId,
    timestampMs: trusted.timestampMs,
    stateRoot: trusted.header?.stateRoot ?? null,
    signers: signers.map((signer) => formatAddress(signer.address)),
    /** Millionths. */
    signedPower: Number((signedPower * 1_000_000n) / trusted.set.totalPower),
  }
}

async function provedAccount(client: LightClient, address: string) {
  const { at, record, depth } = believed(await client.verifyAccount(address))
  return {
    address,
    height: at.trusted.height,
    exists: record !== null,
    balance: formatAit(record?.balance ?? 0n),
    nonce: record?.nonce ?? 0,
    proofLength: depth,
  }
}

function warningsOf(
  head: VerifiedHeader,
  { start, height, emptyIntervalMs }: VerifyOptions,
): readonly string[] {
  const ageMs = Date.now() - head.trusted.timestampMs
  return [
    ...(height === 'head' && ageMs > STALE_INTERVALS * emptyIntervalMs ? ['head-is-old'] : []),
    ...('genesis' in start && Date.now() - start.genesis.timestampMs > start.genesis.parameters.unbondingMs
      ? ['genesis-is-old']
      : []),
  ]
}

type VerifiedView = ReturnType<typeof headerJson> & {
  readonly from: ReturnType<typeof fromOf>
  readonly headers: number
  readonly account?: Awaited<ReturnType<typeof provedAccount>>
  readonly warnings: readonly string[]
}

const WARNINGS: Readonly<Record<string, string>> = {
  'head-is-old': 'note: this head is old; the chain stands still, or the node does not show newer blocks',
  'genesis-is-old':
    'note: the genesis is older than the unbonding period; a --checkpoint from somebody you trust guards against keys of validators long gone',
}

function linesOf(view: VerifiedView): string[] {
  const account = view.account
    ? ([
        ['account', view.account.address],
        ['  at height', view.account.height],
        ['  balance', view.account.exists ? `${view.account.balance} AIT` : 'proved: no such account'],
        ['  nonce', view.account.nonce],
        ['  proof', `${view.account.proofLength} hashes to the state root`],
      ] as const)
    : []
  return [
    ...fields([
      ['verified', `from ${view.from.origin} at height ${view.from.height}`],
      ['height', view.height],
      ['block', view.blockId],
      ['time', `${timeWords(view.timestampMs)} UTC`],
      ['state root', view.stateRoot ?? '-'],
      ['signed by', `${percent(view.signedPower)} of the power, ${view.signers.length} validators`],
      ['headers', `${view.headers} checked`],
      ...account,
    ]),
    ...view.warnings.map((warning) => WARNINGS[warning]!),
  ]
}

/** The codes are those of node-core/light/fault.ts; each ends the command with 1. */
function believed<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault },
): T {
  if (result.ok) return result.value
  const { code, data } = result.fault
  throw new CommandFailure(code, WORDS[code], data)
}

const WORDS: Readonly<Record<Fault['code'], string>> = {
  malformed: 'the node’s answer is not what was asked for',
  unavailable: 'the node does not serve this to light clients',
  'wrong-chain': 'the node is of another chain, or of another genesis: --genesis names yours',
  'wrong-height': 'the node answered with another height',
  'wrong-checkpoint': 'the block at the checkpoint’s height is another one',
  'height-not-above': 'the wanted height is below the checkpoint',
  'time-not-above': 'the header’s time does not go forward',
  'from-the-future': 'the header’s time is in the future',
  'trust-expired': 'the checkpoint is older than the trusting period: ask somebody you trust for a newer one',
  'wrong-parent': 'the block does not follow the one before it',
  'wrong-validators': 'the header names validators whom nobody announced',
  'next-set-changed': 'the header announces other validators than its epoch does',
  'set-mismatch': 'the validators that came along are not those of the header',
  'certificate-mismatch': 'the certificate is of another block',
  'bad-certificate': 'the certificate is not well formed',
  'no-quorum': 'those who signed are no quorum',
  'bad-signature': 'a signature does not hold',
  'too-little-trust': 'too little of the trusted power signed it',
  'bad-proof': 'the proof does not lead to the state root',
  'wrong-proof': 'the proof is of something else',
  'bad-record': 'what is proved is no such record',
  'bad-inclusion': 'the transaction is not proved to be in its block',
}
