/** What peers say on streams and topics, and what the node reads back from its own disk, against bent real messages. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanFrames } from '../adapters/journal-frames.ts'
import { MemoryJournalFile } from '../adapters/memory/memory-journal.ts'
import { MemoryDisk } from '../adapters/memory/memory-storage.ts'
import { concatBytes, utf8 } from '../lib/bytes.ts'
import { fuzzRuns, hostileBytes, hostileJson, nested } from '../lib/mutations.test-kit.ts'
import { restorePeers } from '../mesh/discovery.ts'
import { ADDRESS_CHARACTERS, EXCHANGED_ADDRESSES, EXCHANGED_PEERS, KNOWN_PEERS } from '../mesh/limits.ts'
import { decodePeers, decodePeersRequest, encodePeers, encodePeersRequest } from '../mesh/peer-exchange.ts'
import { bytesOf, decidedBlocks } from '../protocol/arbitraries.ts'
import { isRegion, REGION_BITS } from '../state/region.ts'
import { BODY_TRANSACTIONS, SYNC_BLOCKS, SYNC_HEADERS } from './constants.ts'
import { blockWrite, loadBlock } from './repositories.ts'
import { restoreSigner } from './signer.ts'
import {
  type BlocksAnswer,
  type ChunkAnswer,
  type ChunkRequest,
  decodeBlocksAnswer,
  decodeChunkAnswer,
  decodeChunkRequest,
  decodeHeadersRequest,
  decodeOffer,
  encodeBlocksAnswer,
  encodeChunkAnswer,
  encodeChunkRequest,
  encodeHeadersRequest,
  encodeOffer,
  type SnapshotOffer,
} from './sync-protocols.ts'
import {
  decodeIds,
  decodeList,
  decodeRepeatable,
  decodeStatus,
  decodeSyncRequest,
  encodeList,
  encodeRepeatable,
  encodeStatus,
  encodeSyncRequest,
  type PeerStatus,
} from './wire-protocols.ts'

const RUNS = fuzzRuns(1_000)
const HEADER_BYTES = 4

const STATUS: PeerStatus = {
  genesisHash: `0x${'ab'.repeat(32)}`,
  headHeight: 42,
  mode: 'validator',
  version: '0.1.0',
  validator: `0x${'cd'.repeat(20)}`,
  wallMs: 1_790_000_000_000,
}

describe('a status', () => {
  const real = fc.constant(encodeStatus(STATUS))

  it('is one, or null, whatever the bytes are', () => {
    expect(decodeStatus(encodeStatus(STATUS))).toEqual(STATUS)
    fc.assert(
      fc.property(hostileBytes(real), (bytes) => {
        const status = decodeStatus(bytes)
        if (status === null) return
        expect(decodeStatus(encodeStatus(status))).toEqual(status)
        expect(status.headHeight).toBeGreaterThanOrEqual(0)
        expect(Number.isSafeInteger(status.headHeight)).toBe(true)
        expect(status.genesisHash).toMatch(/^0x[0-9a-f]{64}$/)
        expect(status.version).toMatch(/^[\w.+-]{1,32}$/)
      }),
      { numRuns: RUNS },
    )
  })

  it('of any JSON value in any field is one or null', () => {
    const fields = fc.record(
      Object.fromEntries(Object.keys(STATUS).map((name) => [name, hostileJson])) as Record<
        keyof PeerStatus,
        fc.Arbitrary<unknown>
      >,
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fields, (changed) => {
        const text = JSON.stringify({ ...STATUS, ...changed })
        expect(() => decodeStatus(utf8(text))).not.toThrow()
      }),
      { numRuns: RUNS },
    )
  })

  it.each([
    ['a version that paints the terminal', { version: '\u001b[2J0.1.0' }],
    ['a version of two lines', { version: '0.1.0\nforged' }],
    ['a genesis that is no hash', { genesisHash: 'x\u001b[31m' }],
    ['a clock beyond all dates', { wallMs: 1e308 }],
    ['a clock before all dates', { wallMs: -1 }],
    ['half a height', { headHeight: 0.5 }],
    ['a validator that is no address', { validator: '0x12' }],
    ['a mode that is none', { mode: 'toString' }],
  ])('is refused with %s', (_, change) => {
    expect(decodeStatus(encodeStatus({ ...STATUS, ...change } as PeerStatus))).toBeNull()
  })
})

describe('lists and ids', () => {
  const lists = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })

  it('of a list are its items, or null, and nothing else encodes so', () => {
    fc.assert(
      fc.property(hostileBytes(lists.map(encodeList)), fc.nat(10), (bytes, limit) => {
        const items = decodeList(bytes, limit)
        if (items === null) return
        expect(items.length).toBeLessThanOrEqual(limit)
        expect(encodeList(items)).toEqual(bytes)
      }),
      { numRuns: RUNS },
    )
  })

  it('makes no room for a count or a length that is not there', () => {
    const huge = Uint8Array.of(0xff, 0xff, 0xff, 0xff)
    expect(decodeList(huge, Number.MAX_SAFE_INTEGER)).toBeNull()
    expect(decodeList(concatBytes(Uint8Array.of(1, 0, 0, 0), huge), 1)).toBeNull()
  })

  it('ids are 32 bytes each and bounded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const ids = decodeIds(bytes)
        expect(ids === null).toBe(bytes.length % 32 !== 0)
        if (ids) expect(concatBytes(...ids)).toEqual(bytes)
      }),
      { numRuns: RUNS },
    )
    expect(decodeIds(new Uint8Array(32 * BODY_TRANSACTIONS))?.length).toBe(BODY_TRANSACTIONS)
    expect(decodeIds(new Uint8Array(32 * (BODY_TRANSACTIONS + 1)))).toBeNull()
  })

  it('a request for blocks asks for a bounded number', () => {
    fc.assert(
      fc.property(hostileBytes(bytesOf(8)), (bytes) => {
        const request = decodeSyncRequest(bytes)
        expect(request === null).toBe(bytes.length !== 8)
        if (request === null) return
        expect(request.limit).toBeLessThanOrEqual(SYNC_BLOCKS)
        expect(decodeSyncRequest(encodeSyncRequest(request))).toEqual(request)
      }),
      { numRuns: RUNS },
    )
  })

  it('a repeatable message is what stands behind the counter', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const payload = decodeRepeatable(bytes)
        expect(payload === null).toBe(bytes.length < HEADER_BYTES)
        if (payload) expect(decodeRepeatable(encodeRepeatable(7, payload))).toEqual(payload)
      }),
      { numRuns: RUNS },
    )
  })
})

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const regions = fc.tuple(u32, fc.nat(REGION_BITS)).map(([start, depth]) => ({
  start: start - (start % 2 ** (REGION_BITS - depth)),
  depth,
}))
const blocksAnswers: fc.Arbitrary<BlocksAnswer> = fc.oneof(
  fc.record({
    type: fc.constant('blocks' as const),
    items: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }),
  }),
  fc.record({ type: fc.constant('gone' as const), oldestHeight: u32 }),
)
const chunkRequests: fc.Arbitrary<ChunkRequest> = fc.record({
  height: u32,
  region: regions,
  known: fc.option(bytesOf(32).filter((hash) => hash.some((byte) => byte !== 0))),
})
const offers: fc.Arbitrary<SnapshotOffer> = fc.record({ height: u32, blockId: bytesOf(32), records: u32 })
const chunkAnswers: fc.Arbitrary<ChunkAnswer> = fc.oneof(
  fc.record({ type: fc.constant('chunk' as const), bytes: fc.uint8Array({ maxLength: 80 }) }),
  fc.record({ type: fc.constant('same' as const), edges: fc.uint8Array({ maxLength: 80 }) }),
  fc.record({ type: fc.constant('gone' as const) }),
)

interface SyncFormat<T> {
  readonly values: fc.Arbitrary<T>
  readonly encode: (value: T) => Uint8Array
  readonly decode: (bytes: Uint8Array) => T | null
}

const SYNC_FORMATS = {
  'an answer with blocks': { values: blocksAnswers, encode: encodeBlocksAnswer, decode: decodeBlocksAnswer },
  'a request for headers': {
    values: fc.array(u32, { maxLength: SYNC_HEADERS }),
    encode: encodeHeadersRequest,
    decode: decodeHeadersRequest,
  },
  'a request for a chunk': { values: chunkRequests, encode: encodeChunkRequest, decode: decodeChunkRequest },
  'an offer of a state': { values: offers, encode: encodeOffer, decode: decodeOffer },
  'an answer with a chunk': { values: chunkAnswers, encode: encodeChunkAnswer, decode: decodeChunkAnswer },
} as unknown as Readonly<Record<string, SyncFormat<unknown>>>

describe('what nodes that catch up say', () => {
  it.each(Object.entries(SYNC_FORMATS))('%s comes back from its bytes', (_, { values, encode, decode }) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual(value)
      }),
      { numRuns: fuzzRuns(300) },
    )
  })

  it.each(Object.entries(SYNC_FORMATS))(
    '%s of bent bytes is one that has these very bytes, or null',
    (_, format) => {
      const { values, encode, decode } = format
      fc.assert(
        fc.property(hostileBytes(values.map(encode)), (bytes) => {
          const value = decode(bytes)
          if (value !== null) expect(encode(value)).toEqual(bytes)
        }),
        { numRuns: RUNS },
      )
    },
  )

  it('a chunk is asked for of a region, and of no other piece of the keys', () => {
    fc.assert(
      fc.property(hostileBytes(chunkRequests.map(encodeChunkRequest)), (bytes) => {
        const request = decodeChunkRequest(bytes)
        if (request) expect(isRegion(request.region)).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })

  it('no offer is no offer', () => {
    expect(decodeOffer(encodeOffer(null))).toBeNull()
  })

  it('so many blocks and headers at once, and no more', () => {
    const blocks = (count: number) =>
      decodeBlocksAnswer(
        encodeBlocksAnswer({ type: 'blocks', items: Array.from({ length: count }, () => Uint8Array.of(1)) }),
      )
    expect(blocks(SYNC_BLOCKS)).toMatchObject({ items: { length: SYNC_BLOCKS } })
    expect(blocks(SYNC_BLOCKS + 1)).toBeNull()
    const headers = (count: number) => decodeHeadersRequest(new Uint8Array(4 * count))
    expect(headers(SYNC_HEADERS)).toHaveLength(SYNC_HEADERS)
    expect(headers(SYNC_HEADERS + 1)).toBeNull()
  })
})

describe('the peer exchange', () => {
  const peers = fc.constant(
    encodePeers([
      {
        peer: '12D3KooWExample',
        addresses: ['/ip4/127.0.0.1/tcp/4223/ws', '/p2p-circuit/webrtc/p2p/12D3KooW'],
      },
      { peer: '12D3KooWOther', addresses: [] },
    ]),
  )

  it('answers to bent lists with peers within the limits, or null', () => {
    fc.assert(
      fc.property(hostileBytes(peers), (bytes) => {
        const decoded = decodePeers(bytes)
        if (decoded === null) return
        expect(decoded.length).toBeLessThanOrEqual(EXCHANGED_PEERS)
        for (const { addresses } of decoded) {
          expect(addresses.length).toBeLessThanOrEqual(EXCHANGED_ADDRESSES)
          expect(addresses.every((each) => each.length <= ADDRESS_CHARACTERS)).toBe(true)
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('answers to any JSON', () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const bytes = utf8(JSON.stringify([value, { peer: value, addresses: value }]))
        expect(() => decodePeers(bytes)).not.toThrow()
        expect(() => decodePeersRequest(bytes)).not.toThrow()
        expect(() => decodePeersRequest(utf8(JSON.stringify({ chainId: value })))).not.toThrow()
      }),
      { numRuns: RUNS },
    )
    expect(decodePeersRequest(encodePeersRequest({ chainId: 'c'.repeat(300) }))).toBeNull()
  })

  it('the address book on the disk, whatever became of it, is a bounded list of peers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileJson, fc.record({ peer: hostileJson, addresses: hostileJson }))),
        (stored) => {
          expect(restorePeers(stored, 0).length).toBeLessThanOrEqual(KNOWN_PEERS)
        },
      ),
      { numRuns: fuzzRuns(200) },
    )
    expect(restorePeers(nested(2_000), 0)).toEqual([])
  })
})

describe('what the node wrote to its own disk', () => {
  it('a spoilt block is none, never a throw', async () => {
    await fc.assert(
      fc.asyncProperty(decidedBlocks, fc.infiniteStream(fc.nat()), async ({ block, certificate }, random) => {
        const observation = { decisionMs: 7, ownCommit: true, signedPower: 1 }
        const [write] = [blockWrite(1, { block, certificate, receipts: [], observation })]
        const storage = new MemoryDisk().open()
        const bytes = write!.value!.slice()
        for (let i = 0; i < 3; i++)
          bytes[random.next().value! % bytes.length]! ^= 1 + (random.next().value! % 255)
        await storage.commit([{ ...write!, value: bytes }])
        await expect(loadBlock(storage, 1)).resolves.toBeDefined()
      }),
      { numRuns: fuzzRuns(100) },
    )
  })

  it('a spoilt observation is no block', async () => {
    const [decided] = fc.sample(decidedBlocks, { numRuns: 1, seed: 3 })
    const observation = { decisionMs: 7, ownCommit: true, signedPower: 1 }
    const [write] = [blockWrite(1, { ...decided!, receipts: [], observation })]
    const bytes = write!.value!.slice()
    bytes[bytes.length - 1] = 0x22
    const storage = new MemoryDisk().open()
    await storage.commit([{ ...write!, value: bytes }])
    expect(await loadBlock(storage, 1)).toBeNull()
  })

  it('a bent journal gives whole records and says when it is damaged; a record that cannot be read is a lost one', async () => {
    const file = new MemoryJournalFile()
    const journal = file.open()
    await journal.append(encodeList([utf8('not a record'), encodeList([])]))
    await journal.append(utf8('second'))
    expect(await restoreSigner(journal)).toMatchObject({ record: null, preparedBody: [], lost: true })
    fc.assert(
      fc.property(hostileBytes(fc.constant(file.bytes)), (bytes) => {
        const { records, wholeBytes } = scanFrames(bytes)
        expect(wholeBytes).toBeLessThanOrEqual(bytes.length)
        expect(records.length).toBeLessThanOrEqual(bytes.length / 16)
      }),
      { numRuns: RUNS },
    )
  })
})
