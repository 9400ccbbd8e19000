/**
 * The one door for gossip: size and rate were limited by the network, here follow decoding, membership and signatures.
 * What is bad is counted by reason and lowers the score of the peer that passed it on; nothing throws past this file.
 */
import type { GossipVerdict, Network, PeerId, TopicName } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { decodeDecided } from '../protocol/codec-block.ts'
import { decodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Decided } from '../protocol/decided.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import type { Chain } from './chain.ts'
import {
  BEHIND_HEIGHTS,
  BUNDLE_TRANSACTIONS,
  VERIFIED_TOGETHER,
  VERIFYING_MESSAGES,
  VERIFYING_PER_PEER,
} from './constants.ts'
import type { LateCommits } from './late-commits.ts'
import type { MessageVerifier } from './message-verifier.ts'
import type { Refusal } from './transaction-pool.ts'
import { decodeList, decodeRepeatable } from './wire-protocols.ts'

export interface GatePorts {
  /** Verified. `late`: a COMMIT of the head's own round, which its sender may well have decided already. */
  consensus(message: VerifiedMessage, from: PeerId, late: boolean): void
  /** A verified or merely claimed higher height: someone may be ahead. */
  ahead(height: number, from: PeerId): void
  /** Canonical bytes of one transaction. */
  transaction(
    bytes: Uint8Array,
    from: PeerId,
  ): Promise<{ readonly ok: true; readonly isNew: boolean } | ({ readonly ok: false } & Refusal)>
  decided(decided: Decided, from: PeerId): Promise<'good' | 'stale' | 'bad'>
  /** `reason`: what is wrong with it, when it is refused. */
  evidence(bytes: Uint8Array): Promise<{ readonly verdict: GossipVerdict; readonly reason: string | null }>
  misbehaved(peer: PeerId, reason: string): void
}

/** Refusals of a transaction that an honest relaying peer could not foresee: its view of the chain may differ. */
const HONEST_REFUSALS: ReadonlySet<string> = new Set([
  'nonce-too-low',
  'nonce-too-high',
  'expired',
  'insufficient-balance',
  'fee-too-low',
  'pool-full',
  'sender-pool-share',
  'replacement-underpriced',
  'drip-too-early',
])

export class InboundGate {
  readonly #chain: Chain
  readonly #verifier: MessageVerifier
  readonly #lateCommits: LateCommits
  readonly #telemetry: Telemetry
  readonly #ports: GatePorts
  readonly #verifying = new Map<PeerId, number>()
  #verifyingAll = 0

  constructor(options: {
    chain: Chain
    network: Network
    verifier: MessageVerifier
    lateCommits: LateCommits
    telemetry: Telemetry
    ports: GatePorts
  }) {
    this.#chain = options.chain
    this.#verifier = options.verifier
    this.#lateCommits = options.lateCommits
    this.#telemetry = options.telemetry
    this.#ports = options.ports
    options.network.onGossip((topic, bytes, from) => this.#receive(topic, bytes, from))
  }

  async #receive(topic: TopicName, bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    try {
      switch (topic) {
        case 'consensus':
          return await this.#consensus(bytes, from)
        case 'transactions':
          return await this.#transactions(bytes, from)
        case 'decided':
          return await this.#decided(bytes, from)
        case 'evidence':
          return await this.#evidence(bytes, from)
      }
    } catch (error) {
      this.#telemetry.count('gate_failures', { topic })
      this.#telemetry.log(
        'error',
        'gate',
        `${topic} from ${from}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      return 'ignore'
    }
  }

  async #consensus(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const payload = decodeRepeatable(bytes)
    const decoded = payload && decodeConsensusMessage(payload)
    if (!decoded?.ok) return this.#reject(from, 'consensus-malformed')
    const message = decoded.value
    const next = this.#chain.height + 1
    if (message.height > next + 1) {
      this.#ports.ahead(message.height - 1, from)
      return 'ignore'
    }
    if (message.height < this.#chain.height - BEHIND_HEIGHTS) {
      this.#telemetry.count('messages_stale', { type: message.type })
      return 'ignore'
    }
    const at = this.#chain.setAt(message.height)
    if (!at) {
      this.#ports.ahead(message.height - 1, from)
      return 'ignore'
    }
    const ofPeer = this.#verifying.get(from) ?? 0
    if (this.#verifyingAll >= VERIFYING_MESSAGES || ofPeer >= VERIFYING_PER_PEER) {
      this.#telemetry.count('messages_shed', { topic: 'consensus' })
      return 'ignore'
    }
    this.#verifyingAll++
    this.#verifying.set(from, ofPeer + 1)
    try {
      const verdict = await this.#verifier.verify(message, at)
      if (!verdict.ok) return this.#reject(from, verdict.reason)
      return this.#deliver(verdict.message, from)
    } finally {
      this.#verified(from)
    }
  }

  #verified(from: PeerId): void {
    this.#verifyingAll--
    const left = this.#verifying.get(from)! - 1
    if (left === 0) this.#verifying.delete(from)
    else this.#verifying.set(from, left)
  }

  #deliver(message: VerifiedMessage, from: PeerId): GossipVerdict {
    if (message.height > this.#chain.height + 1) this.#ports.ahead(message.height - 1, from)
    const late =
      message.type === 'commit' && message.height === this.#chain.height && this.#lateCommits.belongs(message)
    this.#ports.consensus(message, from, late)
    return late || message.height > this.#chain.height ? 'accept' : 'ignore'
  }

  async #transactions(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const items = decodeList(bytes, BUNDLE_TRANSACTIONS)
    if (!items || items.length === 0) return this.#reject(from, 'bundle-malformed')
    let isNew = false
    for (let first = 0; first < items.length; first += VERIFIED_TOGETHER) {
      const lot = items.slice(first, first + VERIFIED_TOGETHER)
      const results = await Promise.all(lot.map((item) => this.#ports.transaction(item, from)))
      const bad = results.find((result) => !result.ok && !HONEST_REFUSALS.has(result.code))
      // What follows a bad one is not worth its verification: nobody honest passes such a bundle on.
      if (bad && !bad.ok) return this.#reject(from, `transaction-${bad.code}`)
      isNew ||= results.some((result) => result.ok && result.isNew)
    }
    return isNew ? 'accept' : 'ignore'
  }

  async #decided(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const decoded = decodeDecided(bytes)
    if (!decoded.ok) return this.#reject(from, 'decided-malformed')
    const result = await this.#ports.decided(decoded.value, from)
    if (result === 'bad') return this.#reject(from, 'decided-bad')
    return result === 'good' ? 'accept' : 'ignore'
  }

  async #evidence(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const { verdict, reason } = await this.#ports.evidence(bytes)
    return verdict === 'reject' ? this.#reject(from, `evidence-${reason}`) : verdict
  }

  #reject(from: PeerId, reason: string): GossipVerdict {
    this.#telemetry.count('messages_rejected', { reason })
    this.#ports.misbehaved(from, reason)
    return 'reject'
  }
}
