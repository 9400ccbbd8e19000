/**
 * Proofs that a key has a value, or none, under a state root. Alone and small: a light client and a page use this file only.
 *
 * The tree is binary over 32-byte keys, most significant bit first. A leaf sits at the shallowest depth where its key is
 * alone, so that the shape depends on the keys only.
 *   leaf  = SHA-256(0x00 ‖ key ‖ SHA-256(value)), 65 bytes hashed
 *   node  = SHA-256(left ‖ right), 64 bytes hashed: the lengths keep leaves and nodes apart
 *   empty = 32 zero bytes
 */
import { digest, digest64 } from '@chainsafe/as-sha256'
import { concatBytes, equalBytes } from '../lib/bytes.ts'

/** Bits of a key: no path is longer. */
export const KEY_BITS = 256
export const HASH_BYTES = 32
export const EMPTY_HASH: Uint8Array = new Uint8Array(HASH_BYTES)

const LEAF_TAG = 0

export interface StateProof {
  /** null proves absence. */
  readonly value: Uint8Array | null
  /** What stands where the key's path ends; null: nothing does. */
  readonly leaf: { readonly key: Uint8Array; readonly valueHash: Uint8Array } | null
  /** From the leaf's level up, 32 bytes each. */
  readonly siblings: readonly Uint8Array[]
}

export type ProofResult = { readonly ok: true; readonly value: Uint8Array | null } | { readonly ok: false }

/** `key` is the 32-byte hash of a record key. Total: any input gives a verdict, nothing is thrown. */
export function verifyProof(root: Uint8Array, key: Uint8Array, proof: StateProof): ProofResult {
  const depth = proof.siblings.length
  if (key.length !== HASH_BYTES || depth > KEY_BITS) return { ok: false }
  if (proof.siblings.some((sibling) => sibling.length !== HASH_BYTES)) return { ok: false }
  if (!leafFits(key, proof, depth)) return { ok: false }
  let hash = proof.leaf === null ? EMPTY_HASH : leafHash(proof.leaf.key, proof.leaf.valueHash)
  for (let i = 0; i < depth; i++) {
    const sibling = proof.siblings[i]!
    hash = bitAt(key, depth - 1 - i) === 0 ? nodeHash(hash, sibling) : nodeHash(sibling, hash)
  }
  return equalBytes(hash, root) ? { ok: true, value: proof.value } : { ok: false }
}

/** The leaf shown is the key's own with this value, or one that stands in its place. */
function leafFits(key: Uint8Array, { leaf, value }: StateProof, depth: number): boolean {
  if (leaf === null) return value === null
  if (leaf.key.length !== HASH_BYTES || leaf.valueHash.length !== HASH_BYTES) return false
  if (value !== null) return equalBytes(leaf.key, key) && equalBytes(leaf.valueHash, digest(value))
  return !equalBytes(leaf.key, key) && sharedBits(leaf.key, key) >= depth
}

/** PERF: the same bytes for every leaf, filled before each hash. */
const leafInput = new Uint8Array(1 + 2 * HASH_BYTES)
leafInput[0] = LEAF_TAG

export function leafHash(key: Uint8Array, valueHash: Uint8Array): Uint8Array {
  leafInput.set(key, 1)
  leafInput.set(valueHash, 1 + HASH_BYTES)
  return digest(leafInput)
}

/** The same for key ‖ value hash in one piece. */
export function leafContentHash(content: Uint8Array): Uint8Array {
  leafInput.set(content, 1)
  return digest(leafInput)
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return digest64(concatBytes(left, right))
}

/** Bit `depth` of a key, the most significant first. */
export function bitAt(key: Uint8Array, depth: number): number {
  return (key[depth >> 3]! >> (7 - (depth & 7))) & 1
}

/** Leading bits that two keys have in common. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! ^ b[i]!
    if (difference !== 0) return 8 * i + Math.clz32(difference) - 24
  }
  return KEY_BITS
}
