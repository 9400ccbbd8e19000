/** Limits of what the adapters keep and carry, with their units. */
import { assert } from '../lib/assert.ts'

/** Operations of one storage or journal waiting for their turn. */
export const SERIAL_OPERATIONS = 4_096
/** Bytes of one journal record: a prepared block with its certificates fits several times. */
export const JOURNAL_RECORD_BYTES = 32 * 1024 * 1024
/** Bytes of a whole journal; its owner replaces it long before. */
export const JOURNAL_BYTES = 256 * 1024 * 1024

/** Log lines kept for people to look at. */
export const LOG_LINES = 2_000
/** Characters of one log line. */
export const LOG_MESSAGE_CHARACTERS = 2_000
/** Different (name, labels) pairs of counters and gauges together. */
export const METRIC_SERIES = 2_000

/** Characters of a password, after normalisation. */
export const PASSWORD_MINIMUM_CHARACTERS = 12
export const PASSWORD_MAXIMUM_CHARACTERS = 1_024
/** Characters of a backup file. */
export const BACKUP_CHARACTERS = 64 * 1024
/** Accounts in one browser, in one backup file. */
export const ACCOUNTS = 64
/** Characters of an account's name. */
export const ACCOUNT_NAME_CHARACTERS = 64
/** Candidate keys offered at a time. */
export const OFFERED_KEYS = 32

/** Transactions that wait for a passkey at a time; the oldest is forgotten first. */
export const PASSKEY_ATTEMPTS = 8
/** Bytes of a credential's id: as many as the standard lets there be. */
export const CREDENTIAL_ID_BYTES = 1_023

/** Bytes of an Ed25519, a random function's or a network seed. */
export const SEED_BYTES = 32

/** A call that crosses to a worker or another tab is given up after this. */
export const CALL_TIMEOUT_MS = 60_000
/** Calls of one client without an answer yet. */
export const CALLS_IN_FLIGHT = 256
/** Subscriptions of one client. */
export const CLIENT_SUBSCRIPTIONS = 64
/** Clients of one node: the page and the other tabs. */
export const CHANNEL_CLIENTS = 64
/** Characters of a client's id, a method's or a topic's name. */
export const CHANNEL_NAME_CHARACTERS = 64

/** A tab whose node ended waits this long before it stands for election again; doubled while nodes end early. */
export const STAND_AGAIN_MS = 1_000
export const STAND_AGAIN_MAXIMUM_MS = 60_000
/** A node that ran for longer did not end early. */
export const EARLY_END_MS = 30_000

assert(JOURNAL_RECORD_BYTES * 2 <= JOURNAL_BYTES, 'a journal holds more than one record of the largest size')
assert(PASSWORD_MINIMUM_CHARACTERS < PASSWORD_MAXIMUM_CHARACTERS, 'some password is allowed')
assert(STAND_AGAIN_MS < STAND_AGAIN_MAXIMUM_MS, 'there is room to double')
