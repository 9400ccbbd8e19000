/** Typed records over the byte store. Bucket numbers are never reused. */
import { concatBytes, equalBytes, fromHex, toHex, utf8 } from '../lib/bytes.ts'
import { type LightBlock, readLightBlock } from '../light/light-block.ts'
import type { Storage, StorageWrite } from '../ports/storage.ts'
import type { Block, Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import {
  decodeDecidedBlock,
  decodeHeader,
  encodeDecidedBlock,
  encodeHeader,
} from '../protocol/codec-block.ts'
import { decodeCertificate, encodeCertificate } from '../protocol/codec-certificate.ts'
import { decodeReceipt, encodeReceipts } from '../protocol/codec-receipt.ts'
import { decodeValidatorSet, encodeValidatorSet } from '../protocol/codec-validator-set.ts'
import { sha256 } from '../protocol/hash.ts'
import type { Epoch, Hash, Height } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { StatePage } from '../state/pages.ts'
import { decodeList, encodeList } from './wire-protocols.ts'

const META = 1
const BLOCKS = 2
const STATE_PAGES = 3
const EVIDENCE = 4
const KNOWN_PEERS = 5
const VALIDATOR_SETS = 6
const HEADERS = 7
/** Pages as they were at the checkpoint, of those that changed since; empty: there was none. */
const CHECKPOINT_PAGES = 8
/** Chunks of a snapshot that is being fetched. */
const SNAPSHOT_CHUNKS = 9
/** Certified headers with their sets, of a node that observes; beside what a light node left in the same store. */
const OBSERVED = 10
/** Figures of the economy at the ends of epochs, as JSON. */
const EPOCH_NOTES = 11
/** What somebody should look at, as JSON. */
const ALERTS = 12
/** Slashes that this node saw carried out, as JSON. */
const SLASHES = 13

const HEAD_KEY = utf8('head')
const GENESIS_KEY = utf8('genesis')
const CHECKPOINT_KEY = utf8('checkpoint')
const OLDEST_KEY = utf8('oldest')
const OBSERVED_GENESIS_KEY = utf8('observed-genesis')
const CHECKSUM_BYTES = 32

/** What this node saw itself of a block: not part of the chain. */
export interface Observation {
  /** First proposal here to decided, ms; null when it came by sync. */
  readonly decisionMs: number | null
  /** null: not a member of the height's set. */
  readonly ownCommit: boolean | null
  /** Power in the certificate as it was adopted, millionths of its set. */
  readonly signedPower: number
}

export interface StoredBlock {
  readonly block: Block
  readonly certificate: Certificate
  readonly receipts: readonly Receipt[]
  readonly observation: Observation
}

/** The bytes of a decided block as peers ask for them, and all that this node keeps beside them. */
export function blockWrite(height: Height, stored: StoredBlock): StorageWrite {
  return { bucket: BLOCKS, key: heightKey(height), value: encodeStored(stored) }
}

export function forgetBlock(height: Height): StorageWrite {
  return { bucket: BLOCKS, key: heightKey(height), value: null }
}

export function headWrite(height: Height): StorageWrite {
  return { bucket: META, key: HEAD_KEY, value: heightKey(height) }
}

export function pageWrite(page: StatePage): StorageWrite {
  return { bucket: STATE_PAGES, key: page.key, value: page.bytes }
}

export function genesisWrites(
  genesisHash: Hash,
  pages: readonly StatePage[],
  sets: readonly ValidatorSet[],
): StorageWrite[] {
  return [
    { bucket: META, key: GENESIS_KEY, value: fromHex(genesisHash)! },
    headWrite(0),
    ...sets.map(setWrite),
    ...pages.map(pageWrite),
  ]
}

export type GenesisRecord = 'absent' | 'same' | 'other'

/** Whether this store belongs to the chain; a store of another chain is never touched. */
export function genesisRecord(storage: Storage, genesisHash: Hash): Promise<GenesisRecord> {
  return compareGenesis(storage, GENESIS_KEY, genesisHash)
}

/** The same of the headers that a node observed: they are there without a state. */
export function observedGenesisRecord(storage: Storage, genesisHash: Hash): Promise<GenesisRecord> {
  return compareGenesis(storage, OBSERVED_GENESIS_KEY, genesisHash)
}

export function observedGenesisWrite(genesisHash: Hash): StorageWrite {
  return { bucket: META, key: OBSERVED_GENESIS_KEY, value: fromHex(genesisHash)! }
}

async function compareGenesis(storage: Storage, key: Uint8Array, genesisHash: Hash): Promise<GenesisRecord> {
  const kept = await storage.get(META, key)
  if (!kept) return 'absent'
  return equalBytes(kept, fromHex(genesisHash)!) ? 'same' : 'other'
}

export async function loadHeadHeight(storage: Storage): Promise<Height> {
  const bytes = await storage.get(META, HEAD_KEY)
  return bytes ? heightOf(bytes) : 0
}

/** null: not here, or damaged. */
export async function loadBlock(storage: Storage, height: Height): Promise<StoredBlock | null> {
  const bytes = await storage.get(BLOCKS, heightKey(height))
  return bytes ? decodeStored(bytes) : null
}

/** It is here and cannot be read. */
export async function isBlockDamaged(storage: Storage, height: Height): Promise<boolean> {
  const bytes = await storage.get(BLOCKS, heightKey(height))
  return bytes !== null && decodeStored(bytes) === null
}

/** Those of the heights from ≤ h < from + count that are here. */
export async function loadBlocks(storage: Storage, from: Height, count: number): Promise<StoredBlock[]> {
  const entries = await blockEntries(storage, from, count)
  return entries.map((entry) => decodeStored(entry.value)).filter((stored) => stored !== null)
}

/** From `from` on without a gap, as encodeDecidedBlock writes them. */
export async function loadEncodedBlocks(
  storage: Storage,
  from: Height,
  count: number,
): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = []
  for (const entry of await blockEntries(storage, from, count)) {
    const decided = storedParts(entry.value)?.[0]
    if (!decided || heightOf(entry.key) !== from + blocks.length) break
    blocks.push(decided)
  }
  return blocks
}

