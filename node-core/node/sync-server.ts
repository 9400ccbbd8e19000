/** Answers nodes that catch up. What is not here is said to be gone, so that they ask others. */
import type { Network } from '../ports/network.ts'
import { NetworkError } from '../ports/network-error.ts'
import { encodeHeader } from '../protocol/codec-block.ts'
import { encodeCertificate } from '../protocol/codec-certificate.ts'
import { encodeValidatorSet } from '../protocol/codec-validator-set.ts'
import { validatorsHash } from '../protocol/hash.ts'
import type { Height } from '../protocol/ids.ts'
import type { Chain } from './chain.ts'
import { SYNC_BYTES } from './constants.ts'
import type { SnapshotSource } from './snapshot-source.ts'
import {
  type BlocksAnswer,
  decodeChunkRequest,
  decodeHeadersRequest,
  encodeBlocksAnswer,
  encodeChunkAnswer,
  encodeOffer,
  HEADERS_PROTOCOL,
  SNAPSHOT_PROTOCOL,
  SYNC_PROTOCOL,
} from './sync-protocols.ts'
import { decodeSyncRequest, encodeList } from './wire-protocols.ts'

export function serveSync(network: Network, chain: Chain, snapshots: SnapshotSource): void {
  network.handle(SYNC_PROTOCOL, async (request) => {
    const { fromHeight, limit } = readable(decodeSyncRequest(request))
    return encodeBlocksAnswer(await blocksFrom(chain, fromHeight, limit))
  })
  network.handle(HEADERS_PROTOCOL, async (request) => {
    const items: Uint8Array[] = []
    let bytes = 0
    for (const height of readable(decodeHeadersRequest(request))) {
      const item = await headerItem(chain, height)
      bytes += item.length
      if (items.length > 0 && bytes > SYNC_BYTES) break
      items.push(item)
    }
    return encodeList(items)
  })
  network.handle(SNAPSHOT_PROTOCOL, async (request) => {
    if (request.length === 0) return encodeOffer(await snapshots.offer())
    return encodeChunkAnswer(await snapshots.chunk(readable(decodeChunkRequest(request))))
  })
}

/** Nonsense gets no answer, and is held against who sent it. */
function readable<T>(request: T | null): T {
  if (request === null) throw new NetworkError('refused')
  return request
}

const noBlocks: BlocksAnswer = { type: 'blocks', items: [] }

async function blocksFrom(chain: Chain, from: Height, limit: number): Promise<BlocksAnswer> {
  if (from > chain.height || from < 1) return noBlocks
  const items: Uint8Array[] = []
  let bytes = 0
  for (const item of await chain.loadEncoded(from, limit)) {
    bytes += item.length
    if (items.length > 0 && bytes > SYNC_BYTES) break
    items.push(item)
  }
  if (items.length > 0) return { type: 'blocks', items }
  // Let go, or damaged on this disk; the head's may also be on its way there.
  return from === chain.height
    ? noBlocks
    : { type: 'gone', oldestHeight: Math.max(chain.oldestHeight, from + 1) }
}

/** Empty: not here. A set that is not the header's is not handed out. */
async function headerItem(chain: Chain, height: Height): Promise<Uint8Array> {
  const nothing = new Uint8Array()
  if (height < 1 || height > chain.height) return nothing
  const kept = await chain.loadHeader(height)
  const set = kept && (await chain.loadSetAt(height))
  if (!kept || !set || validatorsHash(set) !== kept.header.validatorsHash) return nothing
  return encodeList([encodeHeader(kept.header), encodeCertificate(kept.certificate), encodeValidatorSet(set)])
}
