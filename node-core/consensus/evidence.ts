/** Two messages of one sender that contradict each other. Signed fields are compared, never signature bytes. */
import type { Round } from '../protocol/ids.ts'
import type {
  Commit,
  ConsensusMessage,
  Prepared,
  Reject,
  RoundChange,
  VerifiedMessage,
} from '../protocol/messages.ts'
import { emit, type Turn } from './turn.ts'

type Orderable = Exclude<ConsensusMessage, Reject>

function samePrepared(a: Prepared | null, b: Prepared | null): boolean {
  if (a === null || b === null) return a === b
  return a.round === b.round && a.blockId === b.blockId
}

/** Whether two messages of one sender say the same under their signatures. */
export function sameSignedFields(a: Orderable, b: Orderable): boolean {
  if (a.type !== b.type || a.height !== b.height || a.round !== b.round || a.sender !== b.sender) return false
  if (a.type === 'round-change') return b.type === 'round-change' && samePrepared(a.prepared, b.prepared)
  return b.type !== 'round-change' && a.blockId === b.blockId
}

/** Two different messages of one sender, type, height and round. A REJECT is no vote. */
export function isDoubleSign(a: ConsensusMessage, b: ConsensusMessage): boolean {
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
export function isAmnesia(commit: Commit, roundChange: RoundChange): boolean {
  return (
    commit.sender === roundChange.sender &&
    commit.height === roundChange.height &&
    roundChange.round > commit.round &&
    claimsLessThan(roundChange.prepared, commit)
  )
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