/** The lowest and the highest height whose body is here. */
export async function storedHeights(
  storage: Storage,
): Promise<{ readonly lowest: Height; readonly highest: Height } | null> {
  const [first] = await storage.range(BLOCKS, { limit: 1 })
  const [last] = await storage.range(BLOCKS, { limit: 1, reverse: true })
  return first && last ? { lowest: heightOf(first.key), highest: heightOf(last.key) } : null
}

function blockEntries(storage: Storage, from: Height, count: number) {
  return storage.range(BLOCKS, { from: heightKey(from), to: heightKey(from + count), limit: count })
}

/** What proves a block without its body. */
export interface CertifiedHeader {
  readonly header: Header
  readonly certificate: Certificate
}

export function headerWrite({ header, certificate }: CertifiedHeader): StorageWrite {
  const value = withChecksum(encodeList([encodeHeader(header), encodeCertificate(certificate)]))
  return { bucket: HEADERS, key: heightKey(header.height), value }
}

/** Kept for the last height of every epoch and for the first block of all; null: another height, or damaged. */
export async function loadHeader(storage: Storage, height: Height): Promise<CertifiedHeader | null> {
  const bytes = await storage.get(HEADERS, heightKey(height))
  const content = bytes && withoutChecksum(bytes)
  const [headerBytes, certificateBytes] = (content && decodeList(content, 2)) ?? []
  if (!headerBytes || !certificateBytes) return null
  const [header, certificate] = [decodeHeader(headerBytes), decodeCertificate(certificateBytes)]
  return header.ok && certificate.ok ? { header: header.value, certificate: certificate.value } : null
}

export function observedWrite({ header, certificate, set }: LightBlock): StorageWrite {
  const parts = [encodeHeader(header), encodeCertificate(certificate), encodeValidatorSet(set)]
  return { bucket: OBSERVED, key: heightKey(header.height), value: withChecksum(encodeList(parts)) }
}

export function forgetObserved(height: Height): StorageWrite {
  return { bucket: OBSERVED, key: heightKey(height), value: null }
}

/** Ascending by height; damaged ones are left out. */
export async function loadObserved(storage: Storage): Promise<LightBlock[]> {
  const entries = await loadAll(storage, OBSERVED)
  return entries.flatMap(({ value }) => {
    const content = withoutChecksum(value)
    const [header, certificate, validators] = (content && decodeList(content, 3)) ?? []
    if (!header || !certificate || !validators) return []
    const block = readLightBlock({ header, certificate, validators })
    return block.ok ? [block.value] : []
  })
}

export async function loadStatePages(storage: Storage): Promise<Uint8Array[]> {
  return (await loadAll(storage, STATE_PAGES)).map((entry) => entry.value)
}

