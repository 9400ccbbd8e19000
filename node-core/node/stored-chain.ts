/** Reads a store back: the head and its state, checked against each other page by page, and what of it is lost. */
import type { Storage } from '../ports/storage.ts'
import type { Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import { framePage, type RecordBytes } from '../state/pages.ts'
import { ChainState } from '../state/store.ts'
import {
  isBlockDamaged,
  loadBlock,
  loadCheckpointHeight,
  loadHeader,
  loadHeadHeight,
  loadKeptPages,
  loadOldest,
  loadStatePages,
  storedHeights,
} from './repositories.ts'

/** A store that cannot be believed as a whole. What still can is used again where its hashes prove it. */
export interface Damage {
  /** The head that the store was at. */
  readonly height: Height
  /** block: the head's; page: its bytes are not what was written; state: pages are missing or older than the head. */
  readonly lost: 'block' | 'page' | 'state'
  readonly badPages: number
  readonly goodPages: number
  /** Records of the good pages. */
  readonly salvaged: readonly RecordBytes[]
}

export interface StoredChain {
  readonly head: { readonly header: Header; readonly id: Hash; readonly certificate: Certificate } | null
  /** null before the first block, and where the store is damaged. */
  readonly state: ChainState | null
  readonly damage: Damage | null
  readonly oldest: Height
  readonly checkpointHeight: Height | null
  readonly keptPages: readonly Uint8Array[]
}

export async function readStore(storage: Storage): Promise<StoredChain> {
  const height = await loadHeadHeight(storage)
  const rest = {
    oldest: await loadOldest(storage),
    checkpointHeight: await loadCheckpointHeight(storage),
    keptPages: (await loadKeptPages(storage)).map((entry) => entry.key),
  }
  if (height === 0) {
    // A repair that was cut short: blocks are there, the state is the first one.
    const stored = await storedHeights(storage)
    const damage: Damage | null = stored && {
      height: stored.highest,
      lost: 'state',
      badPages: 0,
      goodPages: 0,
      salvaged: [],
    }
    return { ...rest, head: null, state: null, damage }
  }
  const head = await loadHead(storage, height)
  const pages = await loadStatePages(storage)
  const loaded = ChainState.load(pages)
  if (head && loaded.ok && loaded.state.root() === head.header.stateRoot)
    return { ...rest, head, state: loaded.state, damage: null }
  const lost = !head ? 'block' : !loaded.ok && loaded.code === 'page-damaged' ? 'page' : 'state'
  return { ...rest, head, state: null, damage: { height, lost, ...salvage(pages) } }
}

/** A light node has a head without a body where it began at a checkpoint. */
async function loadHead(storage: Storage, height: Height): Promise<StoredChain['head']> {
  const stored = await loadBlock(storage, height)
  if (!stored && (await isBlockDamaged(storage, height))) return null
  const head = stored
    ? { header: stored.block.header, certificate: stored.certificate }
    : await loadHeader(storage, height)
  return head && { ...head, id: head.certificate.blockId }
}

function salvage(pages: readonly Uint8Array[]): Pick<Damage, 'badPages' | 'goodPages' | 'salvaged'> {
  const framed = pages.map(framePage)
  const good = framed.filter((page) => page !== null)
  return {
    badPages: framed.length - good.length,
    goodPages: good.length,
    salvaged: good.flatMap((page) => page.records),
  }
}

export function damageWords({ height, lost, badPages, goodPages }: Damage): string {
  return `the store of block ${height} is damaged (${lost}; ${badPages} of ${badPages + goodPages} pages unreadable): it is put back from stored blocks and from peers`
}
