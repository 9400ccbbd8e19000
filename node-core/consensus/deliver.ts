/** A verified message of the running height goes to the rule of its type. */
import type { VerifiedMessage } from '../protocol/messages.ts'
import { onCommit } from './commit.ts'
import type { Instant } from './input.ts'
import { onPrePrepare } from './pre-prepare.ts'
import { onPrepare } from './prepare.ts'
import { onReject } from './reject.ts'
import { onRoundChange } from './round-change.ts'
import { committee, type Turn } from './turn.ts'

/** The sender's membership was checked where the signature was; a sender that is no member of this set is passed over. */
export function deliver(turn: Turn, message: VerifiedMessage, receivedAt: Instant) {
  const member = committee(turn).indexOf.get(message.sender)
  if (member === undefined) return
  switch (message.type) {
    case 'pre-prepare':
      return onPrePrepare(turn, message, receivedAt)
    case 'prepare':
      return onPrepare(turn, member, message)
    case 'commit':
      return onCommit(turn, member, message)
    case 'round-change':
      return onRoundChange(turn, member, message)
    case 'reject':
      return onReject(turn, member, message)
  }
}
