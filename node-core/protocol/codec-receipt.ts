/** Canonical bytes of receipts. */
import { compareBytes, utf8 } from '../lib/bytes.ts'
import { type Decoded, decodeWith, encodeWith } from './codec.ts'
import {
  MAX_CODE_BYTES,
  MAX_RECEIPT_BYTES,
  MAX_RECEIPT_ENTRIES,
  MAX_RECEIPT_NAME_BYTES,
  MAX_RECEIPT_VALUE_BYTES,
} from './constants.ts'
import type { Amount, Gas } from './ids.ts'
import type { Receipt } from './receipt.ts'
import { container, list } from './ssz-composites.ts'
import { safeUint, text, uint64 } from './ssz-scalars.ts'

interface Entry {
  readonly name: string
  readonly value: string
}

interface EncodedReceipt {
  readonly code: string
  readonly gasUsed: Gas
  readonly feePaid: Amount
  /** Sorted by the bytes of the name, each name once. */
  readonly data: readonly Entry[]
}

const receiptType = container<EncodedReceipt>({
  code: text(MAX_CODE_BYTES),
  gasUsed: safeUint,
  feePaid: uint64,
  data: list(
    container<Entry>({ name: text(MAX_RECEIPT_NAME_BYTES), value: text(MAX_RECEIPT_VALUE_BYTES) }),
    MAX_RECEIPT_ENTRIES,
  ),
})

export function encodeReceipt(receipt: Receipt): Uint8Array {
  const data = Object.entries(receipt.data).map(([name, value]) => ({ name, value }))
  return encodeWith(receiptType, { ...receipt, data: data.sort((a, b) => compareNames(a, b)) })
}

/** Each as encodeReceipt. PERF: most of a block's are equal to the one before, and then they share its bytes. */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array[] {
  let before: { readonly receipt: Receipt; readonly bytes: Uint8Array } | null = null
  return receipts.map((receipt) => {
    if (!before || !isEqualSuccess(receipt, before.receipt))
      before = { receipt, bytes: encodeReceipt(receipt) }
    return before.bytes
  })
}

function isEqualSuccess(a: Receipt, b: Receipt): boolean {
  const sameFigures = a.code === b.code && a.gasUsed === b.gasUsed && a.feePaid === b.feePaid
  return sameFigures && Object.keys(a.data).length === 0 && Object.keys(b.data).length === 0
}

export function decodeReceipt(bytes: Uint8Array): Decoded<Receipt> {
  const decoded = decodeWith(receiptType, bytes, MAX_RECEIPT_BYTES)
  if (!decoded.ok) return decoded
  const { code, gasUsed, feePaid, data } = decoded.value
  if (data.some((entry, i) => i > 0 && compareNames(data[i - 1]!, entry) >= 0)) {
    return { ok: false, code: 'non-canonical', detail: 'names are not sorted' }
  }
  return {
    ok: true,
    value: { code, data: Object.fromEntries(data.map(({ name, value }) => [name, value])), gasUsed, feePaid },
  }
}

function compareNames(a: Entry, b: Entry): number {
  return compareBytes(utf8(a.name), utf8(b.name))
}
