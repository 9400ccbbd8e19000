/** Every limit of the RPC server, with its unit. */

/** One HTTP body or one WebSocket message, bytes. */
export const MAX_BODY_BYTES = 256 * 1024
/** Requests in one batch. */
export const MAX_BATCH_REQUESTS = 50
/** From the whole request being read to the answer, ms; a node that does not answer by then is reported as such. */
export const REQUEST_TIMEOUT_MS = 30_000
/** To receive a whole HTTP request, ms. */
export const RECEIVE_TIMEOUT_MS = 10_000
/** Unsent bytes of one WebSocket before the next message is added; a reader that is further behind is dropped. */
export const MAX_BUFFERED_BYTES = 1024 * 1024
/** How the close frame names it, and how long a dropped reader has to read it, ms. */
export const TOO_SLOW_CLOSE = { code: 4008, reason: 'reads too slowly' } as const
export const DROP_TIMEOUT_MS = 5_000
/** Requests of a batch that are carried out side by side. */
export const BATCH_LOT = 10
/** Characters of the answers of one batch; the lots behind are refused. */
export const MAX_BATCH_ANSWER_CHARACTERS = 16 * 1024 * 1024
/** An HTTP connection on which nothing moves is cut after this, ms: a caller that does not read its answer holds it. */
export const IDLE_TIMEOUT_MS = 60_000
/** Requests of one WebSocket that are not answered yet. */
export const MAX_PENDING_REQUESTS = 64
/** Between two pings of a WebSocket, ms; one that did not answer the last is dropped. */
export const PING_INTERVAL_MS = 30_000
/** Longest string of an id of a request, characters. */
export const MAX_ID_CHARACTERS = 128
/** Characters of one transaction in hex, 0x included: 64 KiB of bytes. */
export const MAX_TRANSACTION_CHARACTERS = 2 + 2 * 64 * 1024
/** Most list entries a caller may ask for. */
export const MAX_LIST_ENTRIES = 500
/** Time that open connections get to end when the server stops, ms. */
export const STOP_TIMEOUT_MS = 2_000
