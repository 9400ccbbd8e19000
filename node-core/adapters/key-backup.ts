/**
 * The encrypted text of a backup file, a wallet file and a node's key file: JSON, PBKDF2-SHA-256 → AES-256-GCM. The header is
 * authenticated with the ciphertext. `checksum` tells a file that was damaged on its way from a wrong password; it protects
 * nothing.
 */
import { fromHex, toHex, utf8 } from '../lib/bytes.ts'
import type { AddressString } from '../node/node-api.ts'
import { addressOf, formatAddress } from '../protocol/address.ts'
import { KeyError } from './key-error.ts'
import {
  ACCOUNTS,
  BACKUP_CHARACTERS,
  PASSWORD_MAXIMUM_CHARACTERS,
  PASSWORD_MINIMUM_CHARACTERS,
  SEED_BYTES,
} from './limits.ts'
import { createSigningKey } from './verifier.ts'

/** Seeds of 32 bytes; null: there is none of that kind. */
export interface KeySecrets {
  readonly address: AddressString
  readonly accountSeed: Uint8Array
  readonly validatorSeed: Uint8Array | null
  readonly randomnessSeed: Uint8Array | null
  readonly peerSeed: Uint8Array | null
  /** Of the pair that a change of keys brings, or has brought. */
  readonly spare: KeyPairSeeds | null
}

export interface KeyPairSeeds {
  readonly validatorSeed: Uint8Array
  readonly randomnessSeed: Uint8Array
}

const VERSION = 1
const KDF = 'PBKDF2-SHA-256'
const ITERATIONS = 600_000
/** A file may ask for more work than we do now, not for a day of it, and never for less. */
const MAXIMUM_ITERATIONS = 10_000_000
const SALT_BYTES = 16
const IV_BYTES = 12
/** The id of Ed25519 among the signature schemes. */
const ED25519_SCHEME = 0

interface Header {
  readonly version: number
  readonly kdf: { readonly name: string; readonly iterations: number }
  readonly salt: string
  readonly iv: string
  readonly addresses: readonly string[]
}

interface BackupFile extends Header {
  readonly ciphertext: string
  readonly checksum: string
}

/** Throws KeyError 'password-too-short' or 'password-too-long', with the limits in characters. */
export function requirePassword(password: string): void {
  const characters = [...password.normalize('NFKC')].length
  if (characters < PASSWORD_MINIMUM_CHARACTERS) {
    throw new KeyError('password-too-short', { minimum: PASSWORD_MINIMUM_CHARACTERS })
  }
  if (characters > PASSWORD_MAXIMUM_CHARACTERS) {
    throw new KeyError('password-too-long', { maximum: PASSWORD_MAXIMUM_CHARACTERS })
  }
}

/** Rejects with 'password-too-short' and 'password-too-long'. Takes about a quarter of a second on purpose. */
export async function encryptSecrets(secrets: readonly KeySecrets[], password: string): Promise<string> {
  requirePassword(password)
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const header: Header = {
    version: VERSION,
    kdf: { name: KDF, iterations: ITERATIONS },
    salt: toHex(salt),
    iv: toHex(iv),
    addresses: secrets.map(({ address }) => address),
  }
  const key = await passwordKey(password, salt, ITERATIONS)
  const algorithm = { name: 'AES-GCM', iv, additionalData: owned(headerBytes(header)) }
  const sealed = await crypto.subtle.encrypt(algorithm, key, owned(plaintextOf(secrets)))
  const body = { ...header, ciphertext: toHex(new Uint8Array(sealed)) }
  return `${JSON.stringify({ ...body, checksum: await checksumOf(body) }, null, 2)}\n`
}

/**
 * Rejects with 'backup-damaged' (data.reason) before the password is tried, and with 'password-wrong'. Every address is
 * checked to be that of its key.
 */
export async function decryptSecrets(text: string, password: string): Promise<KeySecrets[]> {
  const file = await parseFile(text)
  const salt = bytesOf(file.salt, SALT_BYTES)
  const iv = bytesOf(file.iv, IV_BYTES)
  const key = await passwordKey(password, salt, file.kdf.iterations)
  const algorithm = { name: 'AES-GCM', iv, additionalData: owned(headerBytes(file)) }
  const opened = await crypto.subtle.decrypt(algorithm, key, bytesOf(file.ciphertext)).catch(() => {
    throw new KeyError('password-wrong')
  })
  const secrets = parseSecrets(new TextDecoder().decode(opened))
  for (const { address, accountSeed } of secrets) {
    const { publicKey } = await createSigningKey(accountSeed)
    if (addressOfKey(publicKey) !== address) throw damaged('an address is not that of its key')
  }
  return secrets
}

