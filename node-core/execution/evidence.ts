/** Evidence of an offence, sent by anyone: whether it holds by what the state remembers, and what follows. */
import { assert } from '../lib/assert.ts'
import type { Address } from '../protocol/ids.ts'
import type { EvidenceSubmit } from '../protocol/transaction.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import type { TransactionFailure } from './transaction-errors.ts'

export function applyEvidence(
  _draft: Draft,
  _sender: Address,
  _payload: EvidenceSubmit,
  _context: BlockContext,
): TransactionFailure | null {
  assert(false, 'evidence')
}
