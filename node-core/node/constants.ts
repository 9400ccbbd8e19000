/** Limits of the node with their units. Wire limits of single values are in protocol/constants.ts. */
import { assert } from '../lib/assert.ts'

/** Transactions waiting in the pool, all senders together. */
export const POOL_TRANSACTIONS = 20_000
/** Bytes waiting in the pool. */
export const POOL_BYTES = 32 * 1024 * 1024
/** Transactions of one sender waiting in the pool. */
export const POOL_PER_SENDER = 64
/** A replacement pays at least this much more, percent of both fee fields. */
export const REPLACEMENT_BUMP_PERCENT = 10n

/** Transactions in one gossip message. */
export const BUNDLE_TRANSACTIONS = 256
/** Bytes of transactions in one gossip message. */
export const BUNDLE_BYTES = 128 * 1024
/** How long a transaction waits for company before its bundle leaves. */
export const BUNDLE_DELAY_MS = 20

/** Bytes of transactions that a proposal of this node takes at most. */
export const PROPOSED_BYTES = 1024 * 1024

/** Blocks in one sync response. */
export const SYNC_BLOCKS = 64
/** Bytes in one sync response. */
export const SYNC_BYTES = 3 * 1024 * 1024
export const SYNC_TIMEOUT_MS = 10_000
/** Transactions in one body response. */
export const BODY_TRANSACTIONS = 4_096
export const BODY_TIMEOUT_MS = 2_000
/** Pause between two rounds of asking for a body that nobody had. */
export const BODY_RETRY_MS = 250

/** A message of a height this far below the head is still verified, so that its sender is told the decided block. */
export const BEHIND_HEIGHTS = 20
/** Messages verified at the same time; more wait in the inbox. */
export const VERIFYING_MESSAGES = 512
/** Verified votes remembered, so that one seen inside a certificate costs nothing. */
export const VERIFIED_VOTES = 16_384

/** Block checks kept for a height: competing proposals of the rounds that are still alive. */
export const CHECKED_BLOCKS = 64
/** A peer that is behind is told so at most this often. */
export const SEND_DECIDED_INTERVAL_MS = 500
/** Between two status questions to a peer. */
export const STATUS_INTERVAL_MS = 5_000
export const STATUS_TIMEOUT_MS = 5_000

/** Heights whose votes and rounds are kept for people to look at. */
export const RECORDED_HEIGHTS = 200
/** Lines of the round log. */
export const ROUND_LOG_LINES = 1_000
/** Heights in a heartbeat bar. */
export const HEARTBEAT_HEIGHTS = 50
/** Blocks whose transactions can be found by hash or by account. */
export const INDEXED_BLOCKS = 5_000
/** Samples of finality kept: a day of one-second blocks. */
export const FINALITY_SAMPLES = 86_400
/** Events of one topic are flushed at most this often. */
export const EVENT_FLUSH_MS = 100

/** Blocks that a transaction made by this node stays valid. */
export const VALIDITY_BLOCKS = 120

assert(BUNDLE_TRANSACTIONS <= BODY_TRANSACTIONS, 'a bundle fits in a body response')
assert(BODY_RETRY_MS < BODY_TIMEOUT_MS, 'a retry is shorter than the time-out')