/** Pages that start in from ≤ start < to, 0 to 2^32, as they are now. */
export function loadPagesWithin(storage: Storage, from: number, to: number) {
  return storage.range(STATE_PAGES, pageBounds(from, to))
}

export async function loadPage(storage: Storage, key: Uint8Array): Promise<Uint8Array | null> {
  return storage.get(STATE_PAGES, key)
}

/** The height whose state can be read back page by page; null: none yet. */
export async function loadCheckpointHeight(storage: Storage): Promise<Height | null> {
  const bytes = await storage.get(META, CHECKPOINT_KEY)
  return bytes ? heightOf(bytes) : null
}

export function checkpointWrite(height: Height): StorageWrite {
  return { bucket: META, key: CHECKPOINT_KEY, value: heightKey(height) }
}

/** What a page was at the checkpoint; null: it was not there. */
export function keptPageWrite(key: Uint8Array, before: Uint8Array | null): StorageWrite {
  return { bucket: CHECKPOINT_PAGES, key, value: before ?? new Uint8Array() }
}

export function forgetKeptPage(key: Uint8Array): StorageWrite {
  return { bucket: CHECKPOINT_PAGES, key, value: null }
}

export async function loadKeptPages(storage: Storage) {
  return loadAll(storage, CHECKPOINT_PAGES)
}

export function loadKeptPagesWithin(storage: Storage, from: number, to: number) {
  return storage.range(CHECKPOINT_PAGES, pageBounds(from, to))
}

export function oldestWrite(height: Height): StorageWrite {
  return { bucket: META, key: OLDEST_KEY, value: heightKey(height) }
}

/** Bodies below this height were let go. */
export async function loadOldest(storage: Storage): Promise<Height> {
  const bytes = await storage.get(META, OLDEST_KEY)
  return bytes ? heightOf(bytes) : 1
}

export function chunkWrite(key: Uint8Array, bytes: Uint8Array): StorageWrite {
  return { bucket: SNAPSHOT_CHUNKS, key, value: bytes }
}

export async function loadChunks(storage: Storage) {
  return loadAll(storage, SNAPSHOT_CHUNKS)
}

/** Empties everything that is of one state: its pages, its checkpoint, chunks under way. Blocks stay. */
export async function clearStateWrites(storage: Storage): Promise<StorageWrite[]> {
  const buckets = [STATE_PAGES, CHECKPOINT_PAGES, SNAPSHOT_CHUNKS]
  const entries = await Promise.all(buckets.map((bucket) => loadAll(storage, bucket)))
  return [
    { bucket: META, key: CHECKPOINT_KEY, value: null },
    ...buckets.flatMap((bucket, i) => entries[i]!.map(({ key }) => ({ bucket, key, value: null }))),
  ]
}

async function loadAll(storage: Storage, bucket: number) {
  const all: { readonly key: Uint8Array; readonly value: Uint8Array }[] = []
  const BATCH = 256
  let from: Uint8Array | undefined
  for (;;) {
    const entries = await storage.range(bucket, from ? { from, limit: BATCH } : { limit: BATCH })
    all.push(...entries)
    const last = entries.at(-1)
    if (!last || entries.length < BATCH) return all
    from = new Uint8Array(last.key.length + 1)
    from.set(last.key)
  }
}

/** More than a region's pages are never asked for at once. */
const PAGES_AT_ONCE = 4_096

function pageBounds(from: number, to: number) {
  const lower = { from: pageKey(from), limit: PAGES_AT_ONCE }
  return to < 2 ** 32 ? { ...lower, to: pageKey(to) } : lower
}

function pageKey(start: number): Uint8Array {
  const key = new Uint8Array(4)
  new DataView(key.buffer).setUint32(0, start)
  return key
}

/** The state forgets the sets of old epochs; certificates of old blocks are still looked at. */
export function setWrite(set: ValidatorSet): StorageWrite {
  return { bucket: VALIDATOR_SETS, key: heightKey(set.epoch), value: encodeValidatorSet(set) }
}

export async function loadSet(storage: Storage, epoch: Epoch): Promise<ValidatorSet | null> {
  const bytes = await storage.get(VALIDATOR_SETS, heightKey(epoch))
  const decoded = bytes && decodeValidatorSet(bytes)
  return decoded?.ok ? decoded.value : null
}

