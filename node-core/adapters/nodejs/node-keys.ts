/**
 * The keys of a validator process in one file: account, validator, randomness and peer. Encrypted by a password that the
 * operator keeps in another file; in the clear only where the caller says so, for development networks. Mode 0600 either way.
 */
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { fromHex, toHex } from '../../lib/bytes.ts'
import type { AddressString } from '../../node/node-api.ts'
import type { RandomnessKey, SigningKey } from '../../ports/crypto.ts'
import { addressOfKey, decryptSecrets, encryptSecrets, type KeySecrets } from '../key-backup.ts'
import { KeyError } from '../key-error.ts'
import { SEED_BYTES } from '../limits.ts'
import { createRandomnessKey, createSigningKey } from '../verifier.ts'
import { writeNewFile } from './durable-file.ts'
import { readKeyFile } from './file-keystore.ts'

/** How the file is protected: a password, or nothing on a development network. */
export type Protection = { readonly type: 'password'; readonly password: string } | { readonly type: 'plain' }

export interface NodeKeys {
  readonly address: AddressString
  readonly accountKey: SigningKey
  readonly validatorKey: SigningKey
  readonly randomnessKey: RandomnessKey
  /** 32 bytes. */
  readonly peerSeed: Uint8Array
}

interface NodeSeeds {
  readonly accountSeed: Uint8Array
  readonly validatorSeed: Uint8Array
  readonly randomnessSeed: Uint8Array
  readonly peerSeed: Uint8Array
}

const PLAIN_VERSION = 1
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700
const READABLE_BY_OTHERS = 0o077

/** Makes four new keys. Rejects with 'keys-exist' (the file is left alone) or 'password-too-short'. */
export async function createNodeKeys(file: string, protection: Protection): Promise<NodeKeys> {
  const seeds: NodeSeeds = {
    accountSeed: seed(),
    validatorSeed: seed(),
    randomnessSeed: seed(),
    peerSeed: seed(),
  }
  const made = await keysOf(seeds)
  const secrets = { ...seeds, address: made.address }
  const text =
    protection.type === 'plain' ? plainText(secrets) : await encryptSecrets([secrets], protection.password)
  await mkdir(path.dirname(file), { recursive: true, mode: DIRECTORY_MODE })
  try {
    await writeNewFile(file, text, FILE_MODE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new KeyError('keys-exist', { path: file })
    throw error
  }
  return made
}

/**
 * Rejects with 'keys-missing', 'keys-exposed' when others may read the file, 'password-wrong', and 'backup-damaged' also when
 * the file is protected in another way than `protection` says.
 */
export async function loadNodeKeys(file: string, protection: Protection): Promise<NodeKeys> {
  const text = await readPrivate(file)
  const secrets =
    protection.type === 'plain' ? parsePlain(text) : await decryptNodeSecrets(text, protection.password)
  const loaded = await keysOf(secrets)
  if (loaded.address !== secrets.address)
    throw new KeyError('backup-damaged', { reason: 'the address is not that of its key' })
  return loaded
}

async function decryptNodeSecrets(text: string, password: string) {
  const [first] = await decryptSecrets(text, password)
  const { address, accountSeed, validatorSeed, randomnessSeed, peerSeed } = first!
  if (!validatorSeed || !randomnessSeed || !peerSeed)
    throw new KeyError('backup-damaged', { reason: 'not the keys of a node' })
  return { address, accountSeed, validatorSeed, randomnessSeed, peerSeed }
}

async function keysOf(seeds: NodeSeeds): Promise<NodeKeys> {
  const accountKey = await createSigningKey(seeds.accountSeed)
  return {
    address: addressOfKey(accountKey.publicKey),
    accountKey,
    validatorKey: await createSigningKey(seeds.validatorSeed),
    randomnessKey: createRandomnessKey(seeds.randomnessSeed),
    peerSeed: seeds.peerSeed,
  }
}

async function readPrivate(file: string): Promise<string> {
  try {
    const { mode } = await stat(file)
    // Windows has no such bits.
    if (process.platform !== 'win32' && (mode & READABLE_BY_OTHERS) !== 0)
      throw new KeyError('keys-exposed', { path: file })
    return await readKeyFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new KeyError('keys-missing', { path: file })
    throw error
  }
}

function plainText(secrets: NodeSeeds & { readonly address: AddressString }): string {
  const { address, accountSeed, validatorSeed, randomnessSeed, peerSeed } = secrets
  const seeds = { accountSeed, validatorSeed, randomnessSeed, peerSeed }
  const hex = Object.fromEntries(Object.entries(seeds).map(([name, bytes]) => [name, toHex(bytes)]))
  return `${JSON.stringify({ plainVersion: PLAIN_VERSION, address, ...hex }, null, 2)}\n`
}

function parsePlain(text: string): KeySecrets & NodeSeeds {
  const value = parseObject(text)
  const read = (name: string): Uint8Array => {
    const field = value[name]
    const bytes = typeof field === 'string' ? fromHex(field, SEED_BYTES) : null
    if (!bytes) throw new KeyError('backup-damaged', { reason: name })
    return bytes
  }
  const { plainVersion, address } = value
  if (plainVersion !== PLAIN_VERSION || typeof address !== 'string')
    throw new KeyError('backup-damaged', { reason: 'version' })
  return {
    address,
    accountSeed: read('accountSeed'),
    validatorSeed: read('validatorSeed'),
    randomnessSeed: read('randomnessSeed'),
    peerSeed: read('peerSeed'),
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Refused below.
  }
  throw new KeyError('backup-damaged', { reason: 'not JSON' })
}

function seed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES))
}
