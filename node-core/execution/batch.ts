/** Several payloads under one signature: all or none. */
import type { Address } from '../protocol/ids.ts'
import type { BatchPayload, EvidenceSubmit, SinglePayload } from '../protocol/transaction.ts'
import type { Draft } from '../state/store.ts'
import type { BlockContext } from './block-context.ts'
import { applyEvidence } from './evidence.ts'
import { applyMultisigOperation } from './multisig.ts'
import { applyProposable } from './proposable.ts'
import type { TransactionFailure } from './transaction-errors.ts'

/** The caller drops the draft on a failure; it names the payload that failed. */
export function applyBatch(
  draft: Draft,
  sender: Address,
  { payloads }: BatchPayload,
  context: BlockContext,
): TransactionFailure | null {
  for (const [index, payload] of payloads.entries()) {
    const failure = applySingle(draft, sender, payload, context)
    if (failure) return { ...failure, payload: index }
  }
  return null
}

export function applySingle(
  draft: Draft,
  sender: Address,
  payload: SinglePayload | EvidenceSubmit,
  context: BlockContext,
): TransactionFailure | null {
  switch (payload.type) {
    case 'faucet.drip':
      return null
    case 'evidence.submit':
      return applyEvidence(draft, sender, payload, context)
    case 'multisig.create':
    case 'multisig.propose':
    case 'multisig.approve':
    case 'multisig.revoke':
    case 'multisig.execute':
      return applyMultisigOperation(draft, sender, payload, context)
    default:
      return applyProposable(draft, sender, payload, context)
  }
}
