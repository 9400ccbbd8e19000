/** Evidence: two signed statements of one validator that contradict each other. What makes them do so is in offence.ts. */
import type { Address, Hash, Height, Round } from './ids.ts'
import type { ConsensusMessage, GuardedMessage, PrePrepare, Prepared } from './messages.ts'

interface Place {
  readonly height: Height
  readonly round: Round
  readonly sender: Address
}

export type VoteFields = Place & {
  readonly type: 'pre-prepare' | 'prepare' | 'commit'
  readonly blockId: Hash
}

export type RoundChangeFields = Place & {
  readonly type: 'round-change'
  readonly prepared: Prepared | null
}

/** What is under the signature of a message, with its sender; a message without the parts that nobody signed. */
export type StatementFields = VoteFields | RoundChangeFields
export type Statement = StatementFields & {
  /** Ed25519, 64 bytes. Never compared, never part of an id. */
  readonly signature: Uint8Array
}

/** A signed proposal. */
export type ProposalStatement = Extract<Statement, VoteFields> & { readonly type: 'pre-prepare' }

/** In canonical order: see codec-evidence.ts. */
export interface StatementPair {
  readonly first: Statement
  readonly second: Statement
}

/** null: a REJECT, which accuses nobody of two things. */
export function statementOf(message: ConsensusMessage): Statement | null {
  return message.type === 'reject' ? null : guardedStatement(message)
}

/** What is under the signature of a proposal. */
export function proposalStatement(message: PrePrepare): ProposalStatement {
  const { type, height, round, sender, blockId, signature } = message
  return { type, height, round, sender, blockId, signature }
}

function guardedStatement(message: GuardedMessage): Statement {
  const { height, round, sender, signature } = message
  return message.type === 'round-change'
    ? { type: message.type, height, round, sender, prepared: message.prepared, signature }
    : { type: message.type, height, round, sender, blockId: message.blockId, signature }
}
