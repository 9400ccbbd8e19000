import { digest } from '@chainsafe/as-sha256'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, equalBytes } from '../lib/bytes.ts'
import { hashBytes } from '../protocol/hash.ts'
import type { Address } from '../protocol/ids.ts'
import { accountKey } from './keys.ts'
import { framePage, type RecordBytes } from './pages.ts'
import {
  type Chunk,
  encodeChunk,
  halvesOf,
  isInRegion,
  type Region,
  readChunk,
  regionContent,
  regionFits,
  restOf,
} from './region.ts'
import type { StateTree } from './state-tree.ts'
import { ChainState } from './store.ts'

const ALL: Region = { start: 0, depth: 0 }
const addressOf = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address
const numbers = fc.uniqueArray(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 300 })

interface Sample {
  readonly state: ChainState
  readonly tree: StateTree
  readonly root: Uint8Array
  readonly records: RecordBytes[]
}

function sample(accounts: readonly number[]): Sample {
  const state = new ChainState()
  const overlay = state.overlay()
  for (const n of accounts)
    overlay.set(accountKey(addressOf(n)), { balance: BigInt(n), nonce: n, lastDripHeight: 0, funder: null })
  const pages = overlay.adopt()
  const records = pages.flatMap(({ bytes }) => [...framePage(bytes)!.records])
  records.sort((a, b) => compareBytes(digest(a.key), digest(b.key)))
  return { state, tree: state.copyTree(), root: hashBytes(state.root()), records }
}

const chunkOf = ({ tree, records }: Sample, region: Region): Chunk => ({
  region,
  records: records.filter(({ key }) => isInRegion(digest(key), region)),
  edges: tree.region(region).edges,
})

/** Splits the whole at random. */
function split(region: Region, choices: number[]): Region[] {
  if (region.depth >= 14 || (choices.pop() ?? 0) === 0) return [region]
  return halvesOf(region).flatMap((half) => split(half, choices))
}

const choices = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 60 })

describe('chunks', () => {
  it('of any split of any state are good one by one, and together give the same root', () => {
    fc.assert(
      fc.property(numbers, choices, (accounts, cuts) => {
        const whole = sample(accounts)
        const records = split(ALL, [...cuts]).flatMap((region) => {
          const read = readChunk(encodeChunk(chunkOf(whole, region)), whole.root)
          expect(read).not.toBeNull()
          expect(read!.hash).toEqual(whole.tree.region(region).hash)
          return read!.records
        })
        const assembled = ChainState.assemble(records)!
        expect(assembled.state.root()).toBe(whole.state.root())
        const reloaded = ChainState.load(assembled.pages.map((page) => page.bytes))
        expect(reloaded.ok && reloaded.state.root()).toBe(whole.state.root())
      }),
    )
  })

  it('with any byte changed, or any record left out, are refused', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.nat(),
        fc.integer({ min: 0, max: 6 }),
        fc.nat(),
        (accounts, at, depth, mask) => {
          const whole = sample([...accounts, 1])
          const region = { start: 0, depth }
          const chunk = chunkOf(whole, region)
          const bytes = encodeChunk(chunk)
          const changed = bytes.slice()
          changed[at % bytes.length] = changed[at % bytes.length]! ^ (1 + (mask % 255))
          const read = readChunk(changed, whole.root)
          // A shallower or deeper claim may be true of the same records; content that is not the state's never is.
          if (read) expect(read.records).toEqual(chunk.records)
          if (chunk.records.length > 0) {
            const records = chunk.records.filter((_, i) => i !== at % chunk.records.length)
            expect(readChunk(encodeChunk({ ...chunk, records }), whole.root)).toBeNull()
          }
        },
      ),
    )
  })

  it('never show a region as empty that is not', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 8 }), (accounts, depth) => {
        const whole = sample([...accounts, 1, 2])
        for (let i = 0; i < 2 ** Math.min(depth, 4); i++) {
          const region = { start: i * 2 ** (32 - depth), depth }
          const { edges, records } = chunkOf(whole, region)
          const stranger = whole.records.map(({ key, value }) => ({
            key: digest(key),
            valueHash: digest(value),
          }))
          for (const leaf of [null, ...stranger.slice(0, 5)]) {
            const empty = encodeChunk({ region, records: [], edges: { ...edges, leaf } })
            if (records.length > 0) expect(readChunk(empty, whole.root)).toBeNull()
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('of another root fit it where nothing changed, and only there', () => {
    const before = sample([...Array(500).keys()])
    const overlay = before.state.overlay()
    overlay.set(accountKey(addressOf(7)), { balance: 1n, nonce: 0, lastDripHeight: 0, funder: null })
    overlay.adopt()
    const root = hashBytes(before.state.root())
    const tree = before.state.copyTree()
    const changed = digest(before.records.find(({ key }) => key.at(-1) === 7 && key.at(-2) === 0)!.key)
    for (let i = 0; i < 16; i++) {
      const region = { start: i * 2 ** 28, depth: 4 }
      const content = regionContent(region, chunkOf(before, region).records)!
      expect(regionFits(root, region, content, tree.region(region).edges)).toBe(!isInRegion(changed, region))
    }
    expect(equalBytes(before.tree.root, root)).toBe(false)
  })

  it('garbage is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(readChunk(bytes, new Uint8Array(32).fill(9))).toBeNull()
      }),
    )
  })

  it('the rest of a region tiles what its first part leaves', () => {
    expect(restOf(ALL, { start: 0, depth: 2 })).toEqual([
      { start: 2 ** 30, depth: 2 },
      { start: 2 ** 31, depth: 1 },
    ])
    expect(restOf(ALL, ALL)).toEqual([])
  })
})
