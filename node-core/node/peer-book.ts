/** What this node knows of each connected peer: its word about itself, round trips, conduct. */
import {
  afterBan,
  afterConduct,
  banFor,
  type Conduct,
  NEW_PEER,
  type Reputation,
} from '../mesh/reputation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Address } from '../protocol/ids.ts'
import type { PeerStatus } from './wire-protocols.ts'

/** Round trips kept for each peer. */
const ROUND_TRIPS = 30
/** Reputations kept after the peer left, so that reconnecting does not clear a bad one. */
const REMEMBERED_PEERS = 1_024

export interface PeerRecord {
  readonly status: PeerStatus | null
  readonly roundTrips: readonly number[]
  readonly lastSeenMs: number
  /** Their clock minus ours, ms, half the round trip taken off. */
  readonly clockOffsetMs: number | null
}

const UNKNOWN: PeerRecord = { status: null, roundTrips: [], lastSeenMs: 0, clockOffsetMs: null }

export class PeerBook {
  readonly #network: Network
  readonly #clock: Clock
  readonly #telemetry: Telemetry
  readonly #records = new Map<PeerId, PeerRecord>()
  readonly #reputations = new Map<PeerId, Reputation>()
  /** What peers claimed before this tells nothing of now. */
  #claimsSinceMs = 0

  constructor(options: { network: Network; clock: Clock; telemetry: Telemetry }) {
    this.#network = options.network
    this.#clock = options.clock
    this.#telemetry = options.telemetry
  }

  record(peer: PeerId): PeerRecord {
    return this.#records.get(peer) ?? UNKNOWN
  }

  reputation(peer: PeerId): Reputation {
    return this.#reputations.get(peer) ?? NEW_PEER
  }

  heard(peer: PeerId, status: PeerStatus, roundTripMs: number | null): void {
    const nowMs = this.#clock.wallMs()
    const before = this.record(peer)
    this.#records.set(peer, {
      status,
      roundTrips:
        roundTripMs === null
          ? before.roundTrips
          : [...before.roundTrips, Math.round(roundTripMs * 10) / 10].slice(-ROUND_TRIPS),
      lastSeenMs: nowMs,
      clockOffsetMs: roundTripMs === null ? before.clockOffsetMs : status.wallMs + roundTripMs / 2 - nowMs,
    })
    // A status may be on its way when its peer leaves, and then nobody says again that it left.
    if (this.#records.size > REMEMBERED_PEERS) this.#records.delete(this.#records.keys().next().value!)
  }

  left(peer: PeerId): void {
    this.#records.delete(peer)
  }

  /** Who runs this validator, as the peers say of themselves. */
  peerOf(validator: Address): PeerId | null {
    for (const [peer, record] of this.#records) if (record.status?.validator === validator) return peer
    return null
  }

  /** Blocks, headers and proofs can be asked of it: an observer has none, whatever its head. */
  servesChain(peer: PeerId): boolean {
    return this.record(peer).status?.mode !== 'observer'
  }

  /** Highest height that a connected peer claims to have. */
  get bestClaim(): { readonly peer: PeerId; readonly height: number } | null {
    let best: { peer: PeerId; height: number } | null = null
    for (const [peer, { status, lastSeenMs }] of this.#records) {
      if (lastSeenMs < this.#claimsSinceMs || !this.servesChain(peer)) continue
      if (status && (!best || status.headHeight > best.height)) best = { peer, height: status.headHeight }
    }
    return best
  }

  /** This machine slept: how far the peers were is of no use. */
  forgetClaims(): void {
    this.#claimsSinceMs = this.#clock.wallMs()
  }

  /** Median of the peers' clocks against ours, ms; null without peers. */
  get clockOffsetMs(): number | null {
    const offsets = [...this.#records.values()].flatMap((record) =>
      record.clockOffsetMs === null ? [] : [record.clockOffsetMs],
    )
    offsets.sort((a, b) => a - b)
    return offsets.length === 0 ? null : Math.round(offsets[offsets.length >> 1]!)
  }

  conduct(peer: PeerId, conduct: Conduct): void {
    const reputation = afterConduct(this.reputation(peer), conduct)
    const banMs = banFor(reputation)
    this.#remember(peer, banMs === null ? reputation : afterBan(reputation))
    if (banMs === null) return
    this.#telemetry.count('peers_banned')
    this.#telemetry.log('warn', 'mesh', `${peer} is refused for ${Math.round(banMs / 1_000)} s: ${conduct}`)
    this.#network.block(peer, this.#clock.wallMs() + banMs)
  }

  #remember(peer: PeerId, reputation: Reputation): void {
    this.#reputations.delete(peer)
    this.#reputations.set(peer, reputation)
    if (this.#reputations.size > REMEMBERED_PEERS)
      this.#reputations.delete(this.#reputations.keys().next().value!)
  }
}
