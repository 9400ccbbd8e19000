/**
 * Parts of a state that prove themselves. A region is all keys whose hash begins with the same bits; a chunk is a region's
 * records with the edges that join it to the root, so that a wrong one is known by itself, whoever sent the others.
 *   chunk = edges ‖ frames, the frames of pages.ts in the order of their key hashes
 *   edges = depth u8 ‖ start u32 ‖ siblings u8 ‖ 32 bytes each ‖ leaf u8 (0, or 1 ‖ key ‖ value hash)
 * Integers are big-endian. Hashing and shape of the tree: proof.ts.
 */
import { digest } from '@chainsafe/as-sha256'
import { assert } from '../lib/assert.ts'
import { compareBytes, concatBytes, equalBytes } from '../lib/bytes.ts'
import { encodeFrames, type RecordBytes, readFrames } from './pages.ts'
import { bitAt, EMPTY_HASH, HASH_BYTES, leafHash, nodeHash, sharedBits } from './proof.ts'

/** Key hashes whose first `depth` bits are those of `start`. */
export interface Region {
  /** The first 32 bits of the first hash; bits from `depth` on are zero. */
  readonly start: number
  /** 0: all keys. */
  readonly depth: number
}

export interface RegionEdges {
  /** Another region's only record, when the path ends at it: then this region is empty. */
  readonly leaf: { readonly key: Uint8Array; readonly valueHash: Uint8Array } | null
  /** From where the path ends up to the root, 32 bytes each. */
  readonly siblings: readonly Uint8Array[]
}

export interface Chunk {
  readonly region: Region
  /** In the order of their key hashes. */
  readonly records: readonly RecordBytes[]
  readonly edges: RegionEdges
}

/** Bits that tell regions apart. */
export const REGION_BITS = 32
const FIXED_BYTES = 1 + 4 + 1

/** What a region's records are as a subtree: its hash, and how many they are. */
export interface RegionContent {
  readonly hash: Uint8Array
  readonly count: number
}

/** Records of one region in the order of their key hashes. null: a record is not of the region, or out of order. */
export function regionContent(region: Region, records: readonly RecordBytes[]): RegionContent | null {
  const leaves = records.map(({ key, value }) => ({ key: digest(key), valueHash: digest(value) }))
  for (let i = 0; i < leaves.length; i++) {
    if (!isInRegion(leaves[i]!.key, region)) return null
    if (i > 0 && compareBytes(leaves[i - 1]!.key, leaves[i]!.key) >= 0) return null
  }
  return { hash: subtreeHash(leaves, 0, leaves.length, region.depth), count: leaves.length }
}

/** Whether a region of this content hangs in the tree of this root. */
export function regionFits(
  root: Uint8Array,
  region: Region,
  content: RegionContent,
  edges: RegionEdges,
): boolean {
  const ends = edges.siblings.length
  if (ends > region.depth || (content.count > 1 && ends !== region.depth)) return false
  let hash = content.hash
  if (edges.leaf) {
    const { key, valueHash } = edges.leaf
    const stranger = content.count === 0 && !isInRegion(key, region)
    if (!stranger || sharedBits(key, firstHash(region)) < ends) return false
    hash = leafHash(key, valueHash)
  }
  for (let i = 0; i < ends; i++) {
    const sibling = edges.siblings[i]!
    hash = regionBit(region, ends - 1 - i) === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
  }
  return equalBytes(hash, root)
}

export function encodeChunk({ region, records, edges }: Chunk): Uint8Array {
  return concatBytes(encodeEdges(region, edges), encodeFrames(records))
}

/** Any bytes; null: not a chunk of the state with this root. */
export function readChunk(bytes: Uint8Array, root: Uint8Array): (Chunk & RegionContent) | null {
  const head = readEdges(bytes)
  const records = head && readFrames(bytes.subarray(head.size))
  const content = head && records && regionContent(head.region, records)
  if (!content || !regionFits(root, head.region, content, head.edges)) return null
  return { region: head.region, edges: head.edges, records, ...content }
}

