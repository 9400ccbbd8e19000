/** Runs the adapters where they run in the app: in a dedicated worker. One command at a time, refusals as values. */
import { browserClock } from '../../node-core/adapters/browser/browser-clock.ts'
import { openBrowserJournal, removeBrowserJournal } from '../../node-core/adapters/browser/browser-journal.ts'
import {
  type BrowserKeystore,
  openBrowserKeystore,
} from '../../node-core/adapters/browser/browser-keystore.ts'
import { GuardedDatabase } from '../../node-core/adapters/browser/guarded-database.ts'
import { openIndexedDbStorage } from '../../node-core/adapters/browser/indexeddb-storage.ts'
import { Ed25519Batch } from '../../node-core/adapters/ed25519-batch.ts'
import {
  ofBatches,
  runEd25519Vectors,
  type SpeccheckFile,
  type WycheproofFile,
} from '../../node-core/adapters/ed25519-vectors.ts'
import { JOURNAL_RECORD_BYTES } from '../../node-core/adapters/limits.ts'
import { createVerifier } from '../../node-core/adapters/verifier.ts'
import { fromHex, toHex, utf8 } from '../../node-core/lib/bytes.ts'
import type { Journal, Storage } from '../../node-core/ports/storage.ts'
import { currentFile, readSides, runContracts, writeSides } from './browser-harnesses.ts'
import type { Outcome } from './test-page.ts'

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const BUCKET = 1

/** False: it is full. */
function isFull(error: { readonly code?: unknown }): false {
  if (error.code !== 'storage-full') throw error
  return false
}

let journal: Journal | null = null
let storage: Storage | null = null
let keystore: BrowserKeystore | null = null
let acknowledged = 0

