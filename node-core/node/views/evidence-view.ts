/** Evidence for people and for files. */
import { assert } from '../../lib/assert.ts'
import { toHex } from '../../lib/bytes.ts'
import { formatAddress } from '../../protocol/address.ts'
import { encodeStatement } from '../../protocol/codec-evidence.ts'
import type { Statement } from '../../protocol/evidence.ts'
import { type EvidenceProof, encodeEvidenceProof } from '../../protocol/evidence-proof.ts'
import { offenceOf } from '../../protocol/offence.ts'
import type { EvidenceView, StatementView } from '../evidence-api.ts'
import type { Evidence } from '../evidence-book.ts'

/** `proof`: of it; null: none can be made any more. */
export function evidenceView(evidence: Evidence, proof: EvidenceProof | null): EvidenceView {
  const { id, first, second, atMs, source } = evidence
  const offence = offenceOf(first, second)
  assert(offence, 'what is kept is an offence')
  return {
    id,
    offence,
    validator: formatAddress(first.sender),
    height: first.height,
    atMs,
    source,
    first: toHex(encodeStatement(first)),
    second: toHex(encodeStatement(second)),
    statements: [statementView(first), statementView(second)],
    bytes: proof && toHex(encodeEvidenceProof(proof)),
  }
}

function statementView(statement: Statement): StatementView {
  const { type, round, signature } = statement
  const isVote = statement.type !== 'round-change'
  return {
    type,
    round,
    blockId: isVote ? statement.blockId : null,
    prepared: isVote ? null : statement.prepared,
    signature: toHex(signature),
  }
}
