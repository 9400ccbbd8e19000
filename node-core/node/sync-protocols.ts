/** What nodes that catch up ask and are told: blocks, certified headers, parts of a checkpoint's state. Integers little-endian. */
import { concatBytes } from '../lib/bytes.ts'
import { HASH_BYTES } from '../protocol/constants.ts'
import type { Height } from '../protocol/ids.ts'
import { isRegion, type Region } from '../state/region.ts'
import { SYNC_BLOCKS, SYNC_HEADERS } from './constants.ts'
import { decodeList, encodeList } from './wire-protocols.ts'

/** Decided blocks from a height on. */
export const SYNC_PROTOCOL = 'sync/2'
/** Header, certificate and validator set of given heights. */
export const HEADERS_PROTOCOL = 'headers/1'
/** The last checkpoint, and chunks of its state. */
export const SNAPSHOT_PROTOCOL = 'snapshot/1'

/** First byte of an answer. */
const GONE = 0
const HELD = 1
const SAME = 2

const CHUNK_REQUEST_BYTES = 4 + 4 + 1 + HASH_BYTES
const OFFER_BYTES = 4 + HASH_BYTES + 4

/** `gone`: the first height is not here; what is here begins at `oldestHeight`. */
export type BlocksAnswer =
  | { readonly type: 'blocks'; readonly items: readonly Uint8Array[] }
  | { readonly type: 'gone'; readonly oldestHeight: Height }

export function encodeBlocksAnswer(answer: BlocksAnswer): Uint8Array {
  return answer.type === 'gone'
    ? concatBytes(Uint8Array.of(GONE), u32(answer.oldestHeight))
    : concatBytes(Uint8Array.of(HELD), encodeList(answer.items))
}

/** null: not an answer. */
export function decodeBlocksAnswer(bytes: Uint8Array): BlocksAnswer | null {
  if (bytes[0] === GONE && bytes.length === 5) return { type: 'gone', oldestHeight: readU32(bytes, 1) }
  const items = bytes[0] === HELD ? decodeList(bytes.subarray(1), SYNC_BLOCKS) : null
  return items && { type: 'blocks', items }
}

export function encodeHeadersRequest(heights: readonly Height[]): Uint8Array {
  return concatBytes(...heights.map(u32))
}

/** null: not a request. */
export function decodeHeadersRequest(bytes: Uint8Array): Height[] | null {
  if (bytes.length % 4 !== 0 || bytes.length / 4 > SYNC_HEADERS) return null
  return Array.from({ length: bytes.length / 4 }, (_, i) => readU32(bytes, 4 * i))
}

/** The state after this height can be asked for. Nothing of it is believed but what the height's certified header proves. */
export interface SnapshotOffer {
  readonly height: Height
  /** 32 bytes. */
  readonly blockId: Uint8Array
  /** How many, for a figure of progress. */
  readonly records: number
}

export interface ChunkRequest {
  readonly height: Height
  readonly region: Region
  /** What the asker has of the region already, as its hash in the tree; null: nothing. */
  readonly known: Uint8Array | null
}

/** An empty request asks for the offer. */
export function encodeChunkRequest({ height, region, known }: ChunkRequest): Uint8Array {
  const { start, depth } = region
  return concatBytes(u32(height), u32(start), Uint8Array.of(depth), known ?? new Uint8Array(HASH_BYTES))
}

/** null: not a request for a chunk. */
export function decodeChunkRequest(bytes: Uint8Array): ChunkRequest | null {
  if (bytes.length !== CHUNK_REQUEST_BYTES) return null
  const region = { start: readU32(bytes, 4), depth: bytes[8]! }
  if (!isRegion(region)) return null
  const known = bytes.slice(9)
  return { height: readU32(bytes, 0), region, known: known.some((byte) => byte !== 0) ? known : null }
}

export function encodeOffer(offer: SnapshotOffer | null): Uint8Array {
  if (!offer) return Uint8Array.of(GONE)
  return concatBytes(Uint8Array.of(HELD), u32(offer.height), offer.blockId, u32(offer.records))
}

/** null: there is none, or it is not an offer. */
export function decodeOffer(bytes: Uint8Array): SnapshotOffer | null {
  if (bytes[0] !== HELD || bytes.length !== 1 + OFFER_BYTES) return null
  return {
    height: readU32(bytes, 1),
    blockId: bytes.slice(5, 5 + HASH_BYTES),
    records: readU32(bytes, 5 + HASH_BYTES),
  }
}

/** `same`: what the asker has is right; the edges prove it. `gone`: this height's state is not here any more. */
export type ChunkAnswer =
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'same'; readonly edges: Uint8Array }
  | { readonly type: 'gone' }

export function encodeChunkAnswer(answer: ChunkAnswer): Uint8Array {
  if (answer.type === 'gone') return Uint8Array.of(GONE)
  return answer.type === 'same'
    ? concatBytes(Uint8Array.of(SAME), answer.edges)
    : concatBytes(Uint8Array.of(HELD), answer.bytes)
}

/** null: not an answer. */
export function decodeChunkAnswer(bytes: Uint8Array): ChunkAnswer | null {
  switch (bytes[0]) {
    case GONE:
      return bytes.length === 1 ? { type: 'gone' } : null
    case HELD:
      return { type: 'chunk', bytes: bytes.slice(1) }
    case SAME:
      return { type: 'same', edges: bytes.slice(1) }
    default:
      return null
  }
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

function readU32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true)
}
