import { digest } from '@chainsafe/as-sha256'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, toHex, utf8 } from '../lib/bytes.ts'
import { bitAt, EMPTY_HASH, leafHash, nodeHash, type StateProof, verifyProof } from './proof.ts'
import { StateTree, type TreeWrite } from './state-tree.ts'

/** Few prefixes, so that paths are shared for long and leaves move up and down. */
const key = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })).map(([at, bits]) => {
  const bytes = new Uint8Array(32)
  bytes[0] = bits
  bytes[at * 4] = (bytes[at * 4]! + bits * 32) & 255
  return bytes
})
const value = fc.integer({ min: 0, max: 5 }).map((n) => utf8(`value ${n}`))
const batch = fc.uniqueArray(fc.tuple(key, fc.option(value, { freq: 3 })), {
  selector: ([k]) => toHex(k),
  maxLength: 24,
})
type Batch = readonly (readonly [Uint8Array, Uint8Array | null])[]

function writes(pairs: Batch): TreeWrite[] {
  return pairs.map(([k, v]) => ({ key: k, valueHash: v && digest(v) }))
}

/** The definition, word for word: empty, a leaf where a key is alone, else a node of both halves. */
function naiveRoot(entries: readonly (readonly [Uint8Array, Uint8Array])[], depth = 0): Uint8Array {
  if (entries.length === 0) return EMPTY_HASH
  if (entries.length === 1) return leafHash(entries[0]![0], digest(entries[0]![1]))
  const half = (bit: number) =>
    naiveRoot(
      entries.filter(([k]) => bitAt(k, depth) === bit),
      depth + 1,
    )
  return nodeHash(half(0), half(1))
}

class Reference {
  readonly entries = new Map<string, [Uint8Array, Uint8Array]>()
  apply(pairs: Batch): void {
    for (const [k, v] of pairs) {
      if (v) this.entries.set(toHex(k), [k, v])
      else this.entries.delete(toHex(k))
    }
  }
  root(): string {
    return toHex(naiveRoot([...this.entries.values()]))
  }
}

function treeOf(batches: readonly Batch[]): { tree: StateTree; reference: Reference } {
  const [tree, reference] = [new StateTree(), new Reference()]
  for (const pairs of batches) {
    tree.adopt(tree.stage(writes(pairs)))
    reference.apply(pairs)
  }
  return { tree, reference }
}

describe('state tree', () => {
  it('has the root of the definition after any batches of inserts, updates and deletes', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
        const { tree, reference } = treeOf(batches)
        expect(toHex(tree.root)).toBe(reference.root())
        expect(tree.leafCount).toBe(reference.entries.size)
      }),
      { numRuns: 300 },
    )
  })

  it('has a root that does not depend on the order or the grouping of inserts', () => {
    fc.assert(
      fc.property(batch, fc.func(fc.nat()), (pairs, order) => {
        const together = treeOf([pairs]).tree
        const shuffled = pairs.toSorted(
          (a, b) => order(toHex(a[0])) - order(toHex(b[0])) || compareBytes(a[0], b[0]),
        )
        const oneByOne = treeOf(shuffled.map((pair) => [pair])).tree
        expect(toHex(oneByOne.root)).toBe(toHex(together.root))
      }),
    )
  })

  it('is untouched by staging, so competing changes give the roots they would give alone', () => {
    fc.assert(
      fc.property(batch, batch, batch, (before, one, other) => {
        const { tree, reference } = treeOf([before])
        const root = toHex(tree.root)
        const first = tree.stage(writes(one))
        const second = tree.stage(writes(other))
        expect(toHex(tree.root)).toBe(root)
        expect(toHex(first.root)).toBe(toHex(treeOf([before, one]).tree.root))
        tree.adopt(second)
        reference.apply(other)
        expect(toHex(tree.root)).toBe(reference.root())
        expect(() => tree.adopt(first)).toThrow('adopted on the tree it was staged on')
        tree.adopt(tree.stage(writes(one)))
        reference.apply(one)
        expect(toHex(tree.root)).toBe(reference.root())
      }),
    )
  })

  it('uses the places of replaced nodes again', () => {
    const pairs: Batch = Array.from({ length: 500 }, (_, n) => [digest(utf8(`${n}`)), utf8('a')] as const)
    const { tree } = treeOf([pairs])
    const { allocatedBytes } = tree
    for (let round = 0; round < 50; round++)
      tree.adopt(tree.stage(writes(pairs.slice(round, round + 100).map(([k]) => [k, utf8(`${round}`)]))))
    expect(tree.allocatedBytes).toBe(allocatedBytes)
  })

  it('goes down to the last bit for keys that differ in it alone', () => {
    const [one, other] = [new Uint8Array(32), new Uint8Array(32)]
    other[31] = 1
    const { tree, reference } = treeOf([
      [
        [one, utf8('1')],
        [other, utf8('2')],
      ],
    ])
    expect(toHex(tree.root)).toBe(reference.root())
    expect(tree.prove(one).siblings).toHaveLength(256)
    tree.adopt(tree.stage([{ key: other, valueHash: null }]))
    expect(toHex(tree.root)).toBe(toHex(leafHash(one, digest(utf8('1')))))
  })
})

