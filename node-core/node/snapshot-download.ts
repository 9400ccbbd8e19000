/**
 * Fetches the state under a certified root, region by region from several peers at once. Each chunk proves itself, is stored
 * as it comes, and is found again after a restart; what an older state has of a region is used again where its hash is right.
 */
import { digest } from '@chainsafe/as-sha256'
import { compareBytes, toHex } from '../lib/bytes.ts'
import type { PeerId } from '../ports/network.ts'
import type { Storage } from '../ports/storage.ts'
import type { Height } from '../protocol/ids.ts'
import { type RecordBytes, readFrames } from '../state/pages.ts'
import {
  type Chunk,
  encodeChunk,
  endOf,
  halvesOf,
  prefixOf,
  type Region,
  type RegionContent,
  readChunk,
  readEdges,
  regionContent,
  regionFits,
  restOf,
  shareOf,
} from '../state/region.ts'
import { CHUNK_PAGES } from './constants.ts'
import type { FetchPlan, FetchVerdict } from './fetch-plan.ts'
import { chunkWrite, loadChunks } from './repositories.ts'
import { decodeChunkAnswer, encodeChunkRequest, SNAPSHOT_PROTOCOL } from './sync-protocols.ts'

/** Bytes of a record and of a page, about: what progress and the first split are reckoned with. */
const RECORD_BYTES = 90
const PAGE_ESTIMATE_BYTES = 3_000
const CHUNK_ESTIMATE_BYTES = CHUNK_PAGES * PAGE_ESTIMATE_BYTES
/** Regions of the first split: more would only be small. */
const DEEPEST_FIRST_SPLIT = 10
const ALL_KEYS: Region = { start: 0, depth: 0 }

export interface SnapshotTarget {
  readonly height: Height
  /** 32 bytes, of the certified header. */
  readonly root: Uint8Array
  /** As a peer said: only for the size of the first regions. */
  readonly records: number
}

export class SnapshotDownload {
  readonly #storage: Storage
  readonly #plan: FetchPlan
  readonly #target: SnapshotTarget
  readonly #mayServe: (peer: PeerId) => boolean
  readonly #progress: () => void
  readonly #chunks: Chunk[] = []
  readonly #base: BaseRecords
  #share = 0
  #reused = 0

  constructor(options: {
    storage: Storage
    plan: FetchPlan
    target: SnapshotTarget
    /** Records of an older state that may still be right. */
    base: readonly RecordBytes[]
    /** Has offered this height. */
    mayServe: (peer: PeerId) => boolean
    progress: () => void
  }) {
    this.#storage = options.storage
    this.#plan = options.plan
    this.#target = options.target
    this.#mayServe = options.mayServe
    this.#progress = options.progress
    this.#base = new BaseRecords(options.base)
  }

  /** Of the state that is here and proved, 0 to 1. */
  get share(): number {
    return this.#share
  }

  /** Of the state that was here before, 0 to 1. */
  get reusedShare(): number {
    return this.#reused
  }

