/** Nodes of a state tree in typed arrays: 40 bytes an inner node, 64 a leaf. A reference is one number. */
import { assert } from '../lib/assert.ts'
import { HASH_BYTES } from './proof.ts'

/** 0: nothing; else (index + 1) × 4 + staged × 2 + leaf. */
export type NodeRef = number
export const NOTHING: NodeRef = 0

const LEAF = 1
const STAGED = 2
/** References are 32-bit: far above what memory holds. */
const MAXIMUM_NODES = 2 ** 29 - 2
const FIRST_CAPACITY = 64
export const HASH_WORDS = HASH_BYTES / 4

export function isLeaf(ref: NodeRef): boolean {
  return (ref & LEAF) !== 0
}

/** The node belongs to a change that is not adopted. */
export function isStaged(ref: NodeRef): boolean {
  return (ref & STAGED) !== 0
}

export function indexOf(ref: NodeRef): number {
  return (ref >> 2) - 1
}

export class NodeStore {
  #children = new Int32Array(2 * FIRST_CAPACITY)
  /** Words, for copies without a view on each; the bytes are as hashed. */
  #hashes = new Uint32Array(HASH_WORDS * FIRST_CAPACITY)
  #leafKeys = new Uint8Array(HASH_BYTES * FIRST_CAPACITY)
  #valueHashes = new Uint8Array(HASH_BYTES * FIRST_CAPACITY)
  #innerCount = 0
  #leafCount = 0
  readonly #freeInner: number[] = []
  readonly #freeLeaves: number[] = []
  readonly #flag: number

  constructor(kind: 'adopted' | 'staged') {
    this.#flag = kind === 'staged' ? STAGED : 0
  }

  get innerCount(): number {
    return this.#innerCount - this.#freeInner.length
  }

  get leafCount(): number {
    return this.#leafCount - this.#freeLeaves.length
  }

  get allocatedBytes(): number {
    return [this.#children, this.#hashes, this.#leafKeys, this.#valueHashes].reduce(
      (sum, array) => sum + array.byteLength,
      0,
    )
  }

  /** Its hash is zero until `setHash`. */
  addInner(left: NodeRef, right: NodeRef): NodeRef {
    const index = this.#freeInner.pop() ?? this.#innerCount++
    if (2 * index >= this.#children.length) {
      this.#children = grown(this.#children, Int32Array, 2)
      this.#hashes = grown(this.#hashes, Uint32Array, HASH_WORDS)
    }
    this.#children[2 * index] = left
    this.#children[2 * index + 1] = right
    return this.#ref(index, 0)
  }

  addLeaf(key: Uint8Array, valueHash: Uint8Array): NodeRef {
    const index = this.#freeLeaves.pop() ?? this.#leafCount++
    if (HASH_BYTES * index >= this.#leafKeys.length) {
      this.#leafKeys = grown(this.#leafKeys, Uint8Array, HASH_BYTES)
      this.#valueHashes = grown(this.#valueHashes, Uint8Array, HASH_BYTES)
    }
    this.#leafKeys.set(key, HASH_BYTES * index)
    this.#valueHashes.set(valueHash, HASH_BYTES * index)
    return this.#ref(index, LEAF)
  }

  /** The place may be used again by the next add. */
  free(ref: NodeRef): void {
    assert((ref & STAGED) === this.#flag, 'a node is freed in the store that holds it')
    ;(isLeaf(ref) ? this.#freeLeaves : this.#freeInner).push(indexOf(ref))
  }

  left(ref: NodeRef): NodeRef {
    return this.#children[2 * indexOf(ref)]!
  }

  right(ref: NodeRef): NodeRef {
    return this.#children[2 * indexOf(ref) + 1]!
  }

  /** Of an inner node, as words at `offset` of the target. */
  copyHash(ref: NodeRef, target: Uint32Array, offset: number): void {
    const start = HASH_WORDS * indexOf(ref)
    for (let i = 0; i < HASH_WORDS; i++) target[offset + i] = this.#hashes[start + i]!
  }

  setHash(ref: NodeRef, source: Uint32Array, offset: number): void {
    const start = HASH_WORDS * indexOf(ref)
    for (let i = 0; i < HASH_WORDS; i++) this.#hashes[start + i] = source[offset + i]!
  }

  hash(ref: NodeRef): Uint8Array {
    const words = new Uint32Array(HASH_WORDS)
    this.copyHash(ref, words, 0)
    return new Uint8Array(words.buffer)
  }

  /** A view, gone stale at the next add: copy it to keep it. The same holds for `valueHash`. */
  leafKey(ref: NodeRef): Uint8Array {
    return view(this.#leafKeys, ref)
  }

  valueHash(ref: NodeRef): Uint8Array {
    return view(this.#valueHashes, ref)
  }

  /** The same nodes under the same references, apart from these. */
  copy(): NodeStore {
    const copy = new NodeStore(this.#flag === STAGED ? 'staged' : 'adopted')
    copy.#children = this.#children.slice()
    copy.#hashes = this.#hashes.slice()
    copy.#leafKeys = this.#leafKeys.slice()
    copy.#valueHashes = this.#valueHashes.slice()
    copy.#innerCount = this.#innerCount
    copy.#leafCount = this.#leafCount
    copy.#freeInner.push(...this.#freeInner)
    copy.#freeLeaves.push(...this.#freeLeaves)
    return copy
  }

  #ref(index: number, flags: number): NodeRef {
    assert(index < MAXIMUM_NODES, 'node references fit in 32 bits')
    return ((index + 1) << 2) | this.#flag | flags
  }
}

function view(array: Uint8Array, ref: NodeRef): Uint8Array {
  const start = HASH_BYTES * indexOf(ref)
  return array.subarray(start, start + HASH_BYTES)
}

/** Half as much again: doubling would waste up to half of the memory of a large state. */
function grown<A extends Uint8Array | Int32Array | Uint32Array>(
  array: A,
  Kind: new (length: number) => A,
  perNode: number,
): A {
  const larger = new Kind(perNode * Math.ceil((array.length / perNode) * 1.5))
  larger.set(array)
  return larger
}
