/**
 * Packed pages: how the state is stored. A page holds the records whose key hashes share a prefix, about 4 KB of them, so
 * that a block's changes are a few large values instead of thousands of small ones.
 *
 * Pages tile the space of key hashes by their first 32 bits. A page that grows past PAGE_BYTES is split in two at the next
 * bit: the lower half keeps the page's key, the upper half is a new page, so splitting never deletes. Pages are not merged.
 *   page = version 1 ‖ depth u8 ‖ start u32 ‖ count u32 ‖ count × (key length u8 ‖ key ‖ value length u32 ‖ value) ‖ SHA-256
 * Integers are big-endian; the hash is over all before it.
 */
import { digest } from '@chainsafe/as-sha256'
import { assert } from '../lib/assert.ts'
import { equalBytes } from '../lib/bytes.ts'
import { keyBytes, type StateKey } from './keys.ts'

export interface StatePage {
  /** 4 bytes: where the page starts. The bytes say it too. */
  readonly key: Uint8Array
  readonly bytes: Uint8Array
}

/** A page of more bytes is split, unless it holds one record alone. */
export const PAGE_BYTES = 4_096
/** A page of more records is split without looking: it would be too large. */
const PAGE_RECORDS = 128
/** Bits of a key hash that tell pages apart. */
const START_BITS = 32
const VERSION = 1
const HEADER_BYTES = 10
const CHECKSUM_BYTES = 32

interface PageLeaf {
  readonly depth: number
  readonly start: number
  /** With the first 32 bits of their hashes. */
  readonly keys: Map<StateKey<unknown>, number>
}

interface PageFork {
  readonly depth: number
  readonly low: PageNode
  readonly high: PageNode
}

type PageNode = PageLeaf | PageFork

/** Which records are in which page. The records themselves are the caller's. */
export class PageIndex {
  #top: PageNode = { depth: 0, start: 0, keys: new Map() }
  readonly #dirty = new Set<PageLeaf>()

