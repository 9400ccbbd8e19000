/** `aitbc wallet …`: keys kept on this machine, and what they own. */
import type { Command } from 'commander'
import { formatAddress } from '../../node-core/protocol/address.ts'
import { formatAit } from '../../node-core/protocol/amount.ts'
import { inAit } from '../ait-json.ts'
import type { Bind } from '../context.ts'
import { submit, submittedResult } from '../submit.ts'
import { readAit, wrongValue } from '../values.ts'
import { createWallet, listWallets, openWallet, partyOf } from '../wallets.ts'
import { table } from '../words.ts'
import { addMultisig } from './wallet-multisig.ts'

const PASSWORD_HELP = 'a file whose first line is the password; the one given at creation is remembered'

export function walletCommands(program: Command, bind: Bind): void {
  const wallet = program.command('wallet').description('keys kept on this machine')
  addCreate(wallet, bind)
  addList(wallet, bind)
  addBalance(wallet, bind)
  addFaucet(wallet, bind)
  addSend(wallet, bind)
  addMultisig(wallet, bind)
}

function addCreate(wallet: Command, bind: Bind): void {
  const create = wallet
    .command('create')
    .argument('<name>')
    .description('make a wallet')
    .option('--password-file <file>', PASSWORD_HELP)
  bind(create, async (context, [name], options) => {
    const address = formatAddress(
      await createWallet(context, name!, options.passwordFile as string | undefined),
    )
    return { json: { name, address }, lines: [`${name}  ${address}`] }
  })
}

function addList(wallet: Command, bind: Bind): void {
  bind(wallet.command('list').description('the wallets here'), async (context) => {
    const wallets = (await listWallets(context)).map(({ name, address }) => ({
      name,
      address: formatAddress(address),
    }))
    const lines =
      wallets.length === 0
        ? [`no wallets in ${context.home}`]
        : table(wallets.map(({ name, address }) => [name, address]))
    return { json: wallets, lines }
  })
}

function addBalance(wallet: Command, bind: Bind): void {
  const balance = wallet
    .command('balance')
    .argument('<name|address>')
    .description('what an account owns, AIT')
  bind(balance, async (context, [text]) => {
    const address = formatAddress(await partyOf(context, text!))
    const account = await context.rpc.call('chain_account', { address, historyLimit: 0 })
    const json = {
      address,
      balance: inAit(account.balance),
      stake: inAit(account.stake),
      nonce: account.nonce,
      height: account.height,
    }
    const staked = account.stake === '0' ? '' : `, ${json.stake} AIT staked`
    return { json, lines: [`${json.balance} AIT${staked}`] }
  })
}

function addFaucet(wallet: Command, bind: Bind): void {
  const faucet = wallet
    .command('faucet')
    .argument('<name>')
    .description('ask the faucet for money and wait until it is there (not in production)')
    .option('--password-file <file>', PASSWORD_HELP)
    .option('--no-wait', 'do not wait for the block')
  bind(faucet, async (context, [name], options) => {
    const { address, key } = await openWallet(context, name!, options.passwordFile as string | undefined)
    const submission = {
      sender: address,
      key,
      payload: { type: 'faucet.drip' },
      view: { type: 'faucet.drip' },
    } as const
    return submittedResult(await submit(context, submission, { wait: options.wait === true }))
  })
}

function addSend(wallet: Command, bind: Bind): void {
  const send = wallet
    .command('send')
    .argument('<name>', 'the wallet that pays')
    .argument('<to>', 'a wallet here or an address')
    .argument('<amount>', 'AIT, e.g. 1.5')
    .description('send money')
    .option('--password-file <file>', PASSWORD_HELP)
    .option('--wait', 'until it is in a block')
  bind(send, async (context, [name, toText, amountText], options) => {
    const amount = readAit('AMOUNT', amountText!)
    if (amount === 0n) throw wrongValue('AMOUNT', amountText!, 'more than nothing')
    const to = await partyOf(context, toText!)
    const { address, key } = await openWallet(context, name!, options.passwordFile as string | undefined)
    const payload = { type: 'transfer', to, amount } as const
    const view = { type: 'transfer', to: formatAddress(to), amount: amount.toString() }
    const submitted = await submit(
      context,
      { sender: address, key, payload, view },
      { wait: options.wait === true },
    )
    const result = submittedResult(submitted)
    return { ...result, lines: [`${formatAit(amount)} AIT to ${formatAddress(to)}`, ...result.lines] }
  })
}
