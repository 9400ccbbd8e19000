/** Limits of the node with their units. Wire limits of single values are in protocol/constants.ts. */
import { assert } from '../lib/assert.ts'
import { REQUEST_BYTES, RESPONSE_BYTES } from '../mesh/limits.ts'
import { HASH_BYTES, MAX_TRANSACTION_BYTES, MAX_VALIDATORS } from '../protocol/constants.ts'

/** Transactions waiting in the pool, all senders together. */
export const POOL_TRANSACTIONS = 20_000
/** Bytes waiting in the pool. */
export const POOL_BYTES = 32 * 1024 * 1024
/** Transactions of one sender waiting in the pool. */
export const POOL_PER_SENDER = 64
/** Bytes of one sender waiting in the pool: its part of a full one. */
export const POOL_SENDER_BYTES = POOL_BYTES / 64
/** A replacement pays at least this much more, percent of both fee fields. */
export const REPLACEMENT_BUMP_PERCENT = 10n

/** Transactions in one gossip message. */
export const BUNDLE_TRANSACTIONS = 256
/** Bytes of transactions in one gossip message. */
export const BUNDLE_BYTES = 128 * 1024
/** How long a transaction waits for company before its bundle leaves, after a pause. */
export const BUNDLE_DELAY_MS = 20
/** Between two bundles that are not full. */
export const BUNDLE_INTERVAL_MS = 200
/** Full bundles that wait for a peer that listens. */
export const HELD_BUNDLES = 64

/** Bytes of transactions that a proposal of this node takes at most. */
export const PROPOSED_BYTES = 1024 * 1024

/** Blocks in one sync response. */
export const SYNC_BLOCKS = 64
/** Bytes in one sync response. */
export const SYNC_BYTES = 3 * 1024 * 1024
export const SYNC_TIMEOUT_MS = 10_000
/** Ranges of blocks under way or waiting for their turn while a node catches up. */
export const SYNC_RANGES_AHEAD = 6
/** Certified headers in one response. */
export const SYNC_HEADERS = 64
/** Bytes asked of one peer and not answered yet: a link is kept busy, not flooded. */
export const OUTSTANDING_BYTES = 2 * 1024 * 1024
/** A request that takes longer is asked of another peer as well. */
export const STALL_MS = 1_500

/** The state at the end of every so many epochs is kept for those who start from it. */
export const CHECKPOINT_EPOCHS = 4
/** A light node that is further behind starts from a checkpoint; fewer blocks are executed sooner than a state is fetched. */
export const SNAPSHOT_FROM_BLOCKS = 50
/** A peer that says later than this what checkpoint it has is left out. */
export const OFFER_TIMEOUT_MS = 2_500
/** Checkpoints tried one after the other in a run, as newer ones are offered. */
export const SNAPSHOT_ATTEMPTS = 4
/** Runs that got no checkpoint though one was offered; then blocks are followed one by one. */
export const SNAPSHOT_RUNS = 3
/** Bodies that a light node keeps at least, newest first; and never less than what follows its checkpoint. */
export const KEPT_BLOCKS = 1_000
/** Bodies let go in one write. */
export const PRUNED_AT_ONCE = 256
/** State pages in one chunk of a snapshot, unless one page alone is larger. */
export const CHUNK_PAGES = 32
/** Blocks adopted while the disk was busy that go into one durable write. */
export const WRITTEN_AT_ONCE = 256
/** Transactions asked for, and given, in one body request; and bytes of them. */
export const BODY_TRANSACTIONS = 2_048
export const BODY_BYTES = 3 * 1024 * 1024
export const BODY_TIMEOUT_MS = 2_000
/** Pause between two rounds of asking for a body that nobody had. */
export const BODY_RETRY_MS = 250

/** A message of a height this far below the head is still verified, so that its sender is told the decided block. */
export const BEHIND_HEIGHTS = 20
/** Messages verified at the same time; more are dropped, and repeated by their senders. */
export const VERIFYING_MESSAGES = 512
/** The same of one peer: it cannot take the places of all others. */
export const VERIFYING_PER_PEER = 128
/** Signatures of one message, or of one bundle, verified at the same time; a bad one ends it after its lot. */
export const VERIFIED_TOGETHER = 16
/** Transactions verified at the same time on their way into the pool: one batch, and a vote never waits behind more of them. */
export const ADMITTED_TOGETHER = 16
/** Verified votes remembered, so that one seen inside a certificate costs nothing. */
export const VERIFIED_VOTES = 16_384

/** Verified transactions remembered, so that one that gossip brought costs nothing inside a block; and their bytes. */
export const REMEMBERED_TRANSACTIONS = 50_000
export const REMEMBERED_TRANSACTION_BYTES = 64 * 1024 * 1024

