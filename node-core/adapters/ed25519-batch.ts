/**
 * Ed25519 signatures verified together, by the rules of ZIP-215: 8 (Σ z s) B = 8 Σ z R + 8 Σ (z k) A with a random z of 128 bits for
 * each signature holds for good ones always, and for a bad one among them once in 2^128. Eight times, since keys and R may have a
 * part of small order: with it, together and alone have one answer. The arithmetic is the WebAssembly of scripts/ed25519.
 */
import { assert } from '../lib/assert.ts'
import { fromHex, littleEndian, toHex } from '../lib/bytes.ts'
import { Ed25519Curve } from './ed25519-curve.ts'
import { BATCH_SIGNATURES, KEY_SLOTS } from './ed25519-layout.ts'

export interface SignedMessage {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** The order of the base point. */
const ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n
const POINT_ENCODED_BYTES = 32

/** RFC 8032, 7.1, test 1: of the empty message. */
const KNOWN_KEY = '0xd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const KNOWN_SIGNATURE =
  '0xe5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'

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

export class Ed25519Batch {
  /** Others may use it between two batches. */
  readonly curve: Ed25519Curve
  /** Slots of the keys whose tables are made; the one to go first is first. */
  readonly #slots = new Map<string, number>()

  private constructor(curve: Ed25519Curve) {
    this.curve = curve
  }

  /** Rejects where the platform has no WebAssembly SIMD, does not let it be used, or does not count right with it. */
  static async create(): Promise<Ed25519Batch> {
    const batch = new Ed25519Batch(await Ed25519Curve.create())
    const good = {
      publicKey: fromHex(KNOWN_KEY)!,
      message: new Uint8Array(0),
      signature: fromHex(KNOWN_SIGNATURE)!,
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
    assert(items.length <= BATCH_SIGNATURES, 'a batch is not larger than its tables')
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
    this.curve.decode(points)
    for (const [i, name] of newKeys.entries()) {
      const point = items.length + i
      if (this.curve.isDecoded(point)) this.curve.makeTable('key', this.#takeSlot(name), point)
    }
    return items.flatMap((item, index) => {
      const keySlot = this.#slots.get(names[index]!)
      const s = littleEndian(item.signature.subarray(POINT_ENCODED_BYTES))
      if (keySlot === undefined || !this.curve.isDecoded(index) || s >= ORDER) return []
      this.curve.makeTable('commitment', index, index)
      const commitment = item.signature.subarray(0, POINT_ENCODED_BYTES)
      const k = this.curve.hash(commitment, item.publicKey, item.message) % ORDER
      return [{ index, keySlot, s, k }]
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
    this.curve.beginSum()
    for (const [i, { index, keySlot, s, k }] of these.entries()) {
      const z = (random[2 * i]! << 64n) | random[2 * i + 1]!
      this.curve.addTerm(z, 'commitment', index)
      keys.set(keySlot, (keys.get(keySlot) ?? 0n) + z * k)
      base += z * s
    }
    for (const [slot, scalar] of keys) this.curve.addTerm(scalar % ORDER, 'key', slot)
    this.curve.addBaseTerm(ORDER - (base % ORDER))
    return this.curve.isZeroTimesEight()
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
    if (slot === KEY_SLOTS) {
      const [oldest, freed] = this.#slots.entries().next().value!
      this.#slots.delete(oldest)
      slot = freed
    }
    this.#slots.set(name, slot)
    return slot
  }
}
