/**
 * The sparse Merkle tree behind stateRoot (shape and hashing: proof.ts).
 *
 * A batch of writes is staged: the nodes it makes go to a store of their own and refer to the tree's for all that stays. The
 * tree is untouched until the change is adopted, so competing changes can be staged on one tree; adopting one makes the
 * others stale. Adoption copies the staged nodes into the places of those they replace and hashes nothing.
 */
import { hashInto } from '@chainsafe/as-sha256'
import { assert } from '../lib/assert.ts'
import { compareBytes, equalBytes } from '../lib/bytes.ts'
import {
  HASH_WORDS,
  indexOf,
  isLeaf,
  isStaged,
  NOTHING,
  type NodeRef,
  NodeStore,
  PAIR_WORDS,
  type Side,
} from './node-store.ts'
import { bitAt, EMPTY_HASH, HASH_BYTES, KEY_BITS, leafContentHash, type StateProof } from './proof.ts'
import { isInRegion, type Region, type RegionEdges, regionBit } from './region.ts'

export interface TreeWrite {
  /** 32 bytes, the hash of a record key. */
  readonly key: Uint8Array
  /** SHA-256 of the value; null deletes. */
  readonly valueHash: Uint8Array | null
}

export interface TreeChange {
  readonly root: Uint8Array
  readonly staged: NodeStore
  readonly rootRef: NodeRef
  /** Of the tree that the change was staged on. */
  readonly version: number
  /** Nodes of the tree that the change replaces. */
  readonly replaced: readonly NodeRef[]
  /** Staged nodes, children before parents. */
  readonly created: readonly NodeRef[]
}

export class StateTree {
  #nodes = new NodeStore('adopted')
  #rootRef: NodeRef = NOTHING
  #root: Uint8Array = EMPTY_HASH
  #version = 0

  /** 32 bytes. */
  get root(): Uint8Array {
    return this.#root
  }

  get leafCount(): number {
    return this.#nodes.leafCount
  }

  get allocatedBytes(): number {
    return this.#nodes.allocatedBytes
  }