export function encodeEdges(region: Region, { leaf, siblings }: RegionEdges): Uint8Array {
  assert(siblings.length <= region.depth, 'a path ends at its region or above')
  const head = new Uint8Array(FIXED_BYTES)
  const view = new DataView(head.buffer)
  view.setUint8(0, region.depth)
  view.setUint32(1, region.start)
  view.setUint8(5, siblings.length)
  return concatBytes(
    head,
    ...siblings,
    ...(leaf ? [Uint8Array.of(1), leaf.key, leaf.valueHash] : [Uint8Array.of(0)]),
  )
}

/** `size`: bytes that the edges took. null: not edges. */
export function readEdges(
  bytes: Uint8Array,
): { readonly region: Region; readonly edges: RegionEdges; readonly size: number } | null {
  if (bytes.length < FIXED_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const region = { depth: view.getUint8(0), start: view.getUint32(1) }
  const count = view.getUint8(5)
  const leafAt = FIXED_BYTES + HASH_BYTES * count
  if (!isRegion(region) || count > region.depth || bytes.length <= leafAt) return null
  const siblings: Uint8Array[] = []
  for (let at = FIXED_BYTES; at < leafAt; at += HASH_BYTES) siblings.push(bytes.slice(at, at + HASH_BYTES))
  const flag = bytes[leafAt]!
  if (flag > 1) return null
  const size = leafAt + 1 + (flag === 1 ? 2 * HASH_BYTES : 0)
  if (bytes.length < size) return null
  const leaf =
    flag === 0
      ? null
      : {
          key: bytes.slice(leafAt + 1, leafAt + 1 + HASH_BYTES),
          valueHash: bytes.slice(leafAt + 1 + HASH_BYTES, size),
        }
  return { region, edges: { leaf, siblings }, size }
}

export function isRegion({ start, depth }: Region): boolean {
  return depth <= REGION_BITS && Number.isInteger(start) && start >= 0 && start % sizeOf(depth) === 0
}

/** The two halves of a region. */
export function halvesOf({ start, depth }: Region): [Region, Region] {
  assert(depth < REGION_BITS, 'the smallest region has no halves')
  return [
    { start, depth: depth + 1 },
    { start: start + sizeOf(depth + 1), depth: depth + 1 },
  ]
}

/** What of a region is left when a part at its beginning is taken away, largest parts last. */
export function restOf(whole: Region, part: Region): Region[] {
  const rest: Region[] = []
  for (let region = whole; region.depth < part.depth; ) {
    const [low, high] = halvesOf(region)
    rest.unshift(high)
    region = low
  }
  return rest
}

/** The first start after the region; 2^32 after the last one. */
export function endOf({ start, depth }: Region): number {
  return start + sizeOf(depth)
}

/** Share of all keys that it takes in, 0 to 1. Hashes are uniform, so it is the share of the records as well. */
export function shareOf({ depth }: Region): number {
  return 2 ** -depth
}

export function isInRegion(keyHash: Uint8Array, { start, depth }: Region): boolean {
  const prefix = prefixOf(keyHash)
  return prefix >= start && prefix < start + sizeOf(depth)
}

export function regionBit({ start }: Region, depth: number): number {
  return (start >>> (REGION_BITS - 1 - depth)) & 1
}

function sizeOf(depth: number): number {
  return 2 ** (REGION_BITS - depth)
}

function firstHash({ start }: Region): Uint8Array {
  const hash = new Uint8Array(HASH_BYTES)
  new DataView(hash.buffer).setUint32(0, start)
  return hash
}

/** The first 32 bits. */
export function prefixOf(hash: Uint8Array): number {
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0)
}

interface Leaf {
  readonly key: Uint8Array
  readonly valueHash: Uint8Array
}

function subtreeHash(leaves: readonly Leaf[], from: number, to: number, depth: number): Uint8Array {
  if (from === to) return EMPTY_HASH
  if (to - from === 1) return leafHash(leaves[from]!.key, leaves[from]!.valueHash)
  let middle = from
  while (middle < to && bitAt(leaves[middle]!.key, depth) === 0) middle++
  return nodeHash(subtreeHash(leaves, from, middle, depth + 1), subtreeHash(leaves, middle, to, depth + 1))
}
