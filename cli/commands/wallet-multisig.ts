/** `aitbc wallet multisig …`: accounts of several, which spend what enough of their members approve. */
import type { Command } from 'commander'
import type { MultisigProposalView, MultisigView } from '../../node-core/node/node-api.ts'
import { payloadView, readProposable } from '../../node-core/node/views/payload-view.ts'
import { formatAddress } from '../../node-core/protocol/address.ts'
import { MAX_MULTISIG_MEMBERS } from '../../node-core/protocol/constants.ts'
import type { Address } from '../../node-core/protocol/ids.ts'
import {
  areMultisigTerms,
  multisigAddress,
  sortedMembers,
} from '../../node-core/protocol/multisig-account.ts'
import type { MultisigPayload, ProposablePayload } from '../../node-core/protocol/transaction.ts'
import { amountsInAit, inAit } from '../ait-json.ts'
import type { Bind, CommandResult, Context } from '../context.ts'
import { usageFailure } from '../failure.ts'
import { type Submitted, submit, submittedResult } from '../submit.ts'
import { readAit, readWhole, wrongValue } from '../values.ts'
import { openWallet, partyOf } from '../wallets.ts'
import { fields } from '../words.ts'

type Options = Readonly<Record<string, unknown>>

const WALLET_HELP = 'the wallet that signs and pays'
const ACCOUNT_HELP = 'the address of the account of several'
/** A day of a block a second; slower chains give their members longer. */
const USUAL_BLOCKS = 86_400

const ACTS = [
  ['approve', 'agree to a proposal'],
  ['revoke', 'take your approval back; who proposed it ends it'],
  ['execute', 'do what enough members have approved'],
] as const

export function addMultisig(wallet: Command, bind: Bind): void {
  const multisig = wallet.command('multisig').description('accounts of several')
  addCreate(multisig, bind)
  addPropose(multisig, bind)
  for (const [verb, words] of ACTS) addAct(multisig, bind, verb, words)
  addList(multisig, bind)
  addShow(multisig, bind)
}

function addCreate(multisig: Command, bind: Bind): void {
  const create = signed(multisig.command('create'))
    .argument('<name>', WALLET_HELP)
    .argument('<threshold>', 'how many members must agree')
    .argument('<members...>', 'wallets here or addresses, at most 16')
    .description('make an account of several')
  bind(create, async (context, [name, thresholdText, ...texts], options) => {
    const threshold = readWhole('THRESHOLD', thresholdText!, 1, MAX_MULTISIG_MEMBERS)
    const members = sortedMembers(await Promise.all(texts.map((text) => partyOf(context, text))))
    if (!areMultisigTerms({ threshold, members }))
      throw usageFailure(
        `1 to ${MAX_MULTISIG_MEMBERS} members, each once, and a threshold of at most their number`,
      )
    const payload = { type: 'multisig.create', threshold, members } as const
    const { creator, submitted } = await sent(context, name!, payload, options)
    // The node has it from then on, in its pool or in a block, and knows the nonce that it was given.
    const { nonce } = await context.rpc.call('chain_transaction', { hash: submitted.hash })
    const account = formatAddress(multisigAddress({ threshold, members, creator, nonce, place: 0 }))
    return withFacts(submitted, { account }, `account  ${account}`)
  })
}

function addPropose(multisig: Command, bind: Bind): void {
  const propose = signed(multisig.command('propose'))
    .argument('<name>', WALLET_HELP)
    .argument('<account>', ACCOUNT_HELP)
    .argument('[what...]', 'send TO AMOUNT, or delegate VALIDATOR AMOUNT')
    .option('--payload <json>', 'any other operation, as the RPC shows payloads: amounts in base units')
    .option('--expires-in <blocks>', 'how long members can agree', String(USUAL_BLOCKS))
    .description('ask the members for something; your approval is in it')
  bind(propose, async (context, [name, accountText, ...what], options) => {
    const blocks = readWhole('--expires-in', String(options.expiresIn), 1, Number.MAX_SAFE_INTEGER)
    const payload = await proposed(context, what, options.payload as string | undefined)
    const account = await partyOf(context, accountText!)
    const { head } = await context.rpc.call('node_status', {})
    const expiresAtHeight = Math.min((head?.height ?? 0) + blocks, Number.MAX_SAFE_INTEGER)
    const operation = { type: 'multisig.propose', account, payload, expiresAtHeight } as const
    const { creator, submitted } = await sent(context, name!, operation, options)
    if (submitted.status !== 'succeeded') return submittedResult(submitted)
    const { proposals } = await context.rpc.call('multisig_get', { account: formatAddress(account) })
    const own = proposals.filter(({ proposer }) => proposer === formatAddress(creator))
    const proposal = own.at(-1)?.proposal ?? null
    return withFacts(submitted, { proposal }, proposal === null ? 'already executed' : `proposal ${proposal}`)
  })
}

