/** What the browser keystore keeps in IndexedDB, and how seeds are wrapped there. */
import { concatBytes, utf8 } from '../../lib/bytes.ts'
import type { AddressString } from '../../node/node-api.ts'
import { KeyError } from '../key-error.ts'
import { GuardedDatabase, inTransaction } from './guarded-database.ts'

/** Encrypted by the wrapping key, which this browser can use and nobody can read. */
export interface WrappedSeed {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly ciphertext: Uint8Array<ArrayBuffer>
}

/** An Ed25519 key as a non-extractable CryptoKey; its seed until the account is sealed. */
export interface StoredSigner {
  readonly publicKey: Uint8Array
  readonly key: CryptoKey
  readonly seed: WrappedSeed | null
}

/** A key in an authenticator; nothing here is secret. */
export interface StoredPasskey {
  readonly credentialId: Uint8Array
  /** P-256, compressed. */
  readonly publicKey: Uint8Array
}

export interface AccountRecord {
  readonly address: AddressString
  readonly name: string
  readonly createdAtMs: number
  readonly backedUpAtMs: number | null
  readonly sealed: boolean
  readonly account: StoredSigner | StoredPasskey
  readonly validator: StoredSigner | null
  /** The random function is not in WebCrypto: its seed stays wrapped, and is unwrapped for use, sealed or not. */
  readonly randomness: WrappedSeed | null
  /** The pair that a change of keys brings, or has brought; accounts of before have none. */
  readonly spare?: StoredPair | null
}

export interface StoredPair {
  readonly validator: StoredSigner
  readonly randomness: WrappedSeed
}

const VERSION = 1
const ACCOUNTS_STORE = 'accounts'
const META_STORE = 'meta'
const WRAPPING_KEY = 'wrapping-key'
const PEER_SEED = 'peer-seed'
const ACTIVE = 'active-account'
const ON_WATCH = 'on-watch'
const IV_BYTES = 12
/** RFC 8410: the PKCS #8 frame around a 32-byte Ed25519 seed. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

export class KeyRecords {
  readonly #database: GuardedDatabase
  readonly #wrapping: CryptoKey

  private constructor(database: GuardedDatabase, wrapping: CryptoKey) {
    this.#database = database
    this.#wrapping = wrapping
  }

  static async open(name: string): Promise<KeyRecords> {
    const database = await GuardedDatabase.open({
      name,
      version: VERSION,
      upgrade: (opened) => {
        opened.createObjectStore(ACCOUNTS_STORE, { keyPath: 'address' })
        opened.createObjectStore(META_STORE)
      },
    })
    try {
      return new KeyRecords(database, await wrappingKey(database))
    } catch (error) {
      await database.close()
      throw error
    }
  }

  /** Oldest first. */
  async accounts(): Promise<AccountRecord[]> {
    const records = (await this.#database.read((db) => db.getAll(ACCOUNTS_STORE))) as AccountRecord[]
    return records.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.address < b.address ? -1 : 1))
  }

  /** Rejects with 'account-missing'. */
  async account(address: AddressString): Promise<AccountRecord> {
    const record = (await this.#database.read((db) => db.get(ACCOUNTS_STORE, address))) as
      | AccountRecord
      | undefined
    if (!record) throw new KeyError('account-missing', { address })
    return record
  }

  /** `add` refuses to overwrite: rejects when there is one of that address. */
  async save(record: AccountRecord, how: 'add' | 'overwrite', active?: AddressString): Promise<void> {
    await this.#database.write([ACCOUNTS_STORE, META_STORE], (transaction) => {
      const accounts = transaction.objectStore(ACCOUNTS_STORE)
      inTransaction(how === 'add' ? accounts.add(record) : accounts.put(record))
      if (active) inTransaction(transaction.objectStore(META_STORE).put(active, ACTIVE))
    })
  }

  async active(): Promise<AddressString | null> {
    return (
      ((await this.#database.read((db) => db.get(META_STORE, ACTIVE))) as AddressString | undefined) ?? null
    )
  }

  async setActive(address: AddressString): Promise<void> {
    await putMeta(this.#database, ACTIVE, address)
  }

  /** Whose validator this browser ran last and meant to go on with. */
  async onWatch(): Promise<AddressString | null> {
    const kept = await this.#database.read((db) => db.get(META_STORE, ON_WATCH))
    return (kept as AddressString | null | undefined) ?? null
  }

  async setOnWatch(address: AddressString | null): Promise<void> {
    await putMeta(this.#database, ON_WATCH, address)
  }

  async peerSeed(fresh: () => Uint8Array): Promise<Uint8Array> {
    const kept = (await this.#database.read((db) => db.get(META_STORE, PEER_SEED))) as WrappedSeed | undefined
    if (kept) return this.unwrap(kept, PEER_SEED)
    const seed = fresh()
    await putMeta(this.#database, PEER_SEED, await this.wrap(seed, PEER_SEED))
    return seed
  }

  /** `purpose` is authenticated: a wrapped seed cannot be moved to another place. */
  async wrap(seed: Uint8Array, purpose: string): Promise<WrappedSeed> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
    const algorithm = { name: 'AES-GCM', iv, additionalData: new Uint8Array(utf8(purpose)) }
    const ciphertext = await crypto.subtle.encrypt(algorithm, this.#wrapping, new Uint8Array(seed))
    return { iv, ciphertext: new Uint8Array(ciphertext) }
  }

  async unwrap({ iv, ciphertext }: WrappedSeed, purpose: string): Promise<Uint8Array> {
    const algorithm = { name: 'AES-GCM', iv, additionalData: new Uint8Array(utf8(purpose)) }
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#wrapping, ciphertext))
  }

  async signer(seed: Uint8Array, publicKey: Uint8Array, purpose: string): Promise<StoredSigner> {
    const key = await importSeed(seed)
    return { publicKey: new Uint8Array(publicKey), key, seed: await this.wrap(seed, purpose) }
  }

  close(): Promise<void> {
    return this.#database.close()
  }
}

/** Rejects with 'ed25519-missing', data.reason 'insecure-context' or 'unsupported'. */
export async function requireEd25519(): Promise<void> {
  const subtle = crypto.subtle as SubtleCrypto | undefined
  if (!subtle) throw new KeyError('ed25519-missing', { reason: 'insecure-context' })
  try {
    await subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  } catch (error) {
    throw new KeyError('ed25519-missing', { reason: 'unsupported' }, { cause: error })
  }
}

function importSeed(seed: Uint8Array): Promise<CryptoKey> {
  const pkcs8 = new Uint8Array(concatBytes(PKCS8_PREFIX, seed))
  return crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
}

/** The first key that was made stays, also when two workers ask for one at the same time. */
async function wrappingKey(database: GuardedDatabase): Promise<CryptoKey> {
  const kept = (await database.read((db) => db.get(META_STORE, WRAPPING_KEY))) as CryptoKey | undefined
  if (kept) return kept
  const algorithm = { name: 'AES-GCM', length: 256 }
  const made = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
  await database.write([META_STORE], (transaction) => {
    inTransaction(transaction.objectStore(META_STORE).add(made, WRAPPING_KEY))
  })
  return made
}

function putMeta(database: GuardedDatabase, key: string, value: unknown): Promise<void> {
  return database.write([META_STORE], (transaction) =>
    inTransaction(transaction.objectStore(META_STORE).put(value, key)),
  )
}
