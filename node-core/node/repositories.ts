/** Typed records over the byte store. Bucket numbers are never reused. */
import { equalBytes, fromHex, toHex, utf8 } from '../lib/bytes.ts'
import type { Storage, StorageWrite } from '../ports/storage.ts'
import type { Block } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import { decodeDecidedBlock, encodeDecidedBlock } from '../protocol/codec-block.ts'
import { decodeReceipt, encodeReceipt } from '../protocol/codec-receipt.ts'
import { decodeValidatorSet, encodeValidatorSet } from '../protocol/codec-validator-set.ts'
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

const HEAD_KEY = utf8('head')
const GENESIS_KEY = utf8('genesis')

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

/** One durable write: the block, what it changed, and that it is the head. */
export function blockWrites(
  height: Height,
  stored: StoredBlock,
  pages: readonly StatePage[],
  newSet: ValidatorSet | null,
): StorageWrite[] {
  return [
    { bucket: BLOCKS, key: heightKey(height), value: encodeStored(stored) },
    { bucket: META, key: HEAD_KEY, value: heightKey(height) },
    ...(newSet ? [setWrite(newSet)] : []),
    ...pages.map((page) => ({ bucket: STATE_PAGES, key: page.key, value: page.bytes })),
  ]
}

export function genesisWrites(
  genesisHash: Hash,
  pages: readonly StatePage[],
  sets: readonly ValidatorSet[],
): StorageWrite[] {
  return [
    { bucket: META, key: GENESIS_KEY, value: fromHex(genesisHash)! },
    { bucket: META, key: HEAD_KEY, value: heightKey(0) },
    ...sets.map(setWrite),
    ...pages.map((page) => ({ bucket: STATE_PAGES, key: page.key, value: page.bytes })),
  ]
}

export type GenesisRecord = 'absent' | 'same' | 'other'

/** Whether this store belongs to the chain; a store of another chain is never touched. */
export async function genesisRecord(storage: Storage, genesisHash: Hash): Promise<GenesisRecord> {
  const kept = await storage.get(META, GENESIS_KEY)
  if (!kept) return 'absent'
  return equalBytes(kept, fromHex(genesisHash)!) ? 'same' : 'other'
}

export async function loadHeadHeight(storage: Storage): Promise<Height> {
  const bytes = await storage.get(META, HEAD_KEY)
  return bytes ? heightOf(bytes) : 0
}

export async function loadBlock(storage: Storage, height: Height): Promise<StoredBlock | null> {
  const bytes = await storage.get(BLOCKS, heightKey(height))
  return bytes ? decodeStored(bytes) : null
}

/** From `from` upward, at most `limit`. */
export async function loadBlocks(storage: Storage, from: Height, limit: number): Promise<StoredBlock[]> {
  const entries = await storage.range(BLOCKS, { from: heightKey(from), limit })
  return entries.map((entry) => decodeStored(entry.value)).filter((stored) => stored !== null)
}

export async function loadStatePages(storage: Storage): Promise<Uint8Array[]> {
  const pages: Uint8Array[] = []
  const BATCH = 256
  let from: Uint8Array | undefined
  for (;;) {
    const entries = await storage.range(STATE_PAGES, from ? { from, limit: BATCH } : { limit: BATCH })
    for (const entry of entries) pages.push(entry.value)
    const last = entries.at(-1)
    if (!last || entries.length < BATCH) return pages
    from = new Uint8Array(last.key.length + 1)
    from.set(last.key)
  }
}

/** The state forgets the sets of old epochs; certificates of old blocks are still looked at. */
function setWrite(set: ValidatorSet): StorageWrite {
  return { bucket: VALIDATOR_SETS, key: heightKey(set.epoch), value: encodeValidatorSet(set) }
}

export async function loadSet(storage: Storage, epoch: Epoch): Promise<ValidatorSet | null> {
  const bytes = await storage.get(VALIDATOR_SETS, heightKey(epoch))
  const decoded = bytes && decodeValidatorSet(bytes)
  return decoded?.ok ? decoded.value : null
}

export function evidenceWrite(key: Hash, bytes: Uint8Array): StorageWrite {
  return { bucket: EVIDENCE, key: fromHex(key)!, value: bytes }
}

export async function loadEvidence(storage: Storage, limit: number): Promise<Uint8Array[]> {
  return (await storage.range(EVIDENCE, { limit })).map((entry) => entry.value)
}

export async function saveKnownPeers(storage: Storage, json: string): Promise<void> {
  await storage.commit([{ bucket: KNOWN_PEERS, key: utf8('all'), value: utf8(json) }])
}

export async function loadKnownPeers(storage: Storage): Promise<string | null> {
  const bytes = await storage.get(KNOWN_PEERS, utf8('all'))
  return bytes ? new TextDecoder().decode(bytes) : null
}

function encodeStored(stored: StoredBlock): Uint8Array {
  return encodeList([
    encodeDecidedBlock({ block: stored.block, certificate: stored.certificate }),
    encodeList(stored.receipts.map(encodeReceipt)),
    utf8(JSON.stringify(stored.observation)),
  ])
}

function decodeStored(bytes: Uint8Array): StoredBlock | null {
  const [decidedBytes, receiptBytes, observationBytes] = decodeList(bytes, 3) ?? []
  if (!decidedBytes || !receiptBytes || !observationBytes) return null
  const decided = decodeDecidedBlock(decidedBytes)
  const receipts = decodeList(receiptBytes, Number.MAX_SAFE_INTEGER)?.map(decodeReceipt)
  if (!decided.ok || !receipts) return null
  return {
    ...decided.value,
    receipts: receipts.flatMap((receipt) => (receipt.ok ? [receipt.value] : [])),
    observation: JSON.parse(new TextDecoder().decode(observationBytes)) as Observation,
  }
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