async function proposed(
  context: Context,
  [verb, party, amountText, ...more]: readonly string[],
  json: string | undefined,
): Promise<ProposablePayload> {
  if ((verb === undefined) === (json === undefined))
    throw usageFailure('send TO AMOUNT, delegate VALIDATOR AMOUNT, or --payload JSON')
  if (json !== undefined) return readProposable(parsed(json)) ?? wrongPayload(json)
  if ((verb !== 'send' && verb !== 'delegate') || amountText === undefined || more.length > 0)
    throw usageFailure('right would be send TO AMOUNT, or delegate VALIDATOR AMOUNT')
  const amount = readAit('AMOUNT', amountText)
  if (amount === 0n) throw wrongValue('AMOUNT', amountText, 'more than nothing')
  const address = await partyOf(context, party!)
  return verb === 'send'
    ? { type: 'transfer', to: address, amount }
    : { type: 'stake.delegate', validator: address, amount }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return wrongPayload(json)
  }
}

function wrongPayload(json: string): never {
  throw wrongValue('--payload', json, '{"type":"transfer","to":"ait1…","amount":"1"} or another operation')
}

function addAct(multisig: Command, bind: Bind, verb: 'approve' | 'revoke' | 'execute', words: string): void {
  const command = signed(multisig.command(verb))
    .argument('<name>', WALLET_HELP)
    .argument('<account>', ACCOUNT_HELP)
    .argument('<proposal>', 'its number')
    .description(words)
  bind(command, async (context, [name, accountText, numberText], options) => {
    const proposal = readWhole('PROPOSAL', numberText!, 0, Number.MAX_SAFE_INTEGER)
    const account = await partyOf(context, accountText!)
    const payload = { type: `multisig.${verb}`, account, proposal } as const
    return submittedResult((await sent(context, name!, payload, options)).submitted)
  })
}

function addList(multisig: Command, bind: Bind): void {
  const list = multisig
    .command('list')
    .argument('<name|address>', 'a member')
    .description('the accounts of several that one is a member of')
  bind(list, async (context, [text]) => {
    const member = formatAddress(await partyOf(context, text!))
    const views = await context.rpc.call('multisig_list', { member })
    const lines = views.flatMap((view, i) => (i === 0 ? accountLines(view) : ['', ...accountLines(view)]))
    return { json: amountsInAit(views), lines: views.length === 0 ? ['none'] : lines }
  })
}

function addShow(multisig: Command, bind: Bind): void {
  const show = multisig
    .command('show')
    .argument('<account>', ACCOUNT_HELP)
    .description('one account of several, with its open proposals')
  bind(show, async (context, [text]) => {
    const account = formatAddress(await partyOf(context, text!))
    const view = await context.rpc.call('multisig_get', { account })
    return { json: amountsInAit(view), lines: accountLines(view) }
  })
}

function signed(command: Command): Command {
  return command
    .option('--password-file <file>', 'a file whose first line is the password of the wallet')
    .option('--wait', 'until it is in a block')
}

async function sent(
  context: Context,
  name: string,
  payload: MultisigPayload,
  options: Options,
): Promise<{ readonly creator: Address; readonly submitted: Submitted }> {
  const { address, key } = await openWallet(context, name, options.passwordFile as string | undefined)
  const submission = { sender: address, key, payload, view: payloadView(payload) }
  const submitted = await submit(context, submission, { wait: options.wait === true })
  return { creator: address, submitted }
}

function withFacts(
  submitted: Submitted,
  facts: Readonly<Record<string, unknown>>,
  line: string,
): CommandResult {
  const result = submittedResult(submitted)
  return { ...result, json: { ...submitted, ...facts }, lines: [...result.lines, line] }
}

function accountLines({ account, threshold, members, balance, proposals }: MultisigView): string[] {
  const head = fields([
    ['account', account],
    ['balance', `${inAit(balance)} AIT`],
    ['threshold', `${threshold} of ${members.length}`],
    ...members.map((member, i) => [i === 0 ? 'members' : '', member] as const),
  ])
  return [...head, ...proposals.flatMap((proposal) => proposalLines(proposal, threshold))]
}

function proposalLines(
  { proposal, payload, approvals, expiresAtHeight, state }: MultisigProposalView,
  threshold: number,
): string[] {
  const { type, ...details } = amountsInAit(payload) as { type: string }
  const words = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`)
  return [
    `proposal ${proposal}: ${[type, ...words].join(', ')}`,
    `  ${state}, ${approvals.length} of ${threshold} approvals, until height ${expiresAtHeight}`,
  ]
}