/** Block checks kept for a height: competing proposals of the rounds that are still alive. */
export const CHECKED_BLOCKS = 64
/** A peer that is behind is told so at most this often. */
export const SEND_DECIDED_INTERVAL_MS = 500
/** Peers for whom the time of the last telling is kept. */
export const TOLD_PEERS = 1_024
/** A commit that found no room is tried again after this. */
export const STORAGE_RETRY_MS = 2_000
/** The wall clock went on by this much between two looks at it: the machine slept. Looks are SLEEP_LOOK_MS apart. */
export const SLEPT_MS = 10_000
export const SLEEP_LOOK_MS = 2_000
/** Decided blocks in which a node that starts looks for signatures of its own key that it did not make. */
export const LOOKED_AT_BLOCKS = 20
/** Between two status questions to a peer. */
export const STATUS_INTERVAL_MS = 5_000
export const STATUS_TIMEOUT_MS = 5_000
/** A peer that claimed more than it showed begins no catch-up for so long; an honest one says again how far it is after it. */
export const UNMET_CLAIM_MS = 4_000
/** Peers for whom such a pause is kept. */
export const PAUSED_CLAIMS = 1_024
/** Between two questions to a peer for evidence. */
export const EVIDENCE_INTERVAL_MS = 60_000
export const EVIDENCE_TIMEOUT_MS = 10_000

/** Blocks between two validators' turns to send evidence that all hold, and the most that one waits for its own. */
export const EVIDENCE_TURN_BLOCKS = 2
export const EVIDENCE_PATIENCE_BLOCKS = 6
/** Evidence that is not punished after so many blocks is sent again. */
export const EVIDENCE_SENT_AGAIN_BLOCKS = 10
/** Statements of one validator kept at one height; those of the lowest rounds give way, COMMITs last. */
export const STATEMENTS_PER_SENDER = 64
/** Statements kept altogether, some 300 bytes each; those of the lowest height give way. */
export const STATEMENTS = 65_536
/** Proofs of invalid blocks kept. */
export const KEPT_INVALID_BLOCKS = 64

/** Decided heights whose votes and rounds are kept for people to look at, beside the one that is being decided. */
export const RECORDED_HEIGHTS = 200
/** Rounds of one height, of those the newest; a stalled height goes through many. */
export const RECORDED_ROUNDS = 32
/** Raw messages kept of all those heights together, bytes; the oldest heights' go first. */
export const RECORDED_MESSAGE_BYTES = 8 * 1024 * 1024
/** Raw messages of one sender, type and round: the first and one that contradicts it. */
export const RECORDED_COPIES = 2
/** Lines of the round log. */
export const ROUND_LOG_LINES = 1_000
/** Heights in a heartbeat bar. */
export const HEARTBEAT_HEIGHTS = 50
/** Blocks whose transactions can be found by hash or by account. */
export const INDEXED_BLOCKS = 5_000
/** The same in transactions, for chains of full blocks: older blocks are left out. */
export const INDEXED_TRANSACTIONS = 500_000
/** Newest blocks by which fees are told: tips, gas, pace. */
export const FEE_BLOCKS = 20
/** Steps in which the tips of the pool are shown. */
export const TIP_STEPS = 20
/** Newest times that something foretold was checked, from which its hit rate is told. */
export const CHECKED_FORECASTS = 1_000
/** Submitted here and followed at the same time until they are in a block. */
export const WATCHED_TRANSACTIONS = 256
/** Newest blocks whose gas is told by operation. */
export const REPORTED_BLOCKS = 1_000
/** Ends of epochs of which the economy's figures are kept. */
export const NOTED_EPOCHS = 200
/** Accounts whose earnings are kept with them: those with most stake. */
export const NOTED_EARNERS = 256
/** Newest ends of epochs by which a rate of rewards is told. */
export const RATE_EPOCHS = 10
/** Samples of finality kept: a day of one-second blocks. */
export const FINALITY_SAMPLES = 86_400
/** Certified headers that an observer keeps, newest first. */
export const OBSERVED_HEADERS = 200
/** A state proved at a height this far below the head is the present one; older ones are not taken. */
export const PROOF_AGE_BLOCKS = 20
/** Transactions of its own that an observer remembers until they are decided or expire. */
export const AWAITED_TRANSACTIONS = 64
/** Blocks for which one of them holds its nonce while it is in none: peers that refuse it do not say so. */
export const NONCE_HELD_BLOCKS = 10

/** Events of one topic are flushed at most this often. */
export const EVENT_FLUSH_MS = 100

/** Blocks that a transaction made by this node stays valid. */
export const VALIDITY_BLOCKS = 120

assert(BUNDLE_TRANSACTIONS <= BODY_TRANSACTIONS, 'a bundle fits in a body response')
assert(POOL_SENDER_BYTES >= 2 * MAX_TRANSACTION_BYTES, 'a sender may have large transactions wait')
assert(VERIFYING_PER_PEER * 2 <= VERIFYING_MESSAGES, 'one peer leaves room for others')
assert(POOL_BYTES < REMEMBERED_TRANSACTION_BYTES, 'what left the pool for a block is remembered for a while')
assert(BODY_TRANSACTIONS * HASH_BYTES <= REQUEST_BYTES, 'the ids of a body request fit in one')
assert(BODY_BYTES + 8 * BODY_TRANSACTIONS <= RESPONSE_BYTES, 'a body response can be sent')
assert(BODY_RETRY_MS < BODY_TIMEOUT_MS, 'a retry is shorter than the time-out')
assert(STATEMENTS >= STATEMENTS_PER_SENDER * MAX_VALIDATORS, 'the statements of one height fit')
assert(UNMET_CLAIM_MS < STATUS_INTERVAL_MS, 'the next word of an honest peer counts')
assert(SLEEP_LOOK_MS * 2 < SLEPT_MS, 'a late look is no sleep')
assert(SYNC_BLOCKS <= KEPT_BLOCKS, 'what a peer may ask for at once is kept')
