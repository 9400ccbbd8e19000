/** Pages and proofs as a peer or a spoilt disk gives them: refused or right, never a throw. */
import { digest } from '@chainsafe/as-sha256'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../lib/bytes.ts'
import { fuzzRuns, hostileBytes } from '../lib/mutations.test-kit.ts'
import { hashBytes } from '../protocol/hash.ts'
import type { Address } from '../protocol/ids.ts'
import { accountKey, encodeRecord, keyHash, readKey } from './keys.ts'
import { encodeFrames, readFrames } from './pages.ts'
import { type StateProof, verifyProof } from './proof.ts'
import { encodeEdges, isRegion, type RegionEdges, readEdges } from './region.ts'
import { ChainState } from './store.ts'

const RUNS = fuzzRuns(250)
const CHECKSUM_BYTES = 32
const addressOf = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address

function stateOf(count: number) {
  const state = new ChainState()
  const overlay = state.overlay()
  for (let n = 0; n < count; n++)
    overlay.set(accountKey(addressOf(n)), { balance: BigInt(n), nonce: n, lastDripHeight: 0, funder: null })
  return { state, pages: overlay.adopt() }
}

describe('a page', () => {
  const { state, pages } = stateOf(120)
  const bytesOf = pages.map((page) => page.bytes)

  it('that is bent is refused', () => {
    expect(ChainState.load(bytesOf).ok).toBe(true)
    fc.assert(
      fc.property(hostileBytes(fc.constantFrom(...bytesOf)), fc.nat(), (bytes, at) => {
        const bent = bytesOf.map((each, i) => (i === at % bytesOf.length ? bytes : each))
        const loaded = ChainState.load(bent)
        if (loaded.ok) expect(loaded.state.root()).toEqual(state.root())
      }),
      { numRuns: RUNS },
    )
  })

  it('that is bent under a checksum that fits gives another root or none: what it says is checked too', () => {
    const sealed = hostileBytes(
      fc.constantFrom(...bytesOf.map((each) => each.slice(0, -CHECKSUM_BYTES))),
    ).map((body) => concatBytes(body, digest(body)))
    fc.assert(
      fc.property(sealed, fc.nat(), (bytes, at) => {
        const loaded = ChainState.load(bytesOf.map((each, i) => (i === at % bytesOf.length ? bytes : each)))
        if (loaded.ok) expect(loaded.state.root()).toMatch(/^0x[0-9a-f]{64}$/)
        else expect(loaded.code).not.toBe('')
      }),
      { numRuns: RUNS },
    )
  })

  it('twice, or missing, does not load', () => {
    expect(ChainState.load([...bytesOf, bytesOf[0]!]).ok).toBe(false)
    if (bytesOf.length > 1) expect(ChainState.load(bytesOf.slice(1)).ok).toBe(false)
  })
})

describe('a proof', () => {
  const { state } = stateOf(120)
  const root = hashBytes(state.root())
  const key = accountKey(addressOf(17))
  const { proof } = state.prove(key)

  it('holds for what it proves, and for nothing when it is bent', () => {
    expect(verifyProof(root, keyHash(key), proof)).toMatchObject({ ok: true })
    const pieces = fc.constantFrom(...proof.siblings, proof.value!, proof.leaf!.key, proof.leaf!.valueHash)
    fc.assert(
      fc.property(hostileBytes(pieces), fc.nat(), fc.nat(4), (bytes, at, where) => {
        const siblings = proof.siblings.map((each, i) => (i === at % proof.siblings.length ? bytes : each))
        const changed: StateProof[] = [
          { ...proof, siblings },
          { ...proof, siblings: [...proof.siblings, bytes] },
          { ...proof, value: bytes },
          { ...proof, leaf: { ...proof.leaf!, key: bytes } },
          { ...proof, leaf: { ...proof.leaf!, valueHash: bytes } },
        ]
        const verdict = verifyProof(root, keyHash(key), changed[where]!)
        if (verdict.ok) expect(verdict.value).toEqual(proof.value)
      }),
      { numRuns: RUNS },
    )
  })

  it('of any size ends', () => {
    const siblings = Array.from({ length: 100_000 }, () => new Uint8Array(32))
    expect(verifyProof(root, keyHash(key), { ...proof, siblings })).toEqual({ ok: false })
    expect(verifyProof(root, new Uint8Array(0), proof)).toEqual({ ok: false })
    expect(verifyProof(new Uint8Array(0), keyHash(key), proof)).toEqual({ ok: false })
  })
})

describe('what a chunk of a state is made of', () => {
  const { state } = stateOf(120)
  const tree = state.copyTree()
  const records = fc.array(
    fc.record({ key: fc.uint8Array({ maxLength: 40 }), value: fc.uint8Array({ maxLength: 60 }) }),
    { maxLength: 6 },
  )
  const regions = fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(12)).map(([start, depth]) => ({
    start: start - (start % 2 ** (32 - depth)),
    depth,
  }))
  const edges = regions.map((region) => encodeEdges(region, tree.region(region).edges))

  it('frames of bent bytes are records that have these very bytes, or null', () => {
    fc.assert(
      fc.property(records, (list) => {
        expect(readFrames(encodeFrames(list))).toEqual(list)
      }),
      { numRuns: RUNS },
    )
    fc.assert(
      fc.property(hostileBytes(records.map(encodeFrames)), (bytes) => {
        const read = readFrames(bytes)
        if (read !== null) expect(encodeFrames(read)).toEqual(bytes)
      }),
      { numRuns: RUNS },
    )
  })

  it('edges of bent bytes are those of a region and have these very bytes, or null', () => {
    fc.assert(
      fc.property(regions, (region) => {
        const real: RegionEdges = tree.region(region).edges
        const bytes = encodeEdges(region, real)
        expect(readEdges(bytes)).toEqual({ region, edges: real, size: bytes.length })
      }),
      { numRuns: RUNS },
    )
    fc.assert(
      fc.property(hostileBytes(edges), (bytes) => {
        const read = readEdges(bytes)
        if (read === null) return
        expect(isRegion(read.region)).toBe(true)
        expect(read.size).toBeLessThanOrEqual(bytes.length)
        expect(encodeEdges(read.region, read.edges)).toEqual(bytes.subarray(0, read.size))
      }),
      { numRuns: 4 * RUNS },
    )
  })

  it('edges are no more than their region is deep', () => {
    const siblings = Array.from({ length: 4 }, () => new Uint8Array(32))
    const bytes = encodeEdges({ start: 0, depth: 4 }, { leaf: null, siblings })
    expect(readEdges(bytes)?.edges.siblings).toHaveLength(4)
    expect(readEdges(bytes.with(0, 3))).toBeNull()
  })
})

it('a record key is one or null, whatever the bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const read = readKey(bytes)
      if (read !== null) expect(keyHash(read)).toEqual(digest(bytes))
    }),
    { numRuns: RUNS },
  )
  expect(
    encodeRecord(accountKey(addressOf(1)), { balance: 1n, nonce: 1, lastDripHeight: 0, funder: null }),
  ).toHaveLength(28)
})
