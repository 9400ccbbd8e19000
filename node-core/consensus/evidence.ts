/** Two messages of one sender that contradict each other. Signed fields are compared, never signature bytes. */
import type { RoundChangeFields, StatementFields, VoteFields } from '../protocol/evidence.ts'
import type { Round } from '../protocol/ids.ts'
import type { Commit, Prepared, Reject, RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import { emit, type Turn } from './turn.ts'

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
  commit: { readonly round: Round; readonly blockId: Commit['blockId'] },
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

export type Offence = 'double-sign' | 'amnesia'

/** What the two prove of their sender, in whichever order they come; null: nothing. */
export function offenceOf(a: StatementFields, b: StatementFields): Offence | null {
  if (isDoubleSign(a, b)) return 'double-sign'
  if (a.type === 'round-change') return b.type !== 'round-change' && isAmnesia(b, a) ? 'amnesia' : null
  return b.type === 'round-change' && isAmnesia(a, b) ? 'amnesia' : null
}

/** Shows each kind of offence once per sender and height: one proof removes a validator for good. */
function show(turn: Turn, first: VerifiedMessage, second: VerifiedMessage): void {
  const { state } = turn
  const key = `${first.sender} ${first.type === second.type ? 'double-sign' : 'amnesia'}`
  if (state.shownOffences.includes(key)) return
  state.shownOffences = [...state.shownOffences, key]
  emit(turn, { type: 'evidence-found', first, second })
}

/** `stored` holds the slot that `message` would take. */
export function checkDoubleSign(turn: Turn, stored: VerifiedMessage, message: VerifiedMessage): void {
  if (message.sender !== turn.state.self && isDoubleSign(stored, message)) show(turn, stored, message)
}

/** A COMMIT against the ROUND-CHANGEs that its sender is known to have sent. */
export function checkCommitForAmnesia(turn: Turn, member: number, commit: VerifiedMessage<Commit>) {
  const { state } = turn
  if (commit.sender === state.self) return
  for (const log of state.rounds) {
    const message = log.roundChanges[member]
    if (message && isAmnesia(commit, message)) return show(turn, commit, message)
  }
  const latest = state.latestRoundChanges[member]
  if (latest && isAmnesia(commit, latest)) show(turn, commit, latest)
}

/** A ROUND-CHANGE against the COMMITs that its sender is known to have sent. */
export function checkRoundChangeForAmnesia(
  turn: Turn,
  member: number,
  message: VerifiedMessage<RoundChange>,
) {
  if (message.sender === turn.state.self) return
  for (const log of turn.state.rounds) {
    const commit = log.commits.byMember[member]
    if (commit && isAmnesia(commit, message)) return show(turn, commit, message)
  }
}
