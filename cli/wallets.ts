/** The wallets of `--home`, and the passwords that open them. A password is only ever read from a file. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FileKeystore } from '../node-core/adapters/nodejs/file-keystore.ts'
import type { SigningKey } from '../node-core/ports/crypto.ts'
import { parseAddress } from '../node-core/protocol/address.ts'
import type { Address } from '../node-core/protocol/ids.ts'
import type { Context } from './context.ts'
import { CommandFailure, usageFailure } from './failure.ts'

export interface OpenWallet {
  readonly address: Address
  readonly key: SigningKey
}

type Paths = Readonly<Record<string, string>>

/** Where each wallet's password file was when the wallet was made; the passwords themselves are not in it. */
const PATHS_FILE = 'password-files.json'

export async function createWallet(
  context: Context,
  name: string,
  passwordFile: string | undefined,
): Promise<Address> {
  const file = passwordFile ?? context.io.env.AITBC_PASSWORD_FILE
  if (file === undefined) throw usageFailure('a wallet needs --password-file FILE (or $AITBC_PASSWORD_FILE)')
  const view = await keystoreOf(context).create(name, readPassword(file))
  rememberPasswordFile(context.home, name, path.resolve(file))
  return toAddress(view.address)
}

export async function listWallets(
  context: Context,
): Promise<readonly { readonly name: string; readonly address: Address }[]> {
  const views = await keystoreOf(context).list()
  return views.map(({ name, address }) => ({ name, address: toAddress(address) }))
}

/** Without a password. Rejects with `wallet-missing`. */
export async function addressOfWallet(context: Context, name: string): Promise<Address> {
  return toAddress(await keystoreOf(context).address(name))
}

/** Of an address as text or of a wallet's name. Rejects with `wallet-missing`. */
export async function partyOf(context: Context, text: string): Promise<Address> {
  return parseAddress(text) ?? (await addressOfWallet(context, text))
}

/** Rejects with `wallet-missing`, `password-wrong`, `password-missing`. */
export async function openWallet(
  context: Context,
  name: string,
  passwordFile: string | undefined,
): Promise<OpenWallet> {
  const keystore = keystoreOf(context)
  await keystore.address(name)
  const file =
    passwordFile ?? rememberedPasswordFiles(context.home)[name] ?? context.io.env.AITBC_PASSWORD_FILE
  if (file === undefined)
    throw new CommandFailure('password-missing', `--password-file FILE opens the wallet ${name}`, { name })
  const { address, key } = await keystore.unlock(name, readPassword(file))
  return { address: toAddress(address), key }
}

/** The first line of a file. Fails with `password-missing` when there is no such file. */
export function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0]!
  } catch (error) {
    throw new CommandFailure(
      'password-missing',
      `cannot read the password file: ${error instanceof Error ? error.message : String(error)}`,
      { file },
    )
  }
}

function keystoreOf({ home }: Context): FileKeystore {
  return new FileKeystore({ home })
}

function toAddress(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new CommandFailure('backup-damaged', `not an address: ${text}`)
  return address
}

function rememberedPasswordFiles(home: string): Paths {
  const file = path.join(home, PATHS_FILE)
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Paths
  } catch {
    throw new CommandFailure(
      'config-unreadable',
      `${file} is not JSON; without it --password-file is needed each time`,
      { file },
    )
  }
}

function rememberPasswordFile(home: string, name: string, passwordFile: string): void {
  const file = path.join(home, PATHS_FILE)
  const paths = { ...rememberedPasswordFiles(home), [name]: passwordFile }
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(paths, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
