/** Wallets of the command line: HOME/keys/NAME.json, encrypted, readable by their owner alone, never overwritten. */
import { mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { AddressString } from '../../node/node-api.ts'
import type { SigningKey } from '../../ports/crypto.ts'
import { addressesIn, addressOfKey, decryptSecrets, encryptSecrets, type KeySecrets } from '../key-backup.ts'
import { KeyError } from '../key-error.ts'
import { ACCOUNT_NAME_CHARACTERS, BACKUP_CHARACTERS, SEED_BYTES } from '../limits.ts'
import { createSigningKey } from '../verifier.ts'
import { writeNewFile } from './durable-file.ts'

export interface WalletView {
  readonly name: string
  readonly address: AddressString
}

export interface FileKeystoreOptions {
  readonly home: string
}

const DIRECTORY = 'keys'
const ENDING = '.json'
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/

export class FileKeystore {
  readonly #directory: string

  constructor({ home }: FileKeystoreOptions) {
    this.#directory = path.join(home, DIRECTORY)
  }

  /** By name. A file that is no wallet is left out. */
  async list(): Promise<WalletView[]> {
    const files = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length))
    const wallets = await Promise.all(
      names.sort().map((name) =>
        this.address(name).then(
          (address) => ({ name, address }),
          () => null,
        ),
      ),
    )
    return wallets.filter((wallet) => wallet !== null)
  }

  /** Rejects with 'wallet-exists', 'name-invalid', 'password-too-short'. */
  async create(name: string, password: string): Promise<WalletView> {
    const accountSeed = crypto.getRandomValues(new Uint8Array(SEED_BYTES))
    const { publicKey } = await createSigningKey(accountSeed)
    const address = addressOfKey(publicKey)
    const secrets: KeySecrets = {
      address,
      accountSeed,
      validatorSeed: null,
      randomnessSeed: null,
      peerSeed: null,
      spare: null,
    }
    await this.#write(name, await encryptSecrets([secrets], password))
    return { name, address }
  }

  /** Keeps a backup file under a name, after opening it. Rejects with 'password-wrong', 'backup-damaged', 'wallet-exists'. */
  async restore(name: string, text: string, password: string): Promise<WalletView> {
    const [first] = await decryptSecrets(text, password)
    await this.#write(name, text)
    return { name, address: first!.address }
  }

  /** As the file says, without a password. Rejects with 'wallet-missing' or 'backup-damaged'. */
  async address(name: string): Promise<AddressString> {
    const [first] = await addressesIn(await this.backup(name))
    if (first === undefined) throw new KeyError('backup-damaged', { name, reason: 'no address' })
    return first
  }

  /** Rejects with 'wallet-missing', 'password-wrong', 'backup-damaged'. */
  async unlock(
    name: string,
    password: string,
  ): Promise<{ readonly address: AddressString; readonly key: SigningKey }> {
    const [first] = await decryptSecrets(await this.backup(name), password)
    return { address: first!.address, key: await createSigningKey(first!.accountSeed) }
  }

  /** The wallet's file: it is a backup as it stands. */
  async backup(name: string): Promise<string> {
    try {
      return await readKeyFile(this.#fileOf(name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new KeyError('wallet-missing', { name })
      throw error
    }
  }

  async #write(name: string, text: string): Promise<void> {
    const file = this.#fileOf(name)
    await mkdir(this.#directory, { recursive: true, mode: DIRECTORY_MODE })
    try {
      await writeNewFile(file, text, FILE_MODE)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new KeyError('wallet-exists', { name })
      throw error
    }
  }

  /** A name is never a path. */
  #fileOf(name: string): string {
    if (!NAME.test(name) || name.length > ACCOUNT_NAME_CHARACTERS)
      throw new KeyError('name-invalid', { name: name.slice(0, 100) })
    return path.join(this.#directory, `${name}${ENDING}`)
  }
}

/** At most one character more than a key file may have, so that the reader of the text refuses what is too long. */
export async function readKeyFile(file: string): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const buffer = new Uint8Array(BACKUP_CHARACTERS + 1)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return new TextDecoder().decode(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}
