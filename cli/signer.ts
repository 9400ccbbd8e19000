/** Whoever signs a command: a wallet of `--home`, or the account of a validator's key file. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { loadNodeKeys, type NodeKeys } from '../node-core/adapters/nodejs/node-keys.ts'
import { payloadView } from '../node-core/node/views/payload-view.ts'
import type { SigningKey } from '../node-core/ports/crypto.ts'
import { parseAddress } from '../node-core/protocol/address.ts'
import type { Address } from '../node-core/protocol/ids.ts'
import type { Payload } from '../node-core/protocol/transaction.ts'
import type { Context } from './context.ts'
import { usageFailure } from './failure.ts'
import { protectionOf } from './node-process.ts'
import { type Submitted, submit } from './submit.ts'
import { openWallet } from './wallets.ts'

const KEYS_FILE = 'validator-keys.json'
const WAIT_HELP = 'until it is in a block'

export type Options = Readonly<Record<string, unknown>>

export interface Signer {
  readonly address: Address
  readonly key: SigningKey
}

/** For what only a validator does. */
export function withKeys(command: Command): Command {
  return command
    .option('--keys <file>', `the validator's keys (default: ${KEYS_FILE} in --home)`)
    .option('--password-file <file>', 'of the keys; without it they are in the clear')
}

export function withKeysAndWait(command: Command): Command {
  return withKeys(command).option('--wait', WAIT_HELP)
}

/** For what anyone does, a validator with its own account too. */
export function withSigner(command: Command): Command {
  return command
    .option('--wallet <name>', 'the wallet that signs and pays')
    .option('--keys <file>', `instead of a wallet: a validator's keys (default: ${KEYS_FILE} in --home)`)
    .option('--password-file <file>', 'a file whose first line is the password')
    .option('--wait', WAIT_HELP)
}

export function keysFileOf({ home }: Context, { keys }: Options): string {
  return (keys as string | undefined) ?? path.join(home, KEYS_FILE)
}

export function openKeysOf(context: Context, options: Options): Promise<NodeKeys> {
  return loadNodeKeys(keysFileOf(context, options), protectionOf(options))
}

export async function keySigner(context: Context, options: Options): Promise<Signer> {
  const { address, accountKey } = await openKeysOf(context, options)
  return { address: parseAddress(address)!, key: accountKey }
}

export async function openSigner(context: Context, options: Options): Promise<Signer> {
  const wallet = options.wallet as string | undefined
  const named = wallet !== undefined || options.keys !== undefined || existsSync(keysFileOf(context, options))
  if (!named || (wallet !== undefined && options.keys !== undefined))
    throw usageFailure('who signs? --wallet NAME, or --keys FILE of a validator')
  if (wallet === undefined) return keySigner(context, options)
  return openWallet(context, wallet, options.passwordFile as string | undefined)
}

/** Waits with `--wait`. */
export function submitAs(
  context: Context,
  { address, key }: Signer,
  payload: Payload,
  options: Options,
): Promise<Submitted> {
  const submission = { sender: address, key, payload, view: payloadView(payload) }
  return submit(context, submission, { wait: options.wait === true })
}
