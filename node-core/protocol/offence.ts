/** Which two statements of one sender contradict each other. Signed fields are compared, never signature bytes. */
import type { RoundChangeFields, StatementFields, VoteFields } from './evidence.ts'
import type { Hash, Round } from './ids.ts'
import type { Prepared, Reject } from './messages.ts'

function samePrepared(a: Prepared | null, b: Prepared | null): boolean {
  if (a === null || b === null) return a === b
  return a.round === b.round && a.blockId === b.blockId
}

/** Whether two messages of one sender say the same under their signatures. */
export function sameSignedFields(a: StatementFields, b: StatementFields): boolean {
  if (a.type !== b.type || a.height !== b.height || a.round !== b.round || a.sender !== b.sender) return false
  if (a.type === 'round-change') return b.type === 'round-change' && samePrepared(a.prepared, b.prepared)
  return b.type !== 'round-change' && a.blockId === b.blockId
}

/** Two different messages of one sender, type, height and round. A REJECT is no vote. */
export function isDoubleSign(a: StatementFields | Reject, b: StatementFields | Reject): boolean {
  if (a.type === 'reject' || b.type === 'reject' || a.type !== b.type) return false
  return a.sender === b.sender && a.height === b.height && a.round === b.round && !sameSignedFields(a, b)
}

/** Whether a claim says less than what a COMMIT of this round and block showed to be prepared. */
export function claimsLessThan(
  prepared: Prepared | null,
  commit: { readonly round: Round; readonly blockId: Hash },
): boolean {
  if (prepared === null || prepared.round < commit.round) return true
  return prepared.round === commit.round && prepared.blockId !== commit.blockId
}

/** A COMMIT and a ROUND-CHANGE of a later round that forgot it. */
export function isAmnesia(commit: VoteFields, roundChange: RoundChangeFields): boolean {
  return (
    commit.type === 'commit' &&
    commit.sender === roundChange.sender &&
    commit.height === roundChange.height &&
    roundChange.round > commit.round &&
    claimsLessThan(roundChange.prepared, commit)
  )
}

/** What two statements prove of their sender. */
export type Contradiction = 'double-sign' | 'amnesia'

/** What a validator is punished for. */
export type Offence = Contradiction | 'invalid-block' | 'unavailable' | 'slow'

/** What the two prove of their sender, in whichever order they come; null: nothing. */
export function offenceOf(a: StatementFields, b: StatementFields): Contradiction | null {
  if (isDoubleSign(a, b)) return 'double-sign'
  if (a.type === 'round-change') return b.type !== 'round-change' && isAmnesia(b, a) ? 'amnesia' : null
  return b.type === 'round-change' && isAmnesia(a, b) ? 'amnesia' : null
}
