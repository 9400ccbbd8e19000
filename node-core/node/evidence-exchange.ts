/**
 * Evidence is gossiped once, when it is found. Who was away then hears of it by asking: each direct peer once this node is as
 * far as the peer, and again now and then, because gossip loses messages too.
 */
import { assert } from '../lib/assert.ts'
import { concatBytes, fromHex } from '../lib/bytes.ts'
import { REQUEST_BYTES, RESPONSE_BYTES } from '../mesh/limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Network, PeerId } from '../ports/network.ts'
import { NetworkError } from '../ports/network-error.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { encodeEvidence } from '../protocol/codec-evidence.ts'
import { HASH_BYTES } from '../protocol/constants.ts'
import type { Height } from '../protocol/ids.ts'
import type { Chain } from './chain.ts'
import { EVIDENCE_INTERVAL_MS, EVIDENCE_TIMEOUT_MS } from './constants.ts'
import { KEPT_EVIDENCE } from './evidence-book.ts'
import type { EvidenceDesk } from './evidence-desk.ts'
import type { PeerBook } from './peer-book.ts'
import { idOf } from './repositories.ts'
import { decodeIds, decodeList, EVIDENCE_PROTOCOL, encodeList } from './wire-protocols.ts'

/** Bytes of the largest pair of statements, with its length in front. */
const PAIR_BYTES = 1_024

assert(KEPT_EVIDENCE * HASH_BYTES <= REQUEST_BYTES, 'the ids of all that is kept fit in a request')
assert(KEPT_EVIDENCE * PAIR_BYTES <= RESPONSE_BYTES, 'all that is kept fits in an answer')

export interface EvidenceExchangeParts {
  readonly desk: EvidenceDesk
  readonly chain: Chain
  readonly network: Network
  readonly clock: Clock
  readonly peers: PeerBook
  readonly telemetry: Telemetry
}

export class EvidenceExchange {
  readonly #parts: EvidenceExchangeParts
  /** Connected peers and when each was asked last. */
  readonly #askedAt = new Map<PeerId, number>()

  constructor(parts: EvidenceExchangeParts) {
    this.#parts = parts
    parts.network.handle(EVIDENCE_PROTOCOL, async (request) => this.#answer(request))
    parts.network.on((event) => {
      if (event.type === 'peer-disconnected') this.#askedAt.delete(event.peer)
    })
  }

  /** A peer said how far it is. What it holds of heights that are not here yet could not be checked. */
  heard(peer: PeerId, headHeight: Height): void {
    const { chain, clock, telemetry } = this.#parts
    if (headHeight > chain.height + 1) return
    const now = clock.monotonicMs()
    if (now - (this.#askedAt.get(peer) ?? Number.NEGATIVE_INFINITY) < EVIDENCE_INTERVAL_MS) return
    this.#askedAt.set(peer, now)
    this.#ask(peer).catch(() => telemetry.count('evidence_unanswered'))
  }

  async #ask(peer: PeerId): Promise<void> {
    const { desk, network, peers } = this.#parts
    const known = concatBytes(...desk.book.all().map(({ id }) => fromHex(id)!))
    const answer = await network.request(peer, EVIDENCE_PROTOCOL, known, { timeoutMs: EVIDENCE_TIMEOUT_MS })
    const items = decodeList(answer, KEPT_EVIDENCE)
    if (!items) return peers.conduct(peer, 'bad-message')
    for (const item of items) {
      const { verdict } = await desk.receive(item)
      if (verdict === 'reject') return peers.conduct(peer, 'bad-message')
    }
  }

  /** All that the asker does not know and that may still be punished. */
  #answer(request: Uint8Array): Uint8Array {
    const ids = decodeIds(request)
    if (!ids) throw new NetworkError('refused')
    const known = new Set(ids.map(idOf))
    const { desk, chain, clock } = this.#parts
    const sinceMs = clock.wallMs() - chain.parameters.unbondingMs
    const told = desk.book.all().filter(({ id, atMs }) => !known.has(id) && atMs >= sinceMs)
    return encodeList(told.map(encodeEvidence))
  }
}
