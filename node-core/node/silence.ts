/** Why a validator's node signs nothing just now, for people and for the status; the most serious reason first. */
import type { Height, Round, TimestampMs } from '../protocol/ids.ts'
import type { GuardedMessage } from '../protocol/messages.ts'

/** Where a signature of one's own key was seen that is not in one's record. */
export interface ForeignSignature {
  readonly height: Height
  readonly round: Round
  readonly type: GuardedMessage['type']
  readonly where: 'block' | 'message' | 'evidence'
}

export type Silence =
  /** The signing record was given away: nothing is signed until a person says that no other node signs by it. */
  | { readonly code: 'record-exported' }
  /** Another node signs with this key: nothing is signed until a person has stopped it and this node starts again. */
  | ({ readonly code: 'key-used-elsewhere' } & ForeignSignature)
  /** The store or the journal takes no more; signing goes on by itself when it does. */
  | { readonly code: 'storage-full'; readonly sinceMs: TimestampMs }
  /** The store, the journal or the key cannot be reached any more; a start of the node opens them again. */
  | { readonly code: 'storage-lost' | 'key-failed'; readonly sinceMs: TimestampMs }
  /** What the key signed before is not known: a block newer than this must become final first. */
  | { readonly code: 'record-lost'; readonly sinceMs: TimestampMs; readonly newerThanMs: TimestampMs }
  /** Just started: listens for one round whether another node signs with this key. */
  | { readonly code: 'looking-for-another-signer'; readonly untilMs: TimestampMs }
  /** The record was brought from elsewhere without what was prepared. */
  | { readonly code: 'record-imported'; readonly fromHeight: Height }
  /** A peer is further on. */
  | { readonly code: 'catching-up' }
