/**
 * The keys of this browser, opened in the worker of the tab that signs. Private keys are made from random seeds here and used
 * as CryptoKeys that cannot be exported; the seed itself stays beside them, encrypted, until the person seals the account.
 */
import { equalBytes } from '../../lib/bytes.ts'
import type { AddressString } from '../../node/node-api.ts'
import type { HeldKeys, ValidatorKeys } from '../../node/validator-keys.ts'
import type { AccountKeyView } from '../../node/wallet-api.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SigningKey } from '../../ports/crypto.ts'
import { addressOf, formatAddress } from '../../protocol/address.ts'
import { SCHEME_PASSKEY } from '../../protocol/constants.ts'
import {
  addressOfKey,
  decryptSecrets,
  encryptSecrets,
  type KeyPairSeeds,
  type KeySecrets,
  requirePassword,
} from '../key-backup.ts'
import { KeyError } from '../key-error.ts'
import { ACCOUNT_NAME_CHARACTERS, ACCOUNTS, OFFERED_KEYS, SEED_BYTES } from '../limits.ts'
import { SerialQueue } from '../serial-queue.ts'
import { createRandomnessKey, createSigningKey, signingKeyOf } from '../verifier.ts'
import {
  type AccountRecord,
  KeyRecords,
  requireEd25519,
  type StoredPair,
  type StoredPasskey,
  type StoredSigner,
  type WrappedSeed,
} from './key-records.ts'

export interface BrowserKeystoreOptions {
  /** Name of the database; one for each origin and chain environment. */
  readonly name: string
  readonly clock: Pick<Clock, 'wallMs'>
}

/** Rejects with KeyError 'ed25519-missing', or a StorageError. */
export async function openBrowserKeystore(options: BrowserKeystoreOptions): Promise<BrowserKeystore> {
  await requireEd25519()
  const records = await KeyRecords.open(options.name)
  try {
    return new BrowserKeystore(options, records, await records.peerSeed(randomSeed))
  } catch (error) {
    await records.close()
    throw error
  }
}

export class BrowserKeystore {
  readonly #clock: Pick<Clock, 'wallMs'>
  readonly #records: KeyRecords
  readonly #peerSeed: Uint8Array
  /** Changes are made one at a time: two at once could each make validator keys, and one pair would be lost. */
  readonly #changes = new SerialQueue()
  /** Choice → seed of a candidate; in memory only. */
  #offered = new Map<string, Uint8Array>()

  constructor({ clock }: BrowserKeystoreOptions, records: KeyRecords, peerSeed: Uint8Array) {
    this.#clock = clock
    this.#records = records
    this.#peerSeed = peerSeed
  }

  /** 32 bytes for the network key; the same at every start of this browser. */
  peerSeed(): Uint8Array {
    return this.#peerSeed.slice()
  }

  /** Oldest first. */
  async list(): Promise<AccountKeyView[]> {
    const active = await this.#records.active()
    return (await this.#records.accounts()).map((record) => viewOf(record, active))
  }

  async activeAddress(): Promise<AddressString | null> {
    return this.#records.active()
  }

  /** Whose validator this browser means to go on with when it is opened again. */
  onWatch(): Promise<AddressString | null> {
    return this.#records.onWatch()
  }

  setOnWatch(address: AddressString | null): Promise<void> {
    return this.#records.setOnWatch(address)
  }

  /** Candidates to choose from; a new offer forgets the one before. Rejects with 'offer-too-large'. */
  async offer(count: number): Promise<{ choice: string; address: AddressString }[]> {
    if (!Number.isInteger(count) || count < 1 || count > OFFERED_KEYS) {
      throw new KeyError('offer-too-large', { maximum: OFFERED_KEYS })
    }
    const candidates = Array.from({ length: count }, () => ({
      choice: crypto.randomUUID(),
      seed: randomSeed(),
    }))
    this.#offered = new Map(candidates.map(({ choice, seed }) => [choice, seed]))
    return Promise.all(
      candidates.map(async ({ choice, seed }) => ({
        choice,
        address: addressOfKey((await createSigningKey(seed)).publicKey),
      })),
    )
  }

  /** Keeps the chosen candidate, active, and forgets the others. Rejects with 'choice-unknown'. */
  async choose(choice: string, name: string): Promise<AccountKeyView> {
    const seed = this.#offered.get(choice)
    if (!seed) throw new KeyError('choice-unknown')
    const view = await this.#changes.run(() =>
      this.#keep({ accountSeed: seed, validatorSeed: null, randomnessSeed: null, spare: null }, name),
    )
    this.#offered.clear()
    return view
  }

  /** A new account, active. Rejects with 'name-invalid' or 'too-many-accounts'. */
  create(name: string): Promise<AccountKeyView> {
    const seeds = { accountSeed: randomSeed(), validatorSeed: null, randomnessSeed: null, spare: null }
    return this.#changes.run(() => this.#keep(seeds, name))
  }

