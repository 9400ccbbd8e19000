/**
 * Nodes of a state tree in typed arrays: 72 bytes an inner node, 64 a leaf. A reference is one number.
 *
 * A node's hash stands in its parent: who walks down a path has the siblings' hashes on the way. PERF: in a tree of a million
 * leaves each is in no cache, and to fetch it from a record of its own was a quarter of a root.
 */
import { assert } from '../lib/assert.ts'
import { HASH_BYTES } from './proof.ts'

/** 0: nothing; else (index + 1) × 4 + staged × 2 + leaf. */
export type NodeRef = number
export const NOTHING: NodeRef = 0

/** Of a child: 0 where the bit is 0, 1 where it is 1. */
export type Side = 0 | 1

const LEAF = 1
const STAGED = 2
/** References are 32-bit: far above what memory holds. */
const MAXIMUM_NODES = 2 ** 29 - 2
const FIRST_CAPACITY = 64
const WORD_BYTES = 4
export const HASH_WORDS = HASH_BYTES / WORD_BYTES
export const PAIR_WORDS = 2 * HASH_WORDS
/** Two references, then the hashes of what they refer to. */
const INNER_WORDS = 2 + PAIR_WORDS
/** Key and value hash. */
const LEAF_BYTES = 2 * HASH_BYTES

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
  /** Words, for copies without a view on each; the bytes of hashes are as hashed. */
  #inner = new Uint32Array(INNER_WORDS * FIRST_CAPACITY)
  #innerBytes = new Uint8Array(this.#inner.buffer)
  #leaves = new Uint8Array(LEAF_BYTES * FIRST_CAPACITY)
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
    return this.#inner.byteLength + this.#leaves.byteLength
  }

  /** The hashes of its children are zero in a new place, and what they were in one that is used again. */
  addInner(left: NodeRef, right: NodeRef): NodeRef {
    const index = this.#freeInner.pop() ?? this.#innerCount++
    const start = INNER_WORDS * index
    if (start >= this.#inner.length) {
      this.#inner = grown(this.#inner, Uint32Array, INNER_WORDS)
      this.#innerBytes = new Uint8Array(this.#inner.buffer)
    }
    this.#inner[start] = left
    this.#inner[start + 1] = right
    return this.#ref(index, 0)
  }

  addLeaf(key: Uint8Array, valueHash: Uint8Array): NodeRef {
    const index = this.#freeLeaves.pop() ?? this.#leafCount++
    const start = LEAF_BYTES * index
    if (start >= this.#leaves.length) this.#leaves = grown(this.#leaves, Uint8Array, LEAF_BYTES)
    this.#leaves.set(key, start)
    this.#leaves.set(valueHash, start + HASH_BYTES)
    return this.#ref(index, LEAF)
  }

  /** The place may be used again by the next add. */
  free(ref: NodeRef): void {
    assert((ref & STAGED) === this.#flag, 'a node is freed in the store that holds it')
    ;(isLeaf(ref) ? this.#freeLeaves : this.#freeInner).push(indexOf(ref))
  }

  child(ref: NodeRef, side: Side): NodeRef {
    return this.#inner[INNER_WORDS * indexOf(ref) + side]!
  }

  /** 32 bytes, the caller's to keep. */
  childHash(ref: NodeRef, side: Side): Uint8Array {
    const start = WORD_BYTES * childWord(ref, side)
    return this.#innerBytes.slice(start, start + HASH_BYTES)
  }

  setChildHash(ref: NodeRef, side: Side, hash: Uint8Array): void {
    this.#innerBytes.set(hash, WORD_BYTES * childWord(ref, side))
  }

  /** The same from words at an offset. */
  setChildWords(ref: NodeRef, side: Side, source: Uint32Array, offset: number): void {
    const start = childWord(ref, side)
    for (let i = 0; i < HASH_WORDS; i++) this.#inner[start + i] = source[offset + i]!
  }

  /** Gives a child the hash that it has in another store's node, on the same side. */
  copyChildHash(ref: NodeRef, side: Side, from: NodeStore, fromRef: NodeRef): void {
    const [start, source] = [childWord(ref, side), childWord(fromRef, side)]
    for (let i = 0; i < HASH_WORDS; i++) this.#inner[start + i] = from.#inner[source + i]!
  }

  /** Both children's hashes, as words at an offset of the target. */
  copyPair(ref: NodeRef, target: Uint32Array, offset: number): void {
    const start = childWord(ref, 0)
    for (let i = 0; i < PAIR_WORDS; i++) target[offset + i] = this.#inner[start + i]!
  }

  setPair(ref: NodeRef, from: NodeStore, fromRef: NodeRef): void {
    from.copyPair(fromRef, this.#inner, childWord(ref, 0))
  }

  /** A view, gone stale at the next add: copy it to keep it. The same holds for `valueHash` and `leafContent`. */
  leafKey(ref: NodeRef): Uint8Array {
    const start = LEAF_BYTES * indexOf(ref)
    return this.#leaves.subarray(start, start + HASH_BYTES)
  }

  valueHash(ref: NodeRef): Uint8Array {
    const start = LEAF_BYTES * indexOf(ref) + HASH_BYTES
    return this.#leaves.subarray(start, start + HASH_BYTES)
  }

  /** Key ‖ value hash. */
  leafContent(ref: NodeRef): Uint8Array {
    const start = LEAF_BYTES * indexOf(ref)
    return this.#leaves.subarray(start, start + LEAF_BYTES)
  }

  /** The same nodes under the same references, apart from these. */
  copy(): NodeStore {
    const copy = new NodeStore(this.#flag === STAGED ? 'staged' : 'adopted')
    copy.#inner = this.#inner.slice()
    copy.#innerBytes = new Uint8Array(copy.#inner.buffer)
    copy.#leaves = this.#leaves.slice()
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

function childWord(ref: NodeRef, side: Side): number {
  return INNER_WORDS * indexOf(ref) + 2 + HASH_WORDS * side
}

/** Half as much again: doubling would waste up to half of the memory of a large state. */
function grown<A extends Uint8Array | Uint32Array>(
  array: A,
  Kind: new (length: number) => A,
  perNode: number,
): A {
  const larger = new Kind(perNode * Math.ceil((array.length / perNode) * 1.5))
  larger.set(array)
  return larger
}
