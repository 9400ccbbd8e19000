import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashBytes } from '../protocol/hash.ts'
import type { Address } from '../protocol/ids.ts'
import { accountKey, keyHash, type StateKey, unbondingKey } from './keys.ts'
import { PAGE_BYTES, type StatePage } from './pages.ts'
import { verifyProof } from './proof.ts'
import type { Account } from './records.ts'
import { ChainState } from './store.ts'

const addressOf = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address
const account = (balance: bigint, nonce = 0): Account => ({ balance, nonce, lastDripHeight: 0, funder: null })

/** null deletes. */
const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.option(fc.nat(), { freq: 4 })), {
  maxLength: 200,
})

function adopt(state: ChainState, pairs: readonly (readonly [number, number | null])[]): StatePage[] {
  const overlay = state.overlay()
  for (const [n, balance] of pairs) {
    if (balance === null) overlay.delete(accountKey(addressOf(n)))
    else overlay.set(accountKey(addressOf(n)), account(BigInt(balance), n))
  }
  return overlay.adopt()
}

class Disk {
  readonly pages = new Map<string, Uint8Array>()
  write(pages: readonly StatePage[]): void {
    for (const { key, bytes } of pages) this.pages.set(key.join(), bytes)
  }
  get bytes(): Uint8Array[] {
    return [...this.pages.values()]
  }
}

function loaded(pages: readonly Uint8Array[]): ChainState {
  const result = ChainState.load(pages)
  if (!result.ok) throw new Error(result.code)
  return result.state
}

describe('overlay', () => {
  it('shows its own changes and leaves the state as it was until it is adopted', () => {
    const state = new ChainState()
    adopt(state, [
      [1, 10],
      [2, 20],
    ])
    const root = state.root()
    const overlay = state.overlay()
    overlay.set(accountKey(addressOf(1)), account(11n))
    overlay.delete(accountKey(addressOf(2)))
    expect(overlay.get(accountKey(addressOf(1)))).toEqual(account(11n))
    expect(overlay.get(accountKey(addressOf(2)))).toBeNull()
    expect(overlay.keysOf('account')).toEqual([accountKey(addressOf(1))])
    expect(overlay.root()).not.toBe(root)
    expect(state.root()).toBe(root)
    expect(state.get(accountKey(addressOf(2)))).toEqual(account(20n, 2))
    const after = overlay.root()
    overlay.adopt()
    expect(state.root()).toBe(after)
    expect(state.get(accountKey(addressOf(2)))).toBeNull()
  })

  it('has a new root after each further change', () => {
    const state = new ChainState()
    const overlay = state.overlay()
    overlay.set(accountKey(addressOf(1)), account(1n))
    const first = overlay.root()
    overlay.set(accountKey(addressOf(1)), account(2n))
    expect(overlay.root()).not.toBe(first)
    overlay.set(accountKey(addressOf(1)), account(1n))
    expect(overlay.root()).toBe(first)
  })

  it('forks whose changes are merged or forgotten', () => {
    const overlay = new ChainState().overlay()
    overlay.set(accountKey(addressOf(1)), account(1n))
    const dropped = overlay.fork()
    dropped.set(accountKey(addressOf(1)), account(5n))
    dropped.fork().delete(accountKey(addressOf(1)))
    expect(dropped.get(accountKey(addressOf(1)))).toEqual(account(5n))
    expect(overlay.get(accountKey(addressOf(1)))).toEqual(account(1n))
    const merged = overlay.fork()
    merged.delete(accountKey(addressOf(1)))
    merged.merge()
    expect(overlay.get(accountKey(addressOf(1)))).toBeNull()
  })

  it('of one state may compete: the one adopted makes the others worthless', () => {
    const state = new ChainState()
    const [one, other] = [state.overlay(), state.overlay()]
    one.set(accountKey(addressOf(1)), account(1n))
    other.set(accountKey(addressOf(2)), account(2n))
    expect(one.root()).not.toBe(other.root())
    const wanted = other.root()
    other.adopt()
    expect(state.root()).toBe(wanted)
    expect(() => one.adopt()).toThrow('staged on')
  })
})

describe('pages', () => {
  it('give back the same state, however it came about', () => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 1, maxLength: 5 }), (batches) => {
        const [state, disk] = [new ChainState(), new Disk()]
        for (const batch of batches) disk.write(adopt(state, batch))
        fc.pre(disk.bytes.length > 0)
        const copy = loaded(disk.bytes.reverse())
        expect(copy.root()).toBe(state.root())
        expect(copy.recordCount).toBe(state.recordCount)
        for (const batch of batches) disk.write(adopt(copy, batch))
        for (const batch of batches) adopt(state, batch)
        expect(loaded(disk.bytes).root()).toBe(state.root())
      }),
      { numRuns: 40 },
    )
  })

  it('stay near their size as the state grows, and a small change writes few', () => {
    const [state, disk] = [new ChainState(), new Disk()]
    for (let n = 0; n < 5_000; n += 500)
      disk.write(
        adopt(
          state,
          Array.from({ length: 500 }, (_, i) => [n + i, 1] as const),
        ),
      )
    const sizes = disk.bytes.map((page) => page.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(PAGE_BYTES)
    expect(sizes.reduce((a, b) => a + b) / sizes.length).toBeGreaterThan(PAGE_BYTES / 4)
    expect(
      adopt(state, [
        [17, 2],
        [4_000, 3],
      ]).length,
    ).toBeLessThanOrEqual(2)
    expect(adopt(state, [])).toEqual([])
  })

  it('are refused when damaged, missing or given twice', () => {
    const [state, disk] = [new ChainState(), new Disk()]
    disk.write(
      adopt(
        state,
        Array.from({ length: 300 }, (_, n) => [n, n] as const),
      ),
    )
    const pages = disk.bytes
    expect(pages.length).toBeGreaterThan(2)
    expect(ChainState.load(pages.slice(1))).toEqual({ ok: false, code: 'page-missing' })
    expect(ChainState.load([...pages, pages[0]!])).toEqual({ ok: false, code: 'page-missing' })
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (page, byte, mask) => {
        const spoilt = pages.map((bytes) => bytes.slice())
        const victim = spoilt[page % spoilt.length]!
        victim[byte % victim.length]! ^= mask
        expect(ChainState.load(spoilt)).toEqual({ ok: false, code: 'page-damaged' })
      }),
    )
    expect(ChainState.load([new Uint8Array(5)])).toEqual({ ok: false, code: 'page-damaged' })
  })
})

describe('proofs of records', () => {
  it('verify under the root, for records that are there and not', () => {
    const state = new ChainState()
    adopt(
      state,
      Array.from({ length: 50 }, (_, n) => [n, n] as const),
    )
    const root = hashBytes(state.root())
    const keys: StateKey<unknown>[] = [accountKey(addressOf(7)), accountKey(addressOf(999)), unbondingKey(3)]
    for (const key of keys) {
      const { key: hash, proof } = state.prove(key)
      expect(hash).toEqual(keyHash(key))
      expect(verifyProof(root, hash, proof)).toEqual({ ok: true, value: proof.value })
      expect(proof.value === null).toBe(state.get(key) === null)
    }
  })
})
