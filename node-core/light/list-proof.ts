/** Proofs that an item stands in a block's list of transactions or receipts, under the root in its header. */
import { assert } from '../lib/assert.ts'
import { MAX_BLOCK_TRANSACTIONS } from '../protocol/constants.ts'
import { DOMAINS, hashBytes, hashOf } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'

/** The lists that headers have roots of. */
export type ProvableList = 'transactions' | 'receipts'

export interface ListProof {
  /** From 0. */
  readonly index: number
  /** Items in the list. */
  readonly count: number
  /** From the item's level up; a level where the item stands alone has none. */
  readonly siblings: readonly Hash[]
}

/** `items`: ids of transactions as bytes, or encoded receipts, in the block's order. */
export function proveListItem(items: readonly Uint8Array[], index: number): ListProof {
  assert(index >= 0 && index < items.length, 'the item is in the list')
  const siblings: Hash[] = []
  let level = items.map((item) => hashOf(DOMAINS.leaf, item))
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1]
    if (sibling) siblings.push(sibling)
    level = levelAbove(level)
  }
  return { index, count: items.length, siblings }
}

/** Total: a proof of any shape gets a verdict. */
export function verifyListItem(
  list: ProvableList,
  root: Hash,
  item: Uint8Array,
  { index, count, siblings }: ListProof,
): boolean {
  if (!Number.isInteger(count) || count < 1 || count > MAX_BLOCK_TRANSACTIONS) return false
  if (!Number.isInteger(index) || index < 0 || index >= count) return false
  let hash = hashOf(DOMAINS.leaf, item)
  let used = 0
  for (let at = index, size = count; size > 1; at >>= 1, size = (size + 1) >> 1) {
    if ((at ^ 1) >= size) continue
    const sibling = siblings[used++]
    if (sibling === undefined) return false
    hash = at % 2 === 0 ? branch(hash, sibling) : branch(sibling, hash)
  }
  return used === siblings.length && hashOf(DOMAINS[list], u32(count), hashBytes(hash)) === root
}

function levelAbove(level: readonly Hash[]): Hash[] {
  return Array.from({ length: (level.length + 1) >> 1 }, (_, i) => {
    const right = level[2 * i + 1]
    return right ? branch(level[2 * i]!, right) : level[2 * i]!
  })
}

function branch(left: Hash, right: Hash): Hash {
  return hashOf(DOMAINS.branch, hashBytes(left), hashBytes(right))
}

/** Little-endian, as the root has it. */
function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