  /** Every record, in no order; null: nobody could give what is missing, and what came is kept for the next attempt. */
  async run(): Promise<RecordBytes[] | null> {
    await this.#resume()
    const first = Math.ceil(
      Math.log2(Math.max(1, (this.#target.records * RECORD_BYTES) / CHUNK_ESTIMATE_BYTES)),
    )
    const depth = Math.min(DEEPEST_FIRST_SPLIT, Math.max(1, first))
    const regions = missing(
      ALL_KEYS,
      this.#chunks.map((chunk) => chunk.region),
      depth,
    )
    const fetched = await Promise.all(regions.map((region) => this.#fetch(region)))
    if (!fetched.every((good) => good)) return null
    return this.#chunks.flatMap((chunk) => chunk.records)
  }

  /** Chunks of an earlier attempt that hold under this root; the rest may hold in part. */
  async #resume(): Promise<void> {
    for (const { value } of await loadChunks(this.#storage)) {
      const chunk = readChunk(value, this.#target.root)
      if (chunk) this.#hold(chunk)
      else this.#base.add(value)
    }
    this.#reused = this.#share
  }

  async #fetch(region: Region): Promise<boolean> {
    const known = this.#base.content(region)
    let rest: readonly Region[] | null = null
    const served = await this.#plan.fetch({
      protocol: SNAPSHOT_PROTOCOL,
      request: encodeChunkRequest({ height: this.#target.height, region, known: known?.hash ?? null }),
      bytes: CHUNK_ESTIMATE_BYTES,
      mayServe: this.#mayServe,
      take: async (bytes) => {
        const taken = this.#read(region, known, bytes)
        if (typeof taken === 'string') return taken
        // Two peers may have been asked: the first good answer is the one that is kept.
        if (rest) return 'done'
        rest = restOf(region, taken.region)
        await this.#storage.commit([chunkWrite(chunkKey(taken.region), encodeChunk(taken))])
        this.#hold(taken)
        this.#progress()
        return 'done'
      },
    })
    if (!served || !rest) return false
    const others = await Promise.all((rest as readonly Region[]).map((part) => this.#fetch(part)))
    return others.every((good) => good)
  }

  #read(
    asked: Region,
    known: RegionContent | null,
    bytes: Uint8Array,
  ): Chunk | Exclude<FetchVerdict, 'done'> {
    const answer = decodeChunkAnswer(bytes)
    if (answer?.type === 'gone') return 'gone'
    if (answer?.type === 'same') {
      const chunk = this.#same(asked, known, answer.edges)
      if (chunk) this.#reused += shareOf(asked)
      return chunk ?? 'wrong'
    }
    const chunk = answer && readChunk(answer.bytes, this.#target.root)
    // A part at the beginning of what was asked, or all of it.
    return chunk && chunk.region.start === asked.start && chunk.region.depth >= asked.depth ? chunk : 'wrong'
  }

  #same(asked: Region, known: RegionContent | null, bytes: Uint8Array): Chunk | null {
    const read = readEdges(bytes)
    if (!read || !known || read.size !== bytes.length) return null
    if (!regionFits(this.#target.root, asked, known, read.edges)) return null
    return { region: asked, edges: read.edges, records: this.#base.within(asked) }
  }

  #hold(chunk: Chunk): void {
    this.#chunks.push(chunk)
    this.#share += shareOf(chunk.region)
  }
}

interface HashedRecord {
  readonly hash: Uint8Array
  readonly record: RecordBytes
}

/** What is here of older states, for comparing region by region. */
class BaseRecords {
  readonly #byHash = new Map<string, HashedRecord>()
  #sorted: HashedRecord[] | null = null

  constructor(records: readonly RecordBytes[]) {
    for (const record of records) this.#put(record)
  }

  /** A stored chunk of another root. */
  add(bytes: Uint8Array): void {
    const head = readEdges(bytes)
    for (const record of (head && readFrames(bytes.subarray(head.size))) ?? []) this.#put(record)
  }

  within(region: Region): RecordBytes[] {
    this.#sorted ??= [...this.#byHash.values()].sort((a, b) => compareBytes(a.hash, b.hash))
    const [from, to] = [this.#place(region.start), this.#place(endOf(region))]
    return this.#sorted.slice(from, to).map(({ record }) => record)
  }

  /** null: nothing is here. */
  content(region: Region): RegionContent | null {
    const records = this.within(region)
    return records.length === 0 ? null : regionContent(region, records)
  }

  #place(start: number): number {
    const sorted = this.#sorted!
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (prefixOf(sorted[middle]!.hash) < start) low = middle + 1
      else high = middle
    }
    return low
  }

  #put(record: RecordBytes): void {
    const hash = digest(record.key)
    this.#byHash.set(toHex(hash), { hash, record })
    this.#sorted = null
  }
}

/** What of the region none of the `held` has, in pieces of at least this depth. */
function missing(region: Region, held: readonly Region[], depth: number): Region[] {
  const inside = held.filter((each) => each.start >= region.start && endOf(each) <= endOf(region))
  if (inside.some((each) => each.depth === region.depth)) return []
  if (inside.length === 0 && region.depth >= depth) return [region]
  return halvesOf(region).flatMap((half) => missing(half, inside, depth))
}

function chunkKey({ start, depth }: Region): Uint8Array {
  const key = new Uint8Array(5)
  new DataView(key.buffer).setUint32(0, start)
  key[4] = depth
  return key
}
