/** Size and rate of gossip, checked before the node's handler sees a message. Every network adapter uses this gate. */
import type { GossipVerdict, PeerId, TopicName } from '../ports/network.ts'
import { METERED_PEERS, PEER_SHARE_OF_VERDICTS, type TopicLimit, type TopicLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

export type GossipRefusal = 'empty' | 'too-large' | 'too-fast' | 'too-many-pending'

interface Meter {
  readonly messages: TokenBucket
  readonly bytes: TokenBucket
  /** Messages of this peer whose verdict is outstanding. */
  pending: number
}

export class GossipGate {
  readonly #limits: TopicLimits
  readonly #meters = new Map<PeerId, Map<TopicName, Meter>>()
  readonly #pending = new Map<TopicName, number>()

  constructor(limits: TopicLimits) {
    this.#limits = limits
  }

  /** null: admitted; the caller then calls `settled` when its verdict is there. */
  admit(peer: PeerId, topic: TopicName, size: number, nowMs: number): GossipRefusal | null {
    const limit = this.#limits[topic]
    if (size === 0) return 'empty'
    if (size > limit.messageBytes) return 'too-large'
    const meter = this.#meter(peer, topic, limit, nowMs)
    if (!meter.messages.take(1, nowMs) || !meter.bytes.take(size, nowMs)) return 'too-fast'
    const pending = this.#pending.get(topic) ?? 0
    const share = Math.ceil(limit.pendingVerdicts / PEER_SHARE_OF_VERDICTS)
    if (pending >= limit.pendingVerdicts || meter.pending >= share) return 'too-many-pending'
    this.#pending.set(topic, pending + 1)
    meter.pending++
    return null
  }

  settled(peer: PeerId, topic: TopicName): void {
    this.#pending.set(topic, Math.max(0, (this.#pending.get(topic) ?? 0) - 1))
    const meter = this.#meters.get(peer)?.get(topic)
    if (meter) meter.pending = Math.max(0, meter.pending - 1)
  }

  fits(topic: TopicName, size: number): boolean {
    return size > 0 && size <= this.#limits[topic].messageBytes
  }

  #meter(peer: PeerId, topic: TopicName, limit: TopicLimit, nowMs: number): Meter {
    let topics = this.#meters.get(peer)
    // Re-inserted, so that the first entry is the peer that was silent longest.
    if (topics) this.#meters.delete(peer)
    else topics = new Map()
    this.#meters.set(peer, topics)
    if (this.#meters.size > METERED_PEERS) this.#meters.delete(this.#meters.keys().next().value!)
    let meter = topics.get(topic)
    if (!meter) {
      meter = {
        messages: new TokenBucket(limit.messagesPerSecond, limit.messageBurst, nowMs),
        bytes: new TokenBucket(limit.bytesPerSecond, limit.byteBurst, nowMs),
        pending: 0,
      }
      topics.set(topic, meter)
    }
    return meter
  }
}

/** Only what no honest node sends lowers the sender's score: it may pass on bursts of others. */
export function verdictOfRefusal(refusal: GossipRefusal): GossipVerdict {
  return refusal === 'too-large' || refusal === 'empty' ? 'reject' : 'ignore'
}
