/** Limits of the relay with their units. */
import { assert } from '../node-core/lib/assert.ts'

/** What one address may use; a household, an office or a whole development network is one address. */
export interface AddressLimits {
  /** WebSocket connections open at once. */
  readonly connections: number
  /** WebSocket connections opened in a second, and at once after a pause. */
  readonly openingsPerSecond: number
  readonly openingBurst: number
  /** Reservations held at once. */
  readonly reservations: number
  /** HTTP requests in a second, and at once after a pause. */
  readonly requestsPerSecond: number
  readonly requestBurst: number
}

export const DEFAULT_ADDRESS_LIMITS: AddressLimits = {
  connections: 256,
  openingsPerSecond: 20,
  openingBurst: 200,
  reservations: 256,
  requestsPerSecond: 100,
  requestBurst: 1_000,
}

/** All addresses together. */
export const MAX_CONNECTIONS = 2_000
export const MAX_RESERVATIONS = 1_000
/** TCP connections besides the WebSockets: of one address, and of all. */
export const HTTP_CONNECTIONS_PER_ADDRESS = 64
export const MAX_HTTP_CONNECTIONS = 1_000
/** An HTTP connection on which nothing moves is cut after this, ms. */
export const IDLE_TIMEOUT_MS = 60_000
export const MAX_HOP_STREAMS = 1_024
export const PENDING_CONNECTIONS = 200
/** A relayed connection carries signalling only: it ends after this long and this many bytes. */
export const RELAYED_DURATION_MS = 120_000
export const RELAYED_BYTES = 131_072n
/** Addresses whose rates are remembered at once. */
export const METERED_ADDRESSES = 10_000
/** How long relayed connections may finish after SIGTERM, ms. */
export const DRAIN_GRACE_MS = 10_000
export const LONGEST_GRACE_MS = 24 * 60 * 60 * 1_000

assert(MAX_RESERVATIONS <= MAX_CONNECTIONS, 'who holds a reservation is connected')
