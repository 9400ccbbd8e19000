/** Accounts of several: created, asked, approved, executed. */
import { assert } from '../lib/assert.ts'
import type { Address } from '../protocol/ids.ts'
import type { MultisigPayload } from '../protocol/transaction.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import type { TransactionFailure } from './transaction-errors.ts'

export function applyMultisigOperation(
  _draft: Draft,
  _sender: Address,
  _payload: MultisigPayload,
  _context: BlockContext,
): TransactionFailure | null {
  assert(false, 'multisig')
}
