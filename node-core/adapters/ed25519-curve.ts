/**
 * Points of edwards25519 in the WebAssembly of scripts/ed25519: decoded, made tables of, added up. Whoever uses it leaves nothing in
 * it between two calls but tables of keys.
 */
import { assert } from '../lib/assert.ts'
import { fromHex } from '../lib/bytes.ts'
import * as at from './ed25519-layout.ts'
import { ED25519_MODULE } from './ed25519-module.ts'

/** y = 4/5, x even (RFC 8032, 5.1). */
const BASE_POINT = Uint8Array.of(0x58, ...new Uint8Array(31).fill(0x66))
const POINT_ENCODED_BYTES = 32
const HASH_BLOCK_BYTES = 128
/** After the message: a bit, and its length in 16 bytes. */
const HASH_PADDING_BYTES = 17
const FLOAT_BYTES = 8

/** What the module exports; its loops and addresses are in ed25519-layout.ts. */
interface Exports {
  readonly memory: WebAssembly.Memory
  /** The encoded points become points, an even number of them. */
  decode(points: number): void
  makeTable(table: number, point: number, multiples: number): void
  sha512(blocks: number): void
  clearDigits(): void
  writeDigits(term: number, bits: number): void
  /** Leaves it at SUM. */
  sum(terms: number): void
  isZeroTimesEight(terms: number): number
}

/** Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. Any numbers that are those modulo 2^255 − 19. */
export interface Coordinates {
  readonly X: bigint
  readonly Y: bigint
  readonly Z: bigint
  readonly T: bigint
}

/** One for each key that was met, one for each other point of a sum. */
type TableKind = 'key' | 'commitment'

export class Ed25519Curve {
  readonly #module: Exports
  readonly #bytes: Uint8Array
  readonly #words: BigUint64Array
  readonly #numbers: Uint32Array
  readonly #floats: Float64Array
  readonly #view: DataView
  #terms = 0

  private constructor(module: Exports) {
    this.#module = module
    this.#bytes = new Uint8Array(module.memory.buffer)
    this.#words = new BigUint64Array(module.memory.buffer)
    this.#numbers = new Uint32Array(module.memory.buffer)
    this.#floats = new Float64Array(module.memory.buffer)
    this.#view = new DataView(module.memory.buffer)
    this.decode([BASE_POINT])
    module.makeTable(at.BASE_TABLE, at.POINTS, at.WINDOWS.base.multiples)
  }

  /** Rejects where the platform has no WebAssembly SIMD or does not let it be used. */
  static async create(): Promise<Ed25519Curve> {
    const { instance } = await WebAssembly.instantiate(fromHex(ED25519_MODULE)! as Uint8Array<ArrayBuffer>)
    return new Ed25519Curve(instance.exports as unknown as Exports)
  }

  /** Points 0, 1, … from their 32 bytes, by the rules of ZIP-215. */
  decode(encoded: readonly Uint8Array[]): void {
    for (const [i, point] of encoded.entries())
      this.#bytes.set(point, at.ENCODED_POINTS + i * POINT_ENCODED_BYTES)
    this.#module.decode(encoded.length)
  }

  isDecoded(point: number): boolean {
    return this.#bytes[at.DECODED + point] === 1
  }

  readPoint(point: number): Coordinates {
    return this.#readAt(at.POINTS + point * at.POINT_BYTES)
  }

  writePoint(point: number, { X, Y, Z, T }: Coordinates): void {
    const address = at.POINTS + point * at.POINT_BYTES
    this.#writeElement(address, X)
    this.#writeElement(address + FLOAT_BYTES, Y)
    this.#writeElement(address + at.PAIR_BYTES, T)
    this.#writeElement(address + at.PAIR_BYTES + FLOAT_BYTES, Z)
  }

  makeTable(kind: TableKind, place: number, point: number): void {
    const address = at.POINTS + point * at.POINT_BYTES
    this.#module.makeTable(tableAddress(kind, place), address, at.WINDOWS[kind].multiples)
  }

  beginSum(): void {
    this.#terms = 0
    this.#module.clearDigits()
  }

  /** The scalar is below 2^253. */
  addTerm(scalar: bigint, kind: TableKind, place: number): void {
    this.#addTerm(scalar, tableAddress(kind, place), at.WINDOWS[kind].bits)
  }

  /** The scalar is below 2^253. */
  addBaseTerm(scalar: bigint): void {
    this.#addTerm(scalar, at.BASE_TABLE, at.WINDOWS.base.bits)
  }

  isZeroTimesEight(): boolean {
    return this.#module.isZeroTimesEight(this.#terms) === 1
  }

  sum(): Coordinates {
    this.#module.sum(this.#terms)
    return this.#readAt(at.SUM)
  }

  /** SHA-512 of the parts one after the other, at most LONGEST_MESSAGE_BYTES and two points, as a little-endian number. */
  hash(...parts: readonly Uint8Array[]): bigint {
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    const blocks = Math.ceil((length + HASH_PADDING_BYTES) / HASH_BLOCK_BYTES)
    const end = at.MESSAGE + blocks * HASH_BLOCK_BYTES
    assert(end <= at.BASE_TABLE, 'a message fits where it is hashed')
    let offset = at.MESSAGE
    for (const part of parts) {
      this.#bytes.set(part, offset)
      offset += part.length
    }
    this.#bytes.fill(0, offset, end)
    this.#bytes[offset] = 0x80
    this.#view.setUint32(end - 4, 8 * length)
    this.#module.sha512(blocks)
    return this.#readNumber(at.HASH, 8)
  }

  #addTerm(scalar: bigint, table: number, bits: number): void {
    for (let i = 0; i < 4; i++) this.#words[at.SCALAR / 8 + i] = scalar >> BigInt(64 * i)
    this.#numbers[at.TABLES / 4 + this.#terms] = table
    this.#module.writeDigits(this.#terms++, bits)
  }

  #readNumber(address: number, words: number): bigint {
    let number = 0n
    for (let i = words - 1; i >= 0; i--) number = (number << 64n) | this.#words[address / 8 + i]!
    return number
  }

  #readAt(address: number): Coordinates {
    return {
      X: this.#readElement(address),
      Y: this.#readElement(address + FLOAT_BYTES),
      T: this.#readElement(address + at.PAIR_BYTES),
      Z: this.#readElement(address + at.PAIR_BYTES + FLOAT_BYTES),
    }
  }

  #readElement(address: number): bigint {
    let element = 0n
    for (let limb = 0; limb < at.LIMBS; limb++)
      element += BigInt(this.#floats[(address + limb * at.LIMB_BYTES) / FLOAT_BYTES]!)
    return element
  }

  #writeElement(address: number, value: bigint): void {
    for (const [n, limb] of at.limbsOf(value).entries())
      this.#floats[(address + n * at.LIMB_BYTES) / FLOAT_BYTES] = limb
  }
}

function tableAddress(kind: TableKind, place: number): number {
  return kind === 'key'
    ? at.KEY_TABLES + place * at.KEY_TABLE_BYTES
    : at.COMMITMENT_TABLES + place * at.COMMITMENT_TABLE_BYTES
}
