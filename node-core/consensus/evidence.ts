/** Messages that contradict what their sender is known to have said at the height. */
import type { Commit, RoundChange, VerifiedMessage } from '../protocol/messages.ts'
import { isAmnesia, isDoubleSign } from '../protocol/offence.ts'
import { emit, type Turn } from './turn.ts'

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
