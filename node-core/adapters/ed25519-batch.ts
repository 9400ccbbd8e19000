/**
 * Ed25519 signatures verified together, by the rules of ZIP-215: 8 (Σ z s) B = 8 Σ z R + 8 Σ (z k) A with a random z of 128 bits for
 * each signature holds for good ones always, and for a bad one among them once in 2^128. Eight times, since keys and R may have a
 * part of small order: with it, together and alone have one answer. The arithmetic is the WebAssembly of scripts/ed25519.
 */
import { assert } from '../lib/assert.ts'
import { fromHex, toHex } from '../lib/bytes.ts'
import * as at from './ed25519-layout.ts'
import { ED25519_MODULE } from './ed25519-module.ts'

export interface SignedMessage {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** The order of the base point. */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
/** y = 4/5, x even (RFC 8032, 5.1). */
const BASE_POINT = Uint8Array.of(0x58, ...new Uint8Array(31).fill(0x66))
const POINT_ENCODED_BYTES = 32
const HASH_BLOCK_BYTES = 128
/** After the message: a bit, and its length in 16 bytes. */
const HASH_PADDING_BYTES = 17

/** RFC 8032, 7.1, test 1: of the empty message. */
const KNOWN_KEY = '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const KNOWN_SIGNATURE =
  '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'

/** What the module exports; its loops and addresses are in ed25519-layout.ts. */
interface Exports {
  readonly memory: WebAssembly.Memory
  /** The encoded points become points, an even number of them. */
  decode(points: number): void
  makeTable(table: number, point: number, multiples: number): void
  sha512(blocks: number): void
  clearDigits(): void
  writeDigits(term: number, bits: number): void
  isZeroTimesEight(terms: number): number
}

/** A signature whose parts could be read. */
interface Readable {
  /** Among the signatures of the batch: the place of the table of its R. */
  readonly index: number
  readonly keySlot: number
  readonly s: bigint
  /** SHA-512 of R, key and message. */
  readonly k: bigint
}

interface Search {
  equationsLeft: number
}

/** Equations of one batch: enough to find two bad signatures anywhere in it. */
const EQUATIONS = 16

type TableKind = 'key' | 'commitment'

export class Ed25519Batch {
  readonly #module: Exports
  readonly #bytes: Uint8Array
  readonly #words: BigUint64Array
  readonly #numbers: Uint32Array
  readonly #view: DataView
  /** Slots of the keys whose tables are made; the one to go first is first. */
  readonly #slots = new Map<string, number>()

  private constructor(module: Exports) {
    this.#module = module
    this.#bytes = new Uint8Array(module.memory.buffer)
    this.#words = new BigUint64Array(module.memory.buffer)
    this.#numbers = new Uint32Array(module.memory.buffer)
    this.#view = new DataView(module.memory.buffer)
    this.#bytes.set(BASE_POINT, at.ENCODED_POINTS)
    module.decode(2)
    module.makeTable(at.BASE_TABLE, at.POINTS, at.WINDOWS.base.multiples)
  }

  /** Rejects where the platform has no WebAssembly SIMD, does not let it be used, or does not count right with it. */
  static async create(): Promise<Ed25519Batch> {
    const { instance } = await WebAssembly.instantiate(fromKnownHex(ED25519_MODULE))
    const batch = new Ed25519Batch(instance.exports as unknown as Exports)
    const good = {
      publicKey: fromKnownHex(KNOWN_KEY),
      message: new Uint8Array(0),
      signature: fromKnownHex(KNOWN_SIGNATURE),
    }
    const verdicts = batch.verify([good, { ...good, message: Uint8Array.of(0) }, good])
    assert(verdicts.join() === 'true,false,true', 'the arithmetic of this platform is right')
    return batch
  }