  /** An account of a key that an authenticator holds, active. Rejects as `create` does, and with 'passkey-unusable'. */
  keepPasskey(passkey: StoredPasskey, name: string): Promise<AccountKeyView> {
    return this.#changes.run(() =>
      this.#add(formatAddress(addressOf(SCHEME_PASSKEY, passkey.publicKey)), {
        name,
        account: passkey,
        validator: null,
        randomness: null,
        sealed: true,
        backedUpAtMs: null,
      }),
    )
  }

  /** null: the account's key is here. */
  async passkeyOf(address: AddressString): Promise<StoredPasskey | null> {
    const { account } = await this.#records.account(address)
    return 'credentialId' in account ? account : null
  }

  activate(address: AddressString): Promise<AccountKeyView> {
    return this.#changes.run(async () => {
      const record = await this.#records.account(address)
      await this.#records.setActive(address)
      return viewOf(record, address)
    })
  }

  /** The active account and its validator keys as encrypted text. Rejects with 'account-missing', 'account-is-passkey', 'account-sealed', 'password-…'. */
  backup(password: string): Promise<{ fileName: string; text: string }> {
    return this.#changes.run(async () => {
      requirePassword(password)
      const record = await this.#records.account((await this.#records.active()) ?? '')
      const text = await encryptSecrets([await this.#secretsOf(record)], password)
      const now = this.#clock.wallMs()
      await this.#records.save({ ...record, backedUpAtMs: now }, 'overwrite')
      const day = new Date(now).toISOString().slice(0, 10)
      return { fileName: `aitbc-${record.address.slice(0, 12)}-${day}.json`, text }
    })
  }

  /** Proves that file and password belong together; keeps nothing. Rejects with 'password-wrong' or 'backup-damaged'. */
  async rehearse(text: string, password: string): Promise<{ address: AddressString }> {
    const [first] = await decryptSecrets(text, password)
    return { address: first!.address }
  }

  /** The first account of the file, active. Rejects as `rehearse` does, and with 'account-exists'. */
  restore(text: string, password: string, name: string): Promise<AccountKeyView> {
    return this.#changes.run(async () => {
      const [first] = await decryptSecrets(text, password)
      return this.#keep(first!, name, this.#clock.wallMs())
    })
  }

  /** Deletes the account's seeds for good: it signs here from now on and can be copied nowhere. */
  seal(address: AddressString): Promise<AccountKeyView> {
    return this.#changes.run(async () => {
      const record = await this.#records.account(address)
      const account = { ...signerIn(record), seed: null }
      const validator = record.validator && { ...record.validator, seed: null }
      const spare = record.spare ? sealedPair(record.spare) : null
      const sealed = { ...record, account, validator, spare, sealed: true }
      await this.#records.save(sealed, 'overwrite')
      return viewOf(sealed, await this.#records.active())
    })
  }

  /** Rejects with 'account-missing', 'account-is-passkey'. */
  async accountKey(address: AddressString): Promise<SigningKey> {
    return signerOf(signerIn(await this.#records.account(address)))
  }

  /** The account's validator keys, made at the first call. A backup made before that is out of date and no longer counts. */
  ensureValidatorKeys(address: AddressString): Promise<HeldKeys> {
    return this.#changes.run(async () => {
      const record = await this.#records.account(address)
      const complete = record.validator && record.randomness ? record : await this.#withValidatorKeys(record)
      if (complete !== record) await this.#records.save({ ...complete, backedUpAtMs: null }, 'overwrite')
      const { validator, randomness, spare } = complete
      return {
        ...(await this.#keysOf({ validator: validator!, randomness: randomness! }, address)),
        spare: spare ? await this.#keysOf(spare, address) : null,
      }
    })
  }

  /**
   * The pair to change to, beside the one that the chain knows as `registered`: the same one until the chain has it. The pair
   * before that is let go, so the caller has made sure that the chain takes another change by now. A backup made before is out
   * of date.
   */
  prepareRotation(address: AddressString, registered: Uint8Array): Promise<ValidatorKeys> {
    return this.#changes.run(async () => {
      const record = await this.#records.account(address)
      const { spare } = record
      const hasChanged = spare ? equalBytes(spare.validator.publicKey, registered) : false
      if (spare && !hasChanged) return this.#keysOf(spare, address)
      const pair = await this.#newPair(address)
      const made = record.sealed ? sealedPair(pair) : pair
      const after = { ...record, ...(hasChanged ? spare : {}), spare: made, backedUpAtMs: null }
      await this.#records.save(after, 'overwrite')
      return this.#keysOf(made, address)
    })
  }

  close(): Promise<void> {
    this.#offered.clear()
    return this.#changes.run(() => this.#records.close())
  }

  async #keep(
    seeds: Omit<KeySecrets, 'address' | 'peerSeed'>,
    name: string,
    backedUpAtMs: number | null = null,
  ): Promise<AccountKeyView> {
    const { publicKey } = await createSigningKey(seeds.accountSeed)
    const address = addressOfKey(publicKey)
    return this.#add(address, {
      name,
      backedUpAtMs,
      sealed: false,
      account: await this.#records.signer(seeds.accountSeed, publicKey, purpose('account', address)),
      validator: seeds.validatorSeed && (await this.#validatorSigner(seeds.validatorSeed, address)),
      randomness:
        seeds.randomnessSeed &&
        (await this.#records.wrap(seeds.randomnessSeed, purpose('randomness', address))),
      spare: seeds.spare ? await this.#newPair(address, seeds.spare) : null,
    })
  }

  async #add(
    address: AddressString,
    { name, ...keys }: Omit<AccountRecord, 'address' | 'createdAtMs'>,
  ): Promise<AccountKeyView> {
    const characters = [...name.trim()].length
    if (characters < 1 || characters > ACCOUNT_NAME_CHARACTERS) {
      throw new KeyError('name-invalid', { maximum: ACCOUNT_NAME_CHARACTERS })
    }
    const existing = await this.#records.accounts()
    if (existing.some((record) => record.address === address))
      throw new KeyError('account-exists', { address })
    if (existing.length >= ACCOUNTS) throw new KeyError('too-many-accounts', { maximum: ACCOUNTS })
    const record = { ...keys, address, name: name.trim(), createdAtMs: this.#clock.wallMs() }
    await this.#records.save(record, 'add', address)
    return viewOf(record, address)
  }

  async #keysOf({ validator, randomness }: StoredPair, address: AddressString): Promise<ValidatorKeys> {
    const seed = await this.#records.unwrap(randomness, purpose('randomness', address))
    return { validatorKey: signerOf(validator), randomnessKey: createRandomnessKey(seed) }
  }

  async #newPair(address: AddressString, seeds?: KeyPairSeeds): Promise<StoredPair> {
    const randomnessSeed = seeds?.randomnessSeed ?? randomSeed()
    return {
      validator: await this.#validatorSigner(seeds?.validatorSeed ?? randomSeed(), address),
      randomness: await this.#records.wrap(randomnessSeed, purpose('randomness', address)),
    }
  }

  async #withValidatorKeys(record: AccountRecord): Promise<AccountRecord> {
    const signer = record.validator ?? (await this.#validatorSigner(randomSeed(), record.address))
    const validator = record.sealed ? { ...signer, seed: null } : signer
    const randomness =
      record.randomness ?? (await this.#records.wrap(randomSeed(), purpose('randomness', record.address)))
    return { ...record, validator, randomness }
  }

  async #validatorSigner(seed: Uint8Array, address: AddressString) {
    const { publicKey } = await createSigningKey(seed)
    return this.#records.signer(seed, publicKey, purpose('validator', address))
  }

  async #secretsOf(record: AccountRecord): Promise<KeySecrets> {
    const { address, validator, randomness, spare } = record
    const account = signerIn(record)
    if (!account.seed) throw new KeyError('account-sealed', { address })
    const open = async (role: Role, wrapped: WrappedSeed | null | undefined): Promise<Uint8Array | null> =>
      wrapped ? this.#records.unwrap(wrapped, purpose(role, address)) : null
    return {
      address,
      accountSeed: (await open('account', account.seed))!,
      validatorSeed: await open('validator', validator?.seed),
      randomnessSeed: await open('randomness', randomness),
      peerSeed: null,
      spare: spare
        ? {
            validatorSeed: (await open('validator', spare.validator.seed))!,
            randomnessSeed: (await open('randomness', spare.randomness))!,
          }
        : null,
    }
  }
}

type Role = 'account' | 'validator' | 'randomness'

function purpose(role: Role, address: AddressString): string {
  return `${role}:${address}`
}

function signerIn({ address, account }: AccountRecord): StoredSigner {
  if ('credentialId' in account) throw new KeyError('account-is-passkey', { address })
  return account
}

function sealedPair({ validator, randomness }: StoredPair): StoredPair {
  return { validator: { ...validator, seed: null }, randomness }
}

function signerOf({ key, publicKey }: StoredSigner): SigningKey {
  return signingKeyOf(key, publicKey.slice())
}

function randomSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES))
}

function viewOf(record: AccountRecord, active: AddressString | null): AccountKeyView {
  const { address, name, createdAtMs, sealed, backedUpAtMs } = record
  const passkey = 'credentialId' in record.account
  return { address, name, createdAtMs, sealed, backedUpAtMs, active: address === active, passkey }
}