  /** The root that the tree would have after the writes. Each key at most once. */
  stage(writes: readonly TreeWrite[]): TreeChange {
    const batch = new Batch(this.#nodes)
    const sorted = inKeyOrder(writes)
    const rootRef = batch.apply(this.#rootRef, sorted)
    return { ...batch.finish(rootRef, this.#root, this.#rootRef), rootRef, version: this.#version }
  }

  adopt(change: TreeChange): void {
    assert(change.version === this.#version, 'a change is adopted on the tree it was staged on')
    for (const ref of change.replaced) this.#nodes.free(ref)
    /** By staged index: where the node is now. */
    const inner: NodeRef[] = []
    const leaves: NodeRef[] = []
    const settled = (ref: NodeRef): NodeRef =>
      isStaged(ref) ? (isLeaf(ref) ? leaves : inner)[indexOf(ref)]! : ref
    const { staged } = change
    for (const ref of change.created) {
      if (isLeaf(ref)) leaves[indexOf(ref)] = this.#nodes.addLeaf(staged.leafKey(ref), staged.valueHash(ref))
      else {
        const place = this.#nodes.addInner(settled(staged.child(ref, 0)), settled(staged.child(ref, 1)))
        this.#nodes.setPair(place, staged, ref)
        inner[indexOf(ref)] = place
      }
    }
    this.#rootRef = settled(change.rootRef)
    this.#root = change.root
    this.#version++
  }

  /** Of the adopted tree; the caller adds the value where `leaf.key` is the key. */
  prove(key: Uint8Array): Pick<StateProof, 'leaf' | 'siblings'> {
    const siblings: Uint8Array[] = []
    let ref = this.#rootRef
    for (let depth = 0; ref !== NOTHING && !isLeaf(ref); depth++) {
      const side: Side = bitAt(key, depth) === 1 ? 1 : 0
      siblings.push(this.#nodes.childHash(ref, other(side)))
      ref = this.#nodes.child(ref, side)
    }
    const leaf =
      ref === NOTHING
        ? null
        : { key: this.#nodes.leafKey(ref).slice(), valueHash: this.#nodes.valueHash(ref).slice() }
    return { leaf, siblings: siblings.reverse() }
  }

  /** What a region holds, as one hash, and where it hangs in the tree. */
  region(region: Region): { readonly hash: Uint8Array; readonly edges: RegionEdges } {
    const siblings: Uint8Array[] = []
    let [ref, hash] = [this.#rootRef, this.#root]
    for (let depth = 0; depth < region.depth && ref !== NOTHING && !isLeaf(ref); depth++) {
      const side: Side = regionBit(region, depth) === 1 ? 1 : 0
      siblings.push(this.#nodes.childHash(ref, other(side)))
      hash = this.#nodes.childHash(ref, side)
      ref = this.#nodes.child(ref, side)
    }
    siblings.reverse()
    if (ref !== NOTHING && isLeaf(ref) && !isInRegion(this.#nodes.leafKey(ref), region)) {
      const leaf = {
        key: this.#nodes.leafKey(ref).slice(),
        valueHash: this.#nodes.valueHash(ref).slice(),
      }
      return { hash: EMPTY_HASH, edges: { leaf, siblings } }
    }
    return { hash, edges: { leaf: null, siblings } }
  }

  /** The same tree, apart from this one: it stays as it is while this one changes. Cost: one copy of its arrays. */
  copy(): StateTree {
    const copy = new StateTree()
    copy.#nodes = this.#nodes.copy()
    copy.#rootRef = this.#rootRef
    copy.#root = this.#root
    return copy
  }
}

function other(side: Side): Side {
  return side === 0 ? 1 : 0
}

interface Item {
  readonly key: Uint8Array
  /** A leaf that is there already, or the hash of a new one's value. */
  readonly content: NodeRef | Uint8Array
}

/** One staging: builds the nodes first, then hashes them level by level, so that each is hashed once and in bulk. */
class Batch {
  readonly #base: NodeStore
  readonly #staged = new NodeStore('staged')
  readonly #replaced: NodeRef[] = []
  readonly #created: NodeRef[] = []
  readonly #createdLeaves: NodeRef[] = []
  /** By staged index: the node that holds the hash and, in its lowest bit, on which side; undefined: that of the root. */
  readonly #holderOfLeaf: number[] = []
  readonly #holderOfInner: number[] = []
  /** Inner nodes by the longest way down through staged inner nodes: level n needs only those below n. */
  readonly #levels: NodeRef[][] = []
  readonly #levelOf: number[] = []

  constructor(base: NodeStore) {
    this.#base = base
  }

  apply(root: NodeRef, sorted: readonly TreeWrite[]): NodeRef {
    for (let i = 0; i < sorted.length; i++) {
      assert(sorted[i]!.key.length === HASH_BYTES, 'a key is 32 bytes')
      assert(i === 0 || !equalBytes(sorted[i - 1]!.key, sorted[i]!.key), 'a key is written once in a batch')
    }
    return this.#update(root, sorted, 0, sorted.length, 0)
  }

  finish(
    rootRef: NodeRef,
    oldRoot: Uint8Array,
    oldRootRef: NodeRef,
  ): Pick<TreeChange, 'root' | 'staged' | 'replaced' | 'created'> {
    const root = rootRef === oldRootRef ? oldRoot : this.#hashTo(rootRef)
    return { root, staged: this.#staged, replaced: this.#replaced, created: this.#created }
  }

  /** What stands at `ref` (depth `depth`) after writes from..to, all of which lie below it. */
  #update(ref: NodeRef, writes: readonly TreeWrite[], from: number, to: number, depth: number): NodeRef {
    if (from === to) return ref
    if (ref === NOTHING || isLeaf(ref)) {
      const items = this.#itemsAt(ref, writes, from, to)
      return this.#build(items, 0, items.length, depth)
    }
    const middle = splitPoint(writes, from, to, depth)
    const [oldLeft, oldRight] = [this.#base.child(ref, 0), this.#base.child(ref, 1)]
    const left = this.#update(oldLeft, writes, from, middle, depth + 1)
    const right = this.#update(oldRight, writes, middle, to, depth + 1)
    if (left === oldLeft && right === oldRight) return ref
    this.#replaced.push(ref)
    return this.#join(left, right, ref)
  }

  /** The writes that put something, and the leaf at `ref` if it stays as it is, in key order. */
  #itemsAt(ref: NodeRef, writes: readonly TreeWrite[], from: number, to: number): Item[] {
    const items: Item[] = []
    const leafKey = ref === NOTHING ? null : this.#base.leafKey(ref)
    let pending = leafKey !== null
    for (let i = from; i < to; i++) {
      const { key, valueHash } = writes[i]!
      const order = pending ? compareBytes(key, leafKey!) : -1
      if (order === 0) {
        pending = false
        const same = valueHash !== null && equalBytes(valueHash, this.#base.valueHash(ref))
        if (same) items.push({ key, content: ref })
        else this.#replaced.push(ref)
        if (same) continue
      } else if (order > 0) {
        pending = false
        items.push({ key: leafKey!, content: ref })
      }
      if (valueHash !== null) items.push({ key, content: valueHash })
    }
    if (pending) items.push({ key: leafKey!, content: ref })
    return items
  }

  #build(items: readonly Item[], from: number, to: number, depth: number): NodeRef {
    if (from === to) return NOTHING
    if (to - from === 1) return this.#leaf(items[from]!)
    assert(depth < KEY_BITS, 'two keys differ in some bit')
    const middle = splitPoint(items, from, to, depth)
    const left = this.#build(items, from, middle, depth + 1)
    return this.#inner(left, this.#build(items, middle, to, depth + 1), NOTHING)
  }

  /** A leaf left alone moves up; two sides, or one that holds several leaves, need a node. */
  #join(left: NodeRef, right: NodeRef, replaced: NodeRef): NodeRef {
    if (left === NOTHING && (right === NOTHING || isLeaf(right))) return right
    if (right === NOTHING && isLeaf(left)) return left
    return this.#inner(left, right, replaced)
  }

  #leaf({ key, content }: Item): NodeRef {
    if (typeof content === 'number') return content
    const ref = this.#staged.addLeaf(key, content)
    this.#created.push(ref)
    this.#createdLeaves.push(ref)
    return ref
  }

  /** `replaced`: the node of the tree that stood here, which knows the hashes of the children that stay. */
  #inner(left: NodeRef, right: NodeRef, replaced: NodeRef): NodeRef {
    const ref = this.#staged.addInner(left, right)
    const level = Math.max(this.#level(left), this.#level(right)) + 1
    this.#levelOf[indexOf(ref)] = level
    this.#levels[level] ??= []
    this.#levels[level].push(ref)
    this.#created.push(ref)
    this.#placeHash(ref, 0, left, replaced)
    this.#placeHash(ref, 1, right, replaced)
    return ref
  }

  /** Puts the hash of a child into its parent, or remembers that it belongs there. */
  #placeHash(parent: NodeRef, side: Side, child: NodeRef, replaced: NodeRef): void {
    if (child === NOTHING) return
    if (isStaged(child)) {
      const holders = isLeaf(child) ? this.#holderOfLeaf : this.#holderOfInner
      holders[indexOf(child)] = 2 * parent + side
    } else if (replaced !== NOTHING && this.#base.child(replaced, side) === child)
      this.#staged.copyChildHash(parent, side, this.#base, replaced)
    else this.#staged.setChildHash(parent, side, leafContentHash(this.#base.leafContent(child)))
  }

  #level(ref: NodeRef): number {
    return isStaged(ref) && !isLeaf(ref) ? this.#levelOf[indexOf(ref)]! : -1
  }

  /** Hashes all that was staged, from below, each into its parent; returns the hash of the root. */
  #hashTo(rootRef: NodeRef): Uint8Array {
    if (rootRef === NOTHING) return EMPTY_HASH
    if (isLeaf(rootRef))
      return leafContentHash((isStaged(rootRef) ? this.#staged : this.#base).leafContent(rootRef))
    for (const ref of this.#createdLeaves) {
      const holder = this.#holderOfLeaf[indexOf(ref)]!
      this.#staged.setChildHash(holder >>> 1, sideOf(holder), leafContentHash(this.#staged.leafContent(ref)))
    }
    let hashes = new Uint32Array(0)
    for (const level of this.#levels) hashes = this.#hashLevel(level)
    return new Uint8Array(hashes.buffer)
  }

  /** PERF: four hashes at a time by SIMD; words are copied without views, which halves the time. */
  #hashLevel(level: readonly NodeRef[]): Uint32Array<ArrayBuffer> {
    const input = new Uint32Array(PAIR_WORDS * level.length)
    const output = new Uint32Array(HASH_WORDS * level.length)
    for (let i = 0; i < level.length; i++) this.#staged.copyPair(level[i]!, input, PAIR_WORDS * i)
    hashInto(new Uint8Array(input.buffer), new Uint8Array(output.buffer))
    for (let i = 0; i < level.length; i++) {
      const holder = this.#holderOfInner[indexOf(level[i]!)]
      if (holder !== undefined)
        this.#staged.setChildWords(holder >>> 1, sideOf(holder), output, HASH_WORDS * i)
    }
    return output
  }
}

function sideOf(holder: number): Side {
  return (holder & 1) as Side
}

/** PERF: the first 4 bytes, as a number, tell nearly all keys apart: 3 times faster than comparing bytes. */
function inKeyOrder(writes: readonly TreeWrite[]): TreeWrite[] {
  const prefixed = writes.map((write) => ({ write, prefix: firstWord(write.key) }))
  prefixed.sort((a, b) => a.prefix - b.prefix || compareBytes(a.write.key, b.write.key))
  return prefixed.map(({ write }) => write)
}

function firstWord(key: Uint8Array): number {
  return ((key[0]! << 24) | (key[1]! << 16) | (key[2]! << 8) | key[3]!) >>> 0
}

/** The first of from..to whose key has a 1 at the depth. They are in key order and agree above it. */
function splitPoint(
  keyed: readonly { readonly key: Uint8Array }[],
  from: number,
  to: number,
  depth: number,
): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >> 1
    if (bitAt(keyed[middle]!.key, depth) === 1) high = middle
    else low = middle + 1
  }
  return low
}