  /** The record was written or deleted: its page is to be stored again. */
  touch(key: StateKey<unknown>, hash: Uint8Array, present: boolean): void {
    const prefix = prefixOf(hash)
    const page = leafAt(this.#top, prefix)
    if (present) page.keys.set(key, prefix)
    else page.keys.delete(key)
    this.#dirty.add(page)
  }

  /** Pages touched since the last call, split where they are too large. `encode` gives a record's bytes. */
  flush(encode: (key: StateKey<unknown>) => Uint8Array): StatePage[] {
    const pages: StatePage[] = []
    for (const page of this.#dirty) this.#store(page, encode, pages)
    this.#dirty.clear()
    return pages
  }

  #store(page: PageLeaf, encode: (key: StateKey<unknown>) => Uint8Array, pages: StatePage[]): void {
    const mayStay = page.keys.size <= PAGE_RECORDS || page.depth === START_BITS
    const bytes = mayStay ? encodePage(page, encode) : null
    const isSmall = bytes && bytes.length <= PAGE_BYTES
    if (bytes && (isSmall || page.keys.size <= 1 || page.depth === START_BITS)) {
      pages.push({ key: u32(page.start), bytes })
      return
    }
    const [low, high] = split(page)
    this.#top = replaced(this.#top, page.start, { depth: page.depth, low, high })
    this.#store(low, encode, pages)
    this.#store(high, encode, pages)
  }

  /** Where the pages start that are stored by now, in order. */
  starts(): number[] {
    const starts: number[] = []
    const visit = (node: PageNode): void => {
      if ('low' in node) {
        visit(node.low)
        visit(node.high)
      } else starts.push(node.start)
    }
    visit(this.#top)
    return starts
  }

  /** The index of pages read back. null: they do not tile the space. */
  static restore(pages: readonly ReadPage[]): PageIndex | null {
    const leaves = pages
      .map(({ depth, start, records }) => ({
        depth,
        start,
        keys: new Map(records.map(({ key, keyHash }) => [key, prefixOf(keyHash)])),
      }))
      .sort((a, b) => a.start - b.start)
    const top = assemble(leaves, 0, 0)
    if (!top || top.used !== leaves.length) return null
    const index = new PageIndex()
    index.#top = top.node
    return index
  }
}

export interface ReadRecord {
  readonly key: StateKey<unknown>
  readonly value: unknown
  readonly keyHash: Uint8Array
  readonly bytes: Uint8Array
}

export interface ReadPage {
  readonly depth: number
  readonly start: number
  readonly records: readonly ReadRecord[]
}

export interface FramedPage {
  readonly depth: number
  readonly start: number
  readonly records: readonly RecordBytes[]
}

export interface RecordBytes {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** Reads a page's frame and checks its hash; the records are not looked into. null: damaged. */
export function framePage(bytes: Uint8Array): FramedPage | null {
  const end = bytes.length - CHECKSUM_BYTES
  if (end < HEADER_BYTES || !equalBytes(digest(bytes.subarray(0, end)), bytes.subarray(end))) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, end)
  const [depth, start] = [view.getUint8(1), view.getUint32(2)]
  if (view.getUint8(0) !== VERSION || depth > START_BITS) return null
  const records = readFrames(bytes.subarray(HEADER_BYTES, end))
  return records?.length === view.getUint32(6) ? { depth, start, records } : null
}

/** Reads a page; `readRecord` gives null for a record that it does not know. null: damaged. */
export function readPage(
  bytes: Uint8Array,
  readRecord: (key: Uint8Array, value: Uint8Array) => ReadRecord | null,
): ReadPage | null {
  const page = framePage(bytes)
  if (!page) return null
  const { depth, start } = page
  const records: ReadRecord[] = []
  for (const { key, value } of page.records) {
    const record = readRecord(key, value)
    if (!record || !covers(depth, start, prefixOf(record.keyHash))) return null
    records.push(record)
  }
  const distinct = new Set(records.map(({ key }) => key)).size === records.length
  return distinct ? { depth, start, records } : null
}

/** key length u8 ‖ key ‖ value length u32 ‖ value, one after the other. */
export function encodeFrames(records: readonly RecordBytes[]): Uint8Array {
  const size = records.reduce((sum, { key, value }) => sum + 1 + key.length + 4 + value.length, 0)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const { key, value } of records) {
    bytes[offset] = key.length
    bytes.set(key, offset + 1)
    offset += 1 + key.length
    view.setUint32(offset, value.length)
    bytes.set(value, offset + 4)
    offset += 4 + value.length
  }
  return bytes
}

/** null: not whole records. */
export function readFrames(bytes: Uint8Array): RecordBytes[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: RecordBytes[] = []
  let offset = 0
  while (offset < bytes.length) {
    const keyEnd = offset + 1 + view.getUint8(offset)
    if (keyEnd + 4 > bytes.length) return null
    const valueEnd = keyEnd + 4 + view.getUint32(keyEnd)
    if (valueEnd > bytes.length) return null
    records.push({ key: bytes.slice(offset + 1, keyEnd), value: bytes.slice(keyEnd + 4, valueEnd) })
    offset = valueEnd
  }
  return records
}

function encodePage(page: PageLeaf, encode: (key: StateKey<unknown>) => Uint8Array): Uint8Array {
  const records = [...page.keys.keys()].sort().map((key) => ({ key: keyBytes(key), value: encode(key) }))
  const frames = encodeFrames(records)
  const bytes = new Uint8Array(HEADER_BYTES + frames.length + CHECKSUM_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, VERSION)
  view.setUint8(1, page.depth)
  view.setUint32(2, page.start)
  view.setUint32(6, records.length)
  bytes.set(frames, HEADER_BYTES)
  const offset = HEADER_BYTES + frames.length
  bytes.set(digest(bytes.subarray(0, offset)), offset)
  return bytes
}

function leafAt(top: PageNode, prefix: number): PageLeaf {
  let node = top
  while ('low' in node) node = bitOf(prefix, node.depth) === 0 ? node.low : node.high
  return node
}

function split(page: PageLeaf): [PageLeaf, PageLeaf] {
  const depth = page.depth + 1
  const low: PageLeaf = { depth, start: page.start, keys: new Map() }
  const high: PageLeaf = { depth, start: page.start + 2 ** (START_BITS - depth), keys: new Map() }
  for (const [key, prefix] of page.keys) (bitOf(prefix, page.depth) === 0 ? low : high).keys.set(key, prefix)
  return [low, high]
}

/** The tree with the page that starts at `start` put in another's place. */
function replaced(node: PageNode, start: number, fork: PageFork): PageNode {
  if (!('low' in node)) return fork
  if (bitOf(start, node.depth) === 0) return { ...node, low: replaced(node.low, start, fork) }
  return { ...node, high: replaced(node.high, start, fork) }
}

/** Builds the subtree at a depth from leaves in order; `used` counts those consumed. null: a gap or an overlap. */
function assemble(
  leaves: readonly PageLeaf[],
  from: number,
  depth: number,
  start = 0,
): { readonly node: PageNode; readonly used: number } | null {
  const first = leaves[from]
  if (!first || first.start !== start || first.depth < depth) return null
  if (first.depth === depth) return { node: first, used: 1 }
  const low = assemble(leaves, from, depth + 1, start)
  const high = low && assemble(leaves, from + low.used, depth + 1, start + 2 ** (START_BITS - depth - 1))
  return high && { node: { depth, low: low.node, high: high.node }, used: low.used + high.used }
}

function covers(depth: number, start: number, prefix: number): boolean {
  const size = 2 ** (START_BITS - depth)
  return start % size === 0 && prefix >= start && prefix < start + size
}

function prefixOf(hash: Uint8Array): number {
  assert(hash.length >= 4, 'a key hash has a prefix')
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0)
}

function bitOf(prefix: number, depth: number): number {
  return (prefix >>> (START_BITS - 1 - depth)) & 1
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