describe('proofs', () => {
  function proofOf(tree: StateTree, reference: Reference, k: Uint8Array): StateProof {
    return { ...tree.prove(k), value: reference.entries.get(toHex(k))?.[1] ?? null }
  }

  it('show the value of a key that is there and the absence of one that is not', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 4 }), key, (batches, other) => {
        const { tree, reference } = treeOf(batches)
        for (const k of [other, ...[...reference.entries.values()].map((entry) => entry[0])]) {
          const proof = proofOf(tree, reference, k)
          expect(verifyProof(tree.root, k, proof)).toEqual({ ok: true, value: proof.value })
        }
      }),
    )
  })

  it('fail when anything in them is changed', () => {
    fc.assert(
      fc.property(
        batch,
        key,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (pairs, k, where, byte, mask) => {
          const { tree, reference } = treeOf([pairs])
          const proof = proofOf(tree, reference, k)
          const parts = [
            ...proof.siblings,
            ...(proof.leaf ? [proof.leaf.valueHash] : []),
            ...(proof.value ? [proof.value] : []),
          ]
          fc.pre(parts.length > 0)
          const bad = parts[where % parts.length]!
          const spoilt = (bytes: Uint8Array) => {
            if (bytes !== bad) return bytes
            const copy = bytes.slice()
            copy[byte % copy.length]! ^= mask
            return copy
          }
          const tampered: StateProof = {
            siblings: proof.siblings.map(spoilt),
            leaf: proof.leaf && { key: proof.leaf.key, valueHash: spoilt(proof.leaf.valueHash) },
            value: proof.value && spoilt(proof.value),
          }
          expect(verifyProof(tree.root, k, tampered)).toEqual({ ok: false })
        },
      ),
    )
  })

  it('cannot show absence of a key that is there', () => {
    const { tree, reference } = treeOf([
      Array.from({ length: 40 }, (_, n) => [digest(utf8(`${n}`)), utf8('v')] as const),
    ])
    const [present, another] = [digest(utf8('3')), digest(utf8('4'))]
    const proof = proofOf(tree, reference, present)
    const elsewhere = proofOf(tree, reference, another)
    expect(verifyProof(tree.root, present, { ...proof, value: null })).toEqual({ ok: false })
    expect(verifyProof(tree.root, present, { ...proof, value: null, leaf: null })).toEqual({ ok: false })
    expect(verifyProof(tree.root, present, { ...elsewhere, value: null })).toEqual({ ok: false })
    expect(verifyProof(tree.root, present, { ...proof, siblings: proof.siblings.slice(1) })).toEqual({
      ok: false,
    })
  })

  it('do not take a leaf that stands where its key does not lead', () => {
    const [key, stray] = [new Uint8Array(32), new Uint8Array(32).fill(255)]
    const leaf = { key: stray, valueHash: digest(utf8('v')) }
    const sibling = digest(utf8('sibling'))
    const root = nodeHash(leafHash(leaf.key, leaf.valueHash), sibling)
    expect(verifyProof(root, key, { value: null, leaf, siblings: [sibling] })).toEqual({ ok: false })
  })

  it('give a verdict on bytes of any length', () => {
    const odd = { key: new Uint8Array(3), valueHash: new Uint8Array(1) }
    expect(verifyProof(EMPTY_HASH, new Uint8Array(5), { value: null, leaf: null, siblings: [] })).toEqual({
      ok: false,
    })
    expect(verifyProof(EMPTY_HASH, new Uint8Array(32), { value: null, leaf: odd, siblings: [] })).toEqual({
      ok: false,
    })
    const long = Array.from({ length: 257 }, () => new Uint8Array(32))
    expect(verifyProof(EMPTY_HASH, new Uint8Array(32), { value: null, leaf: null, siblings: long })).toEqual({
      ok: false,
    })
    expect(verifyProof(EMPTY_HASH, new Uint8Array(32), { value: null, leaf: null, siblings: [] })).toEqual({
      ok: true,
      value: null,
    })
  })
})