/** ait1… of an Ed25519 public key. */
export function addressOfKey(publicKey: Uint8Array): AddressString {
  return formatAddress(addressOf(ED25519_SCHEME, publicKey))
}

/** The addresses a file says it holds, without a password; only decryptSecrets proves them. Rejects with 'backup-damaged'. */
export async function addressesIn(text: string): Promise<readonly AddressString[]> {
  return (await parseFile(text)).addresses
}

async function parseFile(text: string): Promise<BackupFile> {
  if (text.length > BACKUP_CHARACTERS) throw damaged('too long')
  const value = parseJson(text)
  const { version, kdf, salt, iv, ciphertext, addresses, checksum } = value
  if (version !== VERSION) throw damaged('unknown version')
  const { name, iterations } = (kdf ?? {}) as Record<string, unknown>
  if (name !== KDF || !Number.isSafeInteger(iterations)) throw damaged('unknown key derivation')
  if ((iterations as number) < ITERATIONS || (iterations as number) > MAXIMUM_ITERATIONS)
    throw damaged('iterations')
  const strings = [salt, iv, ciphertext, checksum].every((field) => typeof field === 'string')
  if (!strings || !isAddressList(addresses)) throw damaged('a field is missing')
  const body = { version, kdf: { name, iterations }, salt, iv, addresses, ciphertext } as Omit<
    BackupFile,
    'checksum'
  >
  if ((await checksumOf(body)) !== checksum) throw damaged('checksum')
  return { ...body, checksum: checksum as string }
}

function isAddressList(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length <= ACCOUNTS && value.every((address) => typeof address === 'string')
  )
}

/** One fixed order of fields: what is authenticated must not depend on how a file was written. */
function headerBytes({ version, kdf, salt, iv, addresses }: Header): Uint8Array {
  return utf8(JSON.stringify([version, kdf.name, kdf.iterations, salt, iv, addresses]))
}

async function checksumOf(body: Header & { ciphertext: string }): Promise<string> {
  const covered = utf8(`${new TextDecoder().decode(headerBytes(body))}${body.ciphertext}`)
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', owned(covered))))
}

async function passwordKey(
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<CryptoKey> {
  const raw = owned(utf8(password.normalize('NFKC')))
  const base = await crypto.subtle.importKey('raw', raw, 'PBKDF2', false, ['deriveKey'])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}

function plaintextOf(secrets: readonly KeySecrets[]): Uint8Array {
  const hexOrNull = (seed: Uint8Array | null): string | null => (seed ? toHex(seed) : null)
  const accounts = secrets.map((secret) => ({
    address: secret.address,
    accountSeed: toHex(secret.accountSeed),
    validatorSeed: hexOrNull(secret.validatorSeed),
    randomnessSeed: hexOrNull(secret.randomnessSeed),
    peerSeed: hexOrNull(secret.peerSeed),
    spareValidatorSeed: hexOrNull(secret.spare?.validatorSeed ?? null),
    spareRandomnessSeed: hexOrNull(secret.spare?.randomnessSeed ?? null),
  }))
  return utf8(JSON.stringify({ accounts }))
}

function parseSecrets(text: string): KeySecrets[] {
  const { accounts } = parseJson(text)
  if (!Array.isArray(accounts) || accounts.length < 1 || accounts.length > ACCOUNTS) throw damaged('accounts')
  return accounts.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) throw damaged('accounts')
    const account = entry as Record<string, unknown>
    if (typeof account.address !== 'string') throw damaged('address')
    const optional = (seed: unknown): Uint8Array | null => (seed === null ? null : bytesOf(seed, SEED_BYTES))
    // Older files have none.
    const validatorSeed = optional(account.spareValidatorSeed ?? null)
    const randomnessSeed = optional(account.spareRandomnessSeed ?? null)
    return {
      address: account.address,
      accountSeed: bytesOf(account.accountSeed, SEED_BYTES),
      validatorSeed: optional(account.validatorSeed),
      randomnessSeed: optional(account.randomnessSeed),
      peerSeed: optional(account.peerSeed),
      spare: validatorSeed && randomnessSeed ? { validatorSeed, randomnessSeed } : null,
    }
  })
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // What does not parse is told apart from nothing else below.
  }
  throw damaged('not JSON')
}

function bytesOf(value: unknown, length?: number): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === 'string' ? fromHex(value, length) : null
  if (!bytes) throw damaged('a field is not hex of its length')
  return owned(bytes)
}

function damaged(reason: string): KeyError {
  return new KeyError('backup-damaged', { reason })
}

/** WebCrypto takes bytes over a plain ArrayBuffer only. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
