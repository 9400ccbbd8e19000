/**
 * The keys of a validator process in one file: account, validator, randomness and peer. Encrypted by a password that the
 * operator keeps in another file; in the clear only where the caller says so, for development networks. Mode 0600 either way.
 */
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { equalBytes, fromHex, toHex } from '../../lib/bytes.ts'
import type { AddressString } from '../../node/node-api.ts'
import type { HeldKeys, ValidatorKeys } from '../../node/validator-keys.ts'
import type { SigningKey } from '../../ports/crypto.ts'
import { addressOfKey, decryptSecrets, encryptSecrets, type KeyPairSeeds } from '../key-backup.ts'
import { KeyError } from '../key-error.ts'
import { SEED_BYTES } from '../limits.ts'
import { createRandomnessKey, createSigningKey } from '../verifier.ts'
import { replaceFile, writeNewFile } from './durable-file.ts'
import { readKeyFile } from './file-keystore.ts'

/** How the file is protected: a password, or nothing on a development network. */
export type Protection = { readonly type: 'password'; readonly password: string } | { readonly type: 'plain' }

export interface NodeKeys extends HeldKeys {
  readonly address: AddressString
  readonly accountKey: SigningKey
  /** 32 bytes. */
  readonly peerSeed: Uint8Array
}

interface NodeSeeds extends KeyPairSeeds {
  readonly accountSeed: Uint8Array
  readonly peerSeed: Uint8Array
  readonly spare: KeyPairSeeds | null
}

type NodeSecrets = NodeSeeds & { readonly address: AddressString }

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
    spare: null,
  }
  const made = await keysOf(seeds)
  const text = await textOf({ ...seeds, address: made.address }, protection)
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
  const secrets = await readSecrets(file, protection)
  const loaded = await keysOf(secrets)
  if (loaded.address !== secrets.address)
    throw new KeyError('backup-damaged', { reason: 'the address is not that of its key' })
  return loaded
}

/**
 * The pair to change to, beside the one that the chain knows as `registered`: durable when the promise resolves, and the same
 * one until the chain has it. The pair before that is let go, so the caller has made sure that the chain takes another change
 * by now. A node that runs reads the file again once the chain has the new pair. Rejects as loadNodeKeys does.
 */
export async function prepareRotation(
  file: string,
  protection: Protection,
  registered: Uint8Array,
): Promise<ValidatorKeys> {
  const { spare } = await loadNodeKeys(file, protection)
  const hasChanged = spare ? equalBytes(spare.validatorKey.publicKey, registered) : false
  if (spare && !hasChanged) return spare
  const before = await readSecrets(file, protection)
  const made = { validatorSeed: seed(), randomnessSeed: seed() }
  const after = { ...before, ...(hasChanged ? before.spare : {}), spare: made }
  await replaceFile(file, await textOf(after, protection), FILE_MODE)
  return keyPairOf(made)
}

async function readSecrets(file: string, protection: Protection): Promise<NodeSecrets> {
  const text = await readPrivate(file)
  return protection.type === 'plain' ? parsePlain(text) : decryptNodeSecrets(text, protection.password)
}

async function textOf(secrets: NodeSecrets, protection: Protection): Promise<string> {
  return protection.type === 'plain' ? plainText(secrets) : encryptSecrets([secrets], protection.password)
}

async function decryptNodeSecrets(text: string, password: string): Promise<NodeSecrets> {
  const [first] = await decryptSecrets(text, password)
  const { address, accountSeed, validatorSeed, randomnessSeed, peerSeed, spare = null } = first!
  if (!validatorSeed || !randomnessSeed || !peerSeed)
    throw new KeyError('backup-damaged', { reason: 'not the keys of a node' })
  return { address, accountSeed, validatorSeed, randomnessSeed, peerSeed, spare }
}

async function keysOf(seeds: NodeSeeds): Promise<NodeKeys> {
  const accountKey = await createSigningKey(seeds.accountSeed)
  return {
    address: addressOfKey(accountKey.publicKey),
    accountKey,
    ...(await keyPairOf(seeds)),
    peerSeed: seeds.peerSeed,
    spare: seeds.spare && (await keyPairOf(seeds.spare)),
  }
}

async function keyPairOf({ validatorSeed, randomnessSeed }: KeyPairSeeds): Promise<ValidatorKeys> {
  return {
    validatorKey: await createSigningKey(validatorSeed),
    randomnessKey: createRandomnessKey(randomnessSeed),
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

function plainText({ address, spare, ...own }: NodeSecrets): string {
  const { accountSeed, validatorSeed, randomnessSeed, peerSeed } = own
  const beside = spare && {
    spareValidatorSeed: spare.validatorSeed,
    spareRandomnessSeed: spare.randomnessSeed,
  }
  const seeds = { accountSeed, validatorSeed, randomnessSeed, peerSeed, ...beside }
  const hex = Object.fromEntries(Object.entries(seeds).map(([name, bytes]) => [name, toHex(bytes)]))
  return `${JSON.stringify({ plainVersion: PLAIN_VERSION, address, ...hex }, null, 2)}\n`
}

function parsePlain(text: string): NodeSecrets {
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
    spare:
      value.spareValidatorSeed === undefined
        ? null
        : { validatorSeed: read('spareValidatorSeed'), randomnessSeed: read('spareRandomnessSeed') },
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