  /**
   * Which of at most BATCH_SIGNATURES hold, each with a message of at most LONGEST_MESSAGE_BYTES. Bad ones are never among them.
   * All good ones are where at most two are bad; with more the search may end before it has found them all.
   */
  verify(items: readonly SignedMessage[]): boolean[] {
    assert(items.length <= at.BATCH_SIGNATURES, 'a batch is not larger than its tables')
    const verdicts = items.map(() => false)
    const search: Search = { equationsLeft: EQUATIONS }
    for (const readable of this.#holding(this.#read(items), search)) verdicts[readable.index] = true
    return verdicts
  }

  #read(items: readonly SignedMessage[]): Readable[] {
    const names = items.map(({ publicKey }) => toHex(publicKey))
    // Those that are known are used before a new one can take the place of one of them.
    const newKeys = [...new Set(names.filter((name) => this.#useSlot(name) === null))]
    const points = [
      ...items.map(({ signature }) => signature.subarray(0, POINT_ENCODED_BYTES)),
      ...newKeys.map((name) => items[names.indexOf(name)]!.publicKey),
    ]
    for (const [i, point] of points.entries())
      this.#bytes.set(point, at.ENCODED_POINTS + i * POINT_ENCODED_BYTES)
    this.#module.decode(points.length)
    for (const [i, name] of newKeys.entries()) {
      const point = items.length + i
      if (this.#isDecoded(point)) this.#makeTable('key', this.#takeSlot(name), point)
    }
    return items.flatMap((item, index) => {
      const keySlot = this.#slots.get(names[index]!)
      this.#bytes.set(item.signature.subarray(POINT_ENCODED_BYTES), at.SCALAR)
      const s = this.#readNumber(at.SCALAR, 4)
      if (keySlot === undefined || !this.#isDecoded(index) || s >= ORDER) return []
      this.#makeTable('commitment', index, index)
      return [{ index, keySlot, s, k: this.#challenge(item) }]
    })
  }

  /** Those that hold, by halves where not all do. */
  #holding(these: readonly Readable[], search: Search, isKnownBad = false): readonly Readable[] {
    if (these.length === 0) return []
    if (!isKnownBad) {
      if (search.equationsLeft === 0) return []
      search.equationsLeft--
      if (this.#allHold(these)) return these
    }
    if (these.length === 1) return []
    const middle = these.length >> 1
    const first = this.#holding(these.slice(0, middle), search)
    // When all of one half hold, it is the other that made the whole fail.
    const rest = this.#holding(these.slice(middle), search, first.length === middle)
    return [...first, ...rest]
  }

  #allHold(these: readonly Readable[]): boolean {
    const random = crypto.getRandomValues(new BigUint64Array(2 * these.length))
    const keys = new Map<number, bigint>()
    let base = 0n
    let term = 0
    const addTerm = (scalar: bigint, table: number, bits: number) => {
      this.#writeScalar(scalar)
      this.#numbers[at.TABLES / 4 + term] = table
      this.#module.writeDigits(term++, bits)
    }
    this.#module.clearDigits()
    for (const [i, { index, keySlot, s, k }] of these.entries()) {
      const z = (random[2 * i]! << 64n) | random[2 * i + 1]!
      addTerm(z, tableAddress('commitment', index), at.WINDOWS.commitment.bits)
      keys.set(keySlot, (keys.get(keySlot) ?? 0n) + z * k)
      base += z * s
    }
    for (const [slot, scalar] of keys) addTerm(scalar % ORDER, tableAddress('key', slot), at.WINDOWS.key.bits)
    addTerm(ORDER - (base % ORDER), at.BASE_TABLE, at.WINDOWS.base.bits)
    return this.#module.isZeroTimesEight(term) === 1
  }

  #isDecoded(point: number): boolean {
    return this.#bytes[at.DECODED + point] === 1
  }

  #makeTable(kind: TableKind, place: number, point: number): void {
    const address = at.POINTS + point * at.POINT_BYTES
    this.#module.makeTable(tableAddress(kind, place), address, at.WINDOWS[kind].multiples)
  }

  /** null: it has none. Makes it the last to go. */
  #useSlot(name: string): number | null {
    const slot = this.#slots.get(name)
    if (slot === undefined) return null
    this.#slots.delete(name)
    this.#slots.set(name, slot)
    return slot
  }

  #takeSlot(name: string): number {
    let slot = this.#slots.size
    if (slot === at.KEY_SLOTS) {
      const [oldest, freed] = this.#slots.entries().next().value!
      this.#slots.delete(oldest)
      slot = freed
    }
    this.#slots.set(name, slot)
    return slot
  }

  #challenge({ publicKey, message, signature }: SignedMessage): bigint {
    const length = 2 * POINT_ENCODED_BYTES + message.length
    const blocks = Math.ceil((length + HASH_PADDING_BYTES) / HASH_BLOCK_BYTES)
    const end = at.MESSAGE + blocks * HASH_BLOCK_BYTES
    this.#bytes.set(signature.subarray(0, POINT_ENCODED_BYTES), at.MESSAGE)
    this.#bytes.set(publicKey, at.MESSAGE + POINT_ENCODED_BYTES)
    this.#bytes.set(message, at.MESSAGE + 2 * POINT_ENCODED_BYTES)
    this.#bytes.fill(0, at.MESSAGE + length, end)
    this.#bytes[at.MESSAGE + length] = 0x80
    this.#view.setUint32(end - 4, 8 * length)
    this.#module.sha512(blocks)
    return this.#readNumber(at.HASH, 8) % ORDER
  }

  #readNumber(address: number, words: number): bigint {
    let number = 0n
    for (let i = words - 1; i >= 0; i--) number = (number << 64n) | this.#words[address / 8 + i]!
    return number
  }

  #writeScalar(scalar: bigint): void {
    for (let i = 0; i < 4; i++) this.#words[at.SCALAR / 8 + i] = scalar >> BigInt(64 * i)
  }
}

function fromKnownHex(hex: string): Uint8Array<ArrayBuffer> {
  return fromHex(hex)! as Uint8Array<ArrayBuffer>
}

function tableAddress(kind: TableKind, place: number): number {
  return kind === 'key'
    ? at.KEY_TABLES + place * at.KEY_TABLE_BYTES
    : at.COMMITMENT_TABLES + place * at.COMMITMENT_TABLE_BYTES
}
