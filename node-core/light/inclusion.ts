/** A transaction and its receipt under the roots of a verified header. */
import { fromHex } from '../lib/bytes.ts'
import type { Header } from '../protocol/block.ts'
import { decodeReceipt } from '../protocol/codec-receipt.ts'
import { decodeTransaction } from '../protocol/codec-transaction.ts'
import { HASH_BYTES } from '../protocol/constants.ts'
import { hashBytes, transactionId } from '../protocol/hash.ts'
import type { Hash } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { Transaction } from '../protocol/transaction.ts'
import { accept, type LightResult, refuse } from './fault.ts'
import { type ListProof, verifyListItem } from './list-proof.ts'

/** As chain_transaction writes it; fields of any kind, since anybody may have written them. */
export interface InclusionProofView {
  /** Canonical bytes, 0x-hex. */
  readonly transaction: unknown
  readonly receipt: unknown
  readonly index: unknown
  readonly count: unknown
  readonly transactionSiblings: unknown
  readonly receiptSiblings: unknown
}

export interface ProvedTransaction {
  readonly transaction: Transaction
  readonly receipt: Receipt
  /** Place in the block, from 0. */
  readonly index: number
  readonly count: number
  /** Hashes between the transaction and the root. */
  readonly depth: number
}

/** More siblings than this no list of a block has. */
const MAX_SIBLINGS = 32

/** `id` is of the transaction that was asked for: another one that is in the block does not pass for it. */
export function verifyInclusion(
  header: Pick<Header, 'transactionsRoot' | 'receiptsRoot'>,
  id: Hash,
  view: InclusionProofView,
): LightResult<ProvedTransaction> {
  const transactionBytes = readBytes(view.transaction)
  const receiptBytes = readBytes(view.receipt)
  const inTransactions = readListProof(view, view.transactionSiblings)
  const inReceipts = readListProof(view, view.receiptSiblings)
  if (!transactionBytes || !receiptBytes || !inTransactions || !inReceipts)
    return refuse('malformed', { what: 'inclusion' })
  const transaction = decodeTransaction(transactionBytes)
  const receipt = decodeReceipt(receiptBytes)
  if (!transaction.ok) return refuse('malformed', { what: 'transaction', reason: transaction.code })
  if (!receipt.ok) return refuse('malformed', { what: 'receipt', reason: receipt.code })
  const found = transactionId(transaction.value)
  if (found !== id) return refuse('wrong-proof', { what: 'transaction', expected: id, found })
  if (!verifyListItem('transactions', header.transactionsRoot, hashBytes(id), inTransactions))
    return refuse('bad-inclusion', { what: 'transaction', root: header.transactionsRoot })
  if (!verifyListItem('receipts', header.receiptsRoot, receiptBytes, inReceipts))
    return refuse('bad-inclusion', { what: 'receipt', root: header.receiptsRoot })
  return accept({
    transaction: transaction.value,
    receipt: receipt.value,
    index: inTransactions.index,
    count: inTransactions.count,
    depth: inTransactions.siblings.length,
  })
}

function readListProof({ index, count }: InclusionProofView, siblings: unknown): ListProof | null {
  if (typeof index !== 'number' || typeof count !== 'number' || !Array.isArray(siblings)) return null
  if (siblings.length > MAX_SIBLINGS) return null
  const hashes = siblings.filter((each): each is Hash => readBytes(each)?.length === HASH_BYTES)
  return hashes.length === siblings.length ? { index, count, siblings: hashes } : null
}

function readBytes(text: unknown): Uint8Array | null {
  return typeof text === 'string' ? fromHex(text) : null
}