/** `bytes` null: deletes it. */
export function evidenceWrite(id: Hash, bytes: Uint8Array | null): StorageWrite {
  return { bucket: EVIDENCE, key: fromHex(id)!, value: bytes }
}

/** By the stored key: what it held could not be read. */
export function evidenceDeletion(key: Uint8Array): StorageWrite {
  return { bucket: EVIDENCE, key, value: null }
}

export function loadEvidence(
  storage: Storage,
  limit: number,
): Promise<{ readonly key: Uint8Array; readonly value: Uint8Array }[]> {
  return storage.range(EVIDENCE, { limit })
}

export async function saveKnownPeers(storage: Storage, json: string): Promise<void> {
  await storage.commit([{ bucket: KNOWN_PEERS, key: utf8('all'), value: utf8(json) }])
}

export async function loadKnownPeers(storage: Storage): Promise<string | null> {
  const bytes = await storage.get(KNOWN_PEERS, utf8('all'))
  return bytes ? new TextDecoder().decode(bytes) : null
}

/** `json` null: deletes it. */
export function epochNoteWrite(epoch: Epoch, json: string | null): StorageWrite {
  return { bucket: EPOCH_NOTES, key: heightKey(epoch), value: json === null ? null : utf8(json) }
}

/** Oldest first. */
export async function loadEpochNotes(storage: Storage, limit: number): Promise<string[]> {
  const found = await storage.range(EPOCH_NOTES, { limit, reverse: true })
  return found.map(({ value }) => new TextDecoder().decode(value)).reverse()
}

/** `json` null: deletes it. */
export function alertWrite(id: string, json: string | null): StorageWrite {
  return { bucket: ALERTS, key: utf8(id), value: json === null ? null : utf8(json) }
}

/** In no order. */
export async function loadAlerts(storage: Storage, limit: number): Promise<string[]> {
  const found = await storage.range(ALERTS, { limit })
  return found.map(({ value }) => new TextDecoder().decode(value))
}

/** `place`: in the order of heights. `json` null: deletes it. */
export function slashWrite(place: string, json: string | null): StorageWrite {
  return { bucket: SLASHES, key: utf8(place), value: json === null ? null : utf8(json) }
}

/** Oldest first. */
export async function loadSlashes(storage: Storage, limit: number): Promise<string[]> {
  const found = await storage.range(SLASHES, { limit, reverse: true })
  return found.map(({ value }) => new TextDecoder().decode(value)).reverse()
}

function encodeStored(stored: StoredBlock): Uint8Array {
  return withChecksum(
    encodeList([
      encodeDecidedBlock({ block: stored.block, certificate: stored.certificate }),
      encodeList(encodeReceipts(stored.receipts)),
      utf8(JSON.stringify(stored.observation)),
    ]),
  )
}

function storedParts(bytes: Uint8Array): Uint8Array[] | null {
  const content = withoutChecksum(bytes)
  const parts = content && decodeList(content, 3)
  return parts?.length === 3 ? parts : null
}

function decodeStored(bytes: Uint8Array): StoredBlock | null {
  const parts = storedParts(bytes)
  if (!parts) return null
  const decided = decodeDecidedBlock(parts[0]!)
  const receipts = decodeList(parts[1]!, Number.MAX_SAFE_INTEGER)?.map(decodeReceipt)
  if (!decided.ok || !receipts) return null
  return {
    ...decided.value,
    receipts: receipts.flatMap((receipt) => (receipt.ok ? [receipt.value] : [])),
    observation: JSON.parse(new TextDecoder().decode(parts[2]!)) as Observation,
  }
}

/** SHA-256 in front: disks forget bits, and what a node hands on must be what it wrote. */
function withChecksum(content: Uint8Array): Uint8Array {
  return concatBytes(sha256(content), content)
}

/** null: damaged. */
function withoutChecksum(bytes: Uint8Array): Uint8Array | null {
  const content = bytes.subarray(CHECKSUM_BYTES)
  return equalBytes(sha256(content), bytes.subarray(0, CHECKSUM_BYTES)) ? content : null
}

/** Big-endian, so that keys sort by height. */
function heightKey(height: Height): Uint8Array {
  const key = new Uint8Array(8)
  new DataView(key.buffer).setBigUint64(0, BigInt(height))
  return key
}

function heightOf(key: Uint8Array): Height {
  return Number(new DataView(key.buffer, key.byteOffset, key.byteLength).getBigUint64(0))
}

export function idOf(bytes: Uint8Array): Hash {
  return toHex(bytes) as Hash
}
