/** Records of the state, or their absence, under the root of a verified header. */
import { equalBytes, fromHex } from '../lib/bytes.ts'
import { hashBytes } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import { decodeRecord, keyHash, type StateKey } from '../state/keys.ts'
import { HASH_BYTES, KEY_BITS, type StateProof, verifyProof } from '../state/proof.ts'
import { accept, type LightResult, refuse } from './fault.ts'

/** As chain_proof writes it; fields of any kind, since anybody may have written them. */
export interface StateProofView {
  readonly key: unknown
  readonly value: unknown
  readonly leaf: unknown
  readonly siblings: unknown
}

export interface ProvedRecord<T> {
  /** null: proved that there is none. */
  readonly record: T | null
  /** Hashes between the record and the root. */
  readonly depth: number
}

/** `stateRoot` is of a verified header; `key` says which record, so that a proof of another one does not pass for it. */
export function verifyRecord<T>(
  stateRoot: Hash,
  key: StateKey<T>,
  view: StateProofView,
): LightResult<ProvedRecord<T>> {
  const proof = readStateProof(view)
  if (!proof) return refuse('malformed', { what: 'proof' })
  const place = keyHash(key)
  const claimed = readHash(view.key)
  if (!claimed || !equalBytes(claimed, place)) return refuse('wrong-proof', { what: 'key' })
  const held = verifyProof(hashBytes(stateRoot), place, proof)
  if (!held.ok) return refuse('bad-proof', { root: stateRoot, depth: proof.siblings.length })
  if (held.value === null) return accept({ record: null, depth: proof.siblings.length })
  const record = decodeRecord(key, held.value)
  return record.ok
    ? accept({ record: record.value, depth: proof.siblings.length })
    : refuse('bad-record', { reason: record.code })
}

/** null: not a proof at all. */
export function readStateProof({ value, leaf, siblings }: StateProofView): StateProof | null {
  if (!Array.isArray(siblings) || siblings.length > KEY_BITS) return null
  const hashes = siblings.map(readHash)
  const read = value === null ? null : typeof value === 'string' ? fromHex(value) : undefined
  const end = leaf === null ? null : readLeaf(leaf)
  if (read === undefined || end === undefined || (read === null && value !== null)) return null
  return hashes.every((hash) => hash !== null) ? { value: read, leaf: end, siblings: hashes } : null
}

function readLeaf(leaf: unknown): Exclude<StateProof['leaf'], null> | undefined {
  if (typeof leaf !== 'object' || leaf === null) return undefined
  const { key, valueHash } = leaf as { readonly key?: unknown; readonly valueHash?: unknown }
  const [place, hash] = [readHash(key), readHash(valueHash)]
  return place && hash ? { key: place, valueHash: hash } : undefined
}

function readHash(text: unknown): Uint8Array | null {
  return typeof text === 'string' ? fromHex(text, HASH_BYTES) : null
}
