/** Blocks from a height on, fetched ahead from several peers at once and given out in order. */
import type { PeerId } from '../ports/network.ts'
import { decodeDecidedBlock } from '../protocol/codec-block.ts'
import type { DecidedBlock } from '../protocol/decided.ts'
import { blockId, certificateHash } from '../protocol/hash.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { Chain } from './chain.ts'
import { SYNC_BLOCKS, SYNC_RANGES_AHEAD } from './constants.ts'
import type { FetchPlan, FetchVerdict } from './fetch-plan.ts'
import { decodeBlocksAnswer, SYNC_PROTOCOL } from './sync-protocols.ts'
import { encodeSyncRequest } from './wire-protocols.ts'

/** Consecutive blocks, each naming the one before it and carrying that one's certificate. */
export interface BlockRange {
  readonly fromHeight: Height
  /** At least one. */
  readonly blocks: readonly (DecidedBlock & { readonly id: Hash })[]
  /** null: from this node's own store. */
  readonly peer: PeerId | null
}

/** Bytes that a range is reckoned at before the first came. */
const FIRST_ESTIMATE_BYTES = 256 * 1024

export class BlockFeed {
  readonly #chain: Chain
  readonly #plan: FetchPlan
  readonly #claims: (peer: PeerId) => Height
  readonly #exhausted: (peer: PeerId, height: Height) => void
  readonly #fetched: (range: BlockRange) => void
  #window: { readonly from: Height; readonly count: number; readonly range: Promise<BlockRange | null> }[] =
    []
  #nextHeight: Height
  /** Bodies that this store still has from before its state was lost. */
  #ownUpTo: Height
  #estimateBytes = FIRST_ESTIMATE_BYTES

  constructor(options: {
    chain: Chain
    plan: FetchPlan
    /** The highest height that the peer says it has. */
    claims: (peer: PeerId) => Height
    /** The peer has nothing above this height, whatever it said. */
    exhausted: (peer: PeerId, height: Height) => void
    /** A range is here and waits for its turn. */
    fetched: (range: BlockRange) => void
  }) {
    this.#chain = options.chain
    this.#plan = options.plan
    this.#claims = options.claims
    this.#exhausted = options.exhausted
    this.#fetched = options.fetched
    this.#nextHeight = options.chain.height + 1
    this.#ownUpTo = options.chain.damage?.height ?? 0
  }

  /** The next blocks up to the target; null: nobody gave them. */
  async next(target: Height): Promise<BlockRange | null> {
    while (this.#window.length < SYNC_RANGES_AHEAD && this.#nextHeight <= target) {
      const count = Math.min(SYNC_BLOCKS, target - this.#nextHeight + 1)
      this.#window.push(this.#entry(this.#nextHeight, count))
      this.#nextHeight += count
    }
    const first = this.#window.shift()
    const range = first ? await first.range : null
    if (!first || !range) return null
    const left = first.count - range.blocks.length
    if (left > 0) this.#window.unshift(this.#entry(first.from + range.blocks.length, left))
    return range
  }

  /** The range did not hold from this height on: its peer is not asked again, and the blocks are. */
  refuse({ peer, fromHeight, blocks }: BlockRange, height: Height): void {
    if (peer) this.#plan.blame(peer)
    else this.#ownUpTo = 0
    this.#window.unshift(this.#entry(height, fromHeight + blocks.length - height))
  }

  #entry(from: Height, count: number) {
    const range = this.#fetch(from, count)
    // Whoever waits for it hears of a failure; until then it is nobody's.
    range.catch(() => undefined)
    return { from, count, range }
  }

  async #fetch(from: Height, count: number): Promise<BlockRange | null> {
    const own = await this.#own(from, count)
    if (own) return own
    let range: BlockRange | null = null
    const request = encodeSyncRequest({ fromHeight: from, limit: count })
    await this.#plan.fetch({
      protocol: SYNC_PROTOCOL,
      request,
      bytes: this.#estimateBytes,
      mayServe: (peer) => this.#claims(peer) >= from,
      take: (answer, peer) => {
        const read = readRange(answer, peer, from, count)
        if (read === 'empty') this.#exhausted(peer, from - 1)
        if (typeof read === 'string') return read === 'empty' ? 'gone' : read
        this.#estimateBytes = Math.max(this.#estimateBytes >> 1, answer.length)
        range = read
        this.#fetched(read)
        return 'done'
      },
    })
    return range
  }

  async #own(fromHeight: Height, count: number): Promise<BlockRange | null> {
    if (fromHeight > this.#ownUpTo) return null
    const stored = await this.#chain.loadRange(fromHeight, count)
    const blocks = linked(fromHeight, stored)
    if (!blocks || blocks.length === 0) return null
    const range = { fromHeight, blocks, peer: null }
    this.#fetched(range)
    return range
  }
}

function readRange(
  answer: Uint8Array,
  peer: PeerId,
  fromHeight: Height,
  count: number,
): BlockRange | Exclude<FetchVerdict, 'done'> | 'empty' {
  const decoded = decodeBlocksAnswer(answer)
  if (!decoded) return 'wrong'
  if (decoded.type === 'gone') return 'gone'
  if (decoded.items.length === 0) return 'empty'
  if (decoded.items.length > count) return 'wrong'
  const decided: DecidedBlock[] = []
  for (const item of decoded.items) {
    const block = decodeDecidedBlock(item)
    if (!block.ok) return 'wrong'
    decided.push(block.value)
  }
  const blocks = linked(fromHeight, decided)
  return blocks && blocks.length === decided.length ? { fromHeight, blocks, peer } : 'wrong'
}

/**
 * The blocks as far as they follow each other without a gap. null: one of them names another parent, carries another's
 * certificate, or its own is for another block.
 */
function linked(fromHeight: Height, decided: readonly DecidedBlock[]): BlockRange['blocks'] | null {
  const blocks: (DecidedBlock & { readonly id: Hash })[] = []
  for (const { block, certificate } of decided) {
    const { header, body } = block
    if (header.height !== fromHeight + blocks.length) return blocks
    const id = blockId(header)
    if (certificate.blockId !== id || certificate.height !== header.height) return null
    if (certificateHash(body.parentCertificate) !== header.lastCertificateHash) return null
    const parent = blocks.at(-1)
    if (parent && (header.parentId !== parent.id || body.parentCertificate?.blockId !== parent.id))
      return null
    blocks.push({ block, certificate, id })
  }
  return blocks
}
