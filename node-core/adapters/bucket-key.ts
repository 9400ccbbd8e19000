/** One flat ordered key space for all buckets: the bucket's number as the first byte. */
import { assert } from '../lib/assert.ts'
import { compareBytes } from '../lib/bytes.ts'
import type { RangeQuery } from '../ports/storage.ts'

const LAST_BUCKET = 255

/** Throws RangeError for a bucket outside of 0…255. */
export function bucketKey(bucket: number, key: Uint8Array): Uint8Array<ArrayBuffer> {
  requireBucket(bucket)
  const prefixed = new Uint8Array(1 + key.length)
  prefixed[0] = bucket
  prefixed.set(key, 1)
  return prefixed
}

export function withoutBucket(prefixed: Uint8Array): Uint8Array {
  assert(prefixed.length > 0, 'a stored key begins with its bucket')
  return prefixed.slice(1)
}

export interface KeyBounds {
  /** Inclusive. */
  readonly lower: Uint8Array<ArrayBuffer>
  /** Exclusive; null: to the end of the key space. */
  readonly upper: Uint8Array<ArrayBuffer> | null
}

/** null: no key can be inside. */
export function bucketBounds(bucket: number, query: RangeQuery): KeyBounds | null {
  if (!Number.isInteger(query.limit) || query.limit < 0) throw new RangeError(`limit: ${query.limit}`)
  const lower = bucketKey(bucket, query.from ?? new Uint8Array(0))
  const upper = query.to
    ? bucketKey(bucket, query.to)
    : bucket === LAST_BUCKET
      ? null
      : Uint8Array.of(bucket + 1)
  if (query.limit === 0 || (upper && compareBytes(lower, upper) >= 0)) return null
  return { lower, upper }
}

function requireBucket(bucket: number): void {
  if (!Number.isInteger(bucket) || bucket < 0 || bucket > LAST_BUCKET)
    throw new RangeError(`bucket: ${bucket}`)
}