const commands: Record<string, (...parameters: never[]) => Promise<unknown>> = {
  contracts: () => runContracts(),

  async openJournal(name: string, waitMs?: number) {
    const opened = await openBrowserJournal(name, waitMs === undefined ? {} : { waitMs })
    journal = opened.journal
    return opened.home
  },
  async openJournalWithoutFiles(name: string) {
    Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createSyncAccessHandle')
    const opened = await openBrowserJournal(name)
    journal = opened.journal
    return opened.home
  },
  removeJournal: (name: string) => removeBrowserJournal(name),
  append: (record: string) => journal!.append(utf8(record)),
  replace: (record: string) => journal!.replace(utf8(record)),
  readJournal: async () => (await journal!.read()).map(text),
  /** Appends zeros until a record of one byte has no room any more; gives the bytes that had. */
  async fillJournal() {
    let filled = 0
    for (let bytes = JOURNAL_RECORD_BYTES; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      const record = new Uint8Array(bytes)
      const fits = () => journal!.append(record).then(() => true, isFull)
      while (await fits()) filled += bytes
    }
    return filled
  },
  journalBytes: async () => (await journal!.read()).reduce((sum, { length }) => sum + length, 0),
  closeJournal: () => journal!.close(),
  async cutJournal(name: string, bytes: number) {
    const file = currentFile(name)
    const whole = await file.read()
    await file.write(whole.subarray(0, whole.length - bytes))
  },
  /**
   * Every state that a crash inside `replace` can leave: the old generation beside `length` bytes of the new one. Gives the
   * records found at each opening, from nothing of the new one to all of it.
   */
  async interruptedReplacements(name: string) {
    const found: string[][] = []
    const openAgain = async (): Promise<Journal> => (await openBrowserJournal(name)).journal
    const first = await openAgain()
    for (const record of ['one', 'two']) await first.append(utf8(record))
    await first.close()
    const before = await readSides(name)
    const second = await openAgain()
    await second.replace(utf8('summary'))
    await second.close()
    const after = await readSides(name)
    const length = Math.max(...after.map((side) => side.length))
    for (let cut = 0; cut <= length; cut++) {
      const sides = before.map((side, i) => (side.length > 0 ? side : after[i]!.subarray(0, cut)))
      await writeSides(name, sides)
      const opened = await openAgain()
      found.push((await opened.read()).map(text))
      await opened.close()
    }
    return found
  },
  /** Begins to append numbers without end; `acknowledged` says how far it came. */
  async appendWithoutEnd() {
    const forever = async (): Promise<never> => {
      for (;;) {
        const next = acknowledged + 1
        await (next % 10 === 0 ? journal!.replace(utf8(`${next}`)) : journal!.append(utf8(`${next}`)))
        acknowledged = next
        // Lets the messages of the page in.
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
    void forever()
  },
  acknowledged: async () => acknowledged,

  async openStorage(name: string) {
    storage = await openIndexedDbStorage(name)
  },
  put: (key: string, bytes: number) => {
    const value = new Uint8Array(bytes)
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(value.subarray(at, at + 65_536))
    return storage!.commit([{ bucket: BUCKET, key: utf8(key), value }])
  },
  size: async (key: string) => (await storage!.get(BUCKET, utf8(key)))?.length ?? null,
  usage: () => storage!.usage(),
  deleteDatabase: (name: string) =>
    new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = () => resolve(null)
      request.onerror = () => reject(request.error)
    }),
  /** A connection of an older app that does not give way, then ours of the next version. */
  async openBehindOlder(name: string) {
    await new Promise((resolve) => {
      indexedDB.open(name, 1).onsuccess = resolve
    })
    await GuardedDatabase.open({ name, version: 2, upgrade: () => undefined })
  },

  async openKeystore(name: string) {
    keystore = await openBrowserKeystore({ name, clock: browserClock })
  },
  async openKeystoreWithoutEd25519(name: string) {
    const original = crypto.subtle.generateKey
    crypto.subtle.generateKey = (() =>
      Promise.reject(new DOMException('no such algorithm', 'NotSupportedError'))) as never
    try {
      await openBrowserKeystore({ name, clock: browserClock })
    } finally {
      crypto.subtle.generateKey = original
    }
  },
  keystore: (method: keyof BrowserKeystore, ...parameters: never[]) =>
    Promise.resolve((keystore![method] as (...all: never[]) => unknown).call(keystore, ...parameters)),
  peerSeed: async () => toHex(keystore!.peerSeed()),
  /** Whether the account's key signs for its public key, which is given back. */
  async signWithAccount(address: string) {
    const key = await keystore!.accountKey(address)
    const message = utf8('a message')
    const valid = await createVerifier().verifyEd25519(key.publicKey, message, await key.sign(message))
    return { valid, publicKey: toHex(key.publicKey) }
  },
  /** `registered`: what the chain has, 0x-hex; then those to take its place. */
  async validatorKeys(address: string, registered?: string) {
    const { validatorKey, randomnessKey } = await (registered === undefined
      ? keystore!.ensureValidatorKeys(address)
      : keystore!.prepareRotation(address, fromHex(registered)!))
    const message = utf8('a vote')
    const verifier = createVerifier()
    return {
      validator: toHex(validatorKey.publicKey),
      randomness: toHex(randomnessKey.publicKey),
      validVote: await verifier.verifyEd25519(
        validatorKey.publicKey,
        message,
        await validatorKey.sign(message),
      ),
      validRandomness:
        (await verifier.verifyVrf(
          randomnessKey.publicKey,
          message,
          (
            await randomnessKey.prove(message)
          ).proof,
        )) !== null,
    }
  },
  /** The randomness key that goes with a validator key; null: this one is not here. */
  async randomnessOf(address: string, validatorKey: string) {
    const { spare, ...first } = await keystore!.ensureValidatorKeys(address)
    const pair = [first, spare].find((each) => each && toHex(each.validatorKey.publicKey) === validatorKey)
    return pair ? toHex(pair.randomnessKey.publicKey) : null
  },
  /** Everything in a database that is a key or bytes: what someone with the disk, but not the browser, could take. */
  inspectKeys: (name: string) => inspectKeys(name),

  vectors: async (wycheproof: WycheproofFile, speccheck: SpeccheckFile) => ({
    verifier: await runEd25519Vectors(createVerifier(), wycheproof, speccheck),
    batches: await runEd25519Vectors(ofBatches(await Ed25519Batch.create()), wycheproof, speccheck),
  }),
}

async function inspectKeys(name: string): Promise<{ extractable: boolean[]; bytesOfSeedLength: number }> {
  const database = await GuardedDatabase.open({ name, version: 1, upgrade: () => undefined })
  const values: unknown[] = []
  for (const store of ['accounts', 'meta']) values.push(...(await database.read((db) => db.getAll(store))))
  await database.close()
  const extractable: boolean[] = []
  let bytesOfSeedLength = 0
  const visit = (value: unknown, field: string): void => {
    if (value instanceof CryptoKey) extractable.push(value.extractable)
    else if (value instanceof Uint8Array)
      bytesOfSeedLength += value.length === 32 && field !== 'publicKey' ? 1 : 0
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) visit(inner, name)
  }
  for (const value of values) visit(value, '')
  return { extractable, bytesOfSeedLength }
}

self.addEventListener('message', async (event: MessageEvent) => {
  const { id, command, parameters } = event.data as { id: number; command: string; parameters: never[] }
  let outcome: Outcome
  try {
    outcome = { value: await commands[command]!(...parameters) }
  } catch (error) {
    const { code = String(error), data = {} } = error as Outcome
    outcome = { code, data }
  }
  self.postMessage({ id, outcome })
})
