/** Bounds of what a replica keeps and how often it answers. */
import { assert } from '../lib/assert.ts'
import { MAX_COMPACT_BLOCK_BYTES, MAX_CONSENSUS_MESSAGE_BYTES } from '../protocol/constants.ts'

/** PRE-PREPARE, PREPARE and COMMIT are kept for rounds up to the current one and this many more. */
export const ROUNDS_AHEAD = 2
/** Rounds that were left and whose votes are still kept: a late COMMIT may decide, a second message is evidence. */
export const ROUNDS_BEHIND = 16
/** Blocks of a height whose verdict is remembered; the accepted and the prepared one are never forgotten. */
export const KNOWN_BLOCKS_LIMIT = 64
/** Proposals that wait for their time or for their block's check. Each is justified by a quorum, so few are honest. */
export const WAITING_PROPOSALS_LIMIT = 8
/** Rounds of the next height that are buffered. */
export const NEXT_HEIGHT_ROUNDS = ROUNDS_AHEAD + 1
/** Messages of the next height: five types in the buffered rounds and the latest ROUND-CHANGE, of each of 256 senders. */
export const NEXT_HEIGHT_MESSAGES_LIMIT = (5 * NEXT_HEIGHT_ROUNDS + 1) * 256
/** Own orders whose answer has not come yet. */
export const PENDING_ORDERS_LIMIT = 64
/** Own messages are sent again at least this far apart, ms; the round's timeout sets the pace below it. */
export const REPEAT_CAP_MS = 5_000
/** Peers are asked for certificates at most this often, ms. */
export const REQUEST_DECIDED_INTERVAL_MS = 300
/** One sender is given decided blocks at most this often, ms. */
export const SEND_DECIDED_INTERVAL_MS = 500
/** Bytes of a guard record: four own messages, a prepared block and the proof of it, rounded up. */
export const GUARD_RECORD_MAX_BYTES = 16 * 1024 * 1024

assert(WAITING_PROPOSALS_LIMIT < KNOWN_BLOCKS_LIMIT, 'a waiting proposal has its block remembered')
assert(
  GUARD_RECORD_MAX_BYTES >= 6 * MAX_CONSENSUS_MESSAGE_BYTES + MAX_COMPACT_BLOCK_BYTES,
  'the largest guard record can be read back',
)
