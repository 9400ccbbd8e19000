/** Hands out the state of the last checkpoint, region by region. What does not fit its tree any more is not handed out. */
import { digest } from '@chainsafe/as-sha256'
import { compareBytes, equalBytes, toHex } from '../lib/bytes.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { hashBytes } from '../protocol/hash.ts'
import { framePage, type RecordBytes } from '../state/pages.ts'
import {
  encodeChunk,
  encodeEdges,
  endOf,
  halvesOf,
  isInRegion,
  type Region,
  regionContent,
} from '../state/region.ts'
import { StateTree } from '../state/state-tree.ts'
import type { Checkpoint } from './block-writer.ts'
import type { Chain } from './chain.ts'
import { CHUNK_PAGES } from './constants.ts'
import { loadKeptPages, loadKeptPagesWithin, loadPagesWithin } from './repositories.ts'
import type { ChunkAnswer, ChunkRequest, SnapshotOffer } from './sync-protocols.ts'

const ALL_KEYS = 2 ** 32
const GONE: ChunkAnswer = { type: 'gone' }

export class SnapshotSource {
  readonly #chain: Chain
  readonly #storage: Storage
  readonly #telemetry: Telemetry
  /** Reading back the checkpoint of an earlier run. */
  #reading: Promise<Checkpoint | null> | null = null

  constructor(options: { chain: Chain; storage: Storage; telemetry: Telemetry }) {
    this.#chain = options.chain
    this.#storage = options.storage
    this.#telemetry = options.telemetry
  }

  async offer(): Promise<SnapshotOffer | null> {
    const checkpoint = await this.#checkpoint()
    const kept = checkpoint && (await this.#chain.loadHeader(checkpoint.height))
    if (!checkpoint || !kept) return null
    const blockId = hashBytes(kept.certificate.blockId)
    return { height: checkpoint.height, blockId, records: checkpoint.tree.leafCount }
  }

  async chunk({ height, region, known }: ChunkRequest): Promise<ChunkAnswer> {
    const checkpoint = await this.#checkpoint()
    if (!checkpoint || checkpoint.height !== height) return GONE
    const whole = checkpoint.tree.region(region)
    if (known && equalBytes(known, whole.hash))
      return { type: 'same', edges: encodeEdges(region, whole.edges) }
    const part = smallEnough(checkpoint.pageStarts, region)
    const records = await this.#records(checkpoint, part)
    // Another checkpoint took its place while pages were read.
    if (this.#chain.checkpoints.checkpoint !== checkpoint) return GONE
    const { hash, edges } = checkpoint.tree.region(part)
    const content = records && regionContent(part, records)
    if (!content || !equalBytes(content.hash, hash)) {
      this.#telemetry.log('error', 'storage', `the checkpoint of ${height} is damaged and not offered`)
      this.#chain.checkpoints.restoreCheckpoint(null)
      return GONE
    }
    return { type: 'chunk', bytes: encodeChunk({ region: part, records: records!, edges }) }
  }

  async #checkpoint(): Promise<Checkpoint | null> {
    const { checkpoint, checkpointHeight } = this.#chain.checkpoints
    if (checkpoint || checkpointHeight === null) return checkpoint
    this.#reading ??= this.#readBack(checkpointHeight).finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #readBack(height: number): Promise<Checkpoint | null> {
    const pages = await this.#pagesWithin(0, ALL_KEYS)
    const kept = await this.#chain.loadHeader(height)
    const { checkpoints } = this.#chain
    if (checkpoints.checkpoint || checkpoints.checkpointHeight !== height) return checkpoints.checkpoint
    const tree = new StateTree()
    const records = [...pages.values()].flatMap((bytes) => framePage(bytes)?.records ?? [])
    const writes = new Map(records.map(({ key, value }) => [toHex(key), { key, value }]))
    tree.adopt(
      tree.stage(
        [...writes.values()].map(({ key, value }) => ({ key: digest(key), valueHash: digest(value) })),
      ),
    )
    const whole = kept && toHex(tree.root) === kept.header.stateRoot
    const pageStarts = [...pages.keys()].sort((a, b) => a - b)
    checkpoints.restoreCheckpoint(whole ? { height, tree, pageStarts } : null)
    return checkpoints.checkpoint
  }

  /** null: a page is damaged. */
  async #records({ pageStarts }: Checkpoint, region: Region): Promise<RecordBytes[] | null> {
    const first = pageStarts[firstPage(pageStarts, region)] ?? 0
    const pages = await this.#pagesWithin(first, endOf(region))
    const records: { readonly hash: Uint8Array; readonly record: RecordBytes }[] = []
    for (const start of pageStarts) {
      const bytes = start >= first && start < endOf(region) ? pages.get(start) : undefined
      if (!bytes) continue
      const page = framePage(bytes)
      if (!page) return null
      for (const record of page.records) records.push({ hash: digest(record.key), record })
    }
    return records
      .filter(({ hash }) => isInRegion(hash, region))
      .sort((a, b) => compareBytes(a.hash, b.hash))
      .map(({ record }) => record)
  }

  /**
   * As they were at the checkpoint, by where they start. The present ones are read first: a page that changes in between has
   * its old bytes among the kept ones by then, in the same write.
   */
  async #pagesWithin(from: number, to: number): Promise<Map<number, Uint8Array>> {
    const whole = from === 0 && to === ALL_KEYS
    const pages = new Map<number, Uint8Array>()
    for (const { key, value } of await this.#present(from, to)) pages.set(startOf(key), value)
    const kept = whole
      ? await loadKeptPages(this.#storage)
      : await loadKeptPagesWithin(this.#storage, from, to)
    for (const { key, value } of kept) {
      if (value.length === 0) pages.delete(startOf(key))
      else pages.set(startOf(key), value)
    }
    return pages
  }

  async #present(from: number, to: number) {
    const all: { readonly key: Uint8Array; readonly value: Uint8Array }[] = []
    for (let start = from; start < to; ) {
      const pages = await loadPagesWithin(this.#storage, start, to)
      all.push(...pages)
      const last = pages.at(-1)
      if (!last) break
      start = startOf(last.key) + 1
    }
    return all
  }
}

/** The largest part at the beginning of the region that is no more pages than a chunk may have. */
function smallEnough(pageStarts: readonly number[], region: Region): Region {
  let part = region
  while (pagesOf(pageStarts, part) > CHUNK_PAGES) part = halvesOf(part)[0]
  return part
}

function pagesOf(pageStarts: readonly number[], region: Region): number {
  return firstAtOrAfter(pageStarts, endOf(region)) - firstPage(pageStarts, region)
}

/** Index of the page that holds the region's first hash. */
function firstPage(pageStarts: readonly number[], region: Region): number {
  return Math.max(0, firstAtOrAfter(pageStarts, region.start + 1) - 1)
}

function firstAtOrAfter(sorted: readonly number[], start: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < start) low = middle + 1
    else high = middle
  }
  return low
}

function startOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0)
}
