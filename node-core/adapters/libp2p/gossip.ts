/** Topics over gossipsub: names, settings, and the way from a received message to the handler's verdict. */
import { type GossipSub, type GossipsubOpts, TopicValidatorResult } from '@libp2p/gossipsub'
import { GossipGate, type GossipRefusal, verdictOfRefusal } from '../../mesh/gossip-gate.ts'
import {
  GOSSIP_FRAME_BYTES,
  GOSSIP_OUTBOUND_BYTES,
  GOSSIP_SEEN_MS,
  type TopicLimits,
} from '../../mesh/limits.ts'
import type { GossipHandler, GossipVerdict, PeerId, TopicName } from '../../ports/network.ts'
import { longHash } from '../long-hash.ts'

const WIRE_NAMES: Readonly<Record<TopicName, string>> = {
  transactions: 'tx',
  consensus: 'consensus',
  decided: 'decided',
  evidence: 'evidence',
}
export const TOPICS = Object.keys(WIRE_NAMES) as TopicName[]

const MESSAGE_ID_BYTES = 20
/** Five rejected messages at once put a peer below the graylist threshold of −80; two percent are forgiven a second. */
const REJECTED_MESSAGE_WEIGHT = -4
const REJECTED_MESSAGE_DECAY = 0.98

export function topicId(chainId: string, topic: TopicName): string {
  return `/aitbc/${chainId}/${WIRE_NAMES[topic]}/1`
}

/** Votes and proposals go to every peer at once; transactions only along the mesh. */
export function floods(topic: TopicName): boolean {
  return topic !== 'transactions'
}

export function gossipOptions(chainId: string): Partial<GossipsubOpts> {
  const ids = TOPICS.map((topic) => topicId(chainId, topic))
  // Delivery quotas (P3) would punish every peer on a quiet topic; only rejected messages count.
  const score = {
    topicWeight: 1,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: REJECTED_MESSAGE_WEIGHT,
    invalidMessageDeliveriesDecay: REJECTED_MESSAGE_DECAY,
  }
  return {
    globalSignaturePolicy: 'StrictNoSign',
    msgIdFn: (message) => messageId(message.data),
    fallbackToFloodsub: false,
    floodPublish: true,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    seenTTL: GOSSIP_SEEN_MS,
    allowedTopics: ids,
    maxInboundDataLength: GOSSIP_FRAME_BYTES,
    maxOutboundBufferSize: GOSSIP_OUTBOUND_BYTES,
    scoreParams: {
      // Behind one relay all peers have its address.
      IPColocationFactorWeight: 0,
      topics: Object.fromEntries(ids.map((id) => [id, score])) as NonNullable<
        GossipsubOpts['scoreParams']
      >['topics'] &
        object,
    },
  }
}

export function messageId(data: Uint8Array): Uint8Array {
  return longHash(data).subarray(0, MESSAGE_ID_BYTES)
}

/** Private in the package, or in its class alone; checked against 17.1.1. */
interface ForwardingGossip {
  readonly score: {
    readonly deliveryRecords: {
      getRecord(messageId: string): { readonly peers: ReadonlySet<string> } | undefined
    }
  }
  forwardMessage(messageId: string, message: unknown, source: string, excluded?: ReadonlySet<string>): void
}

/**
 * A vote comes from its sender and, a moment later, from all who passed it on. By itself gossipsub sends it on to those as
 * well, though they had it before: of two nodes that are linked only the faster one has to send.
 */
export function sparePeersThatHaveIt(gossip: GossipSub): void {
  const inside = gossip as unknown as ForwardingGossip
  const forward = inside.forwardMessage.bind(inside)
  inside.forwardMessage = (messageId, message, source, excluded = NOBODY) => {
    const senders = inside.score.deliveryRecords.getRecord(messageId)?.peers ?? NOBODY
    forward(messageId, message, source, new Set([...excluded, ...senders]))
  }
}

const NOBODY: ReadonlySet<string> = new Set()

/** Judges messages one by one, each on its own promise: a slow verdict holds up no other message. */
export class GossipJudge {
  readonly #gate: GossipGate
  readonly #refused: (topic: TopicName, reason: GossipRefusal | 'handler-failed', from: PeerId) => void
  handler: GossipHandler | null = null

  constructor(
    limits: TopicLimits,
    refused: (topic: TopicName, reason: GossipRefusal | 'handler-failed', from: PeerId) => void,
  ) {
    this.#gate = new GossipGate(limits)
    this.#refused = refused
  }

  fits(topic: TopicName, size: number): boolean {
    return this.#gate.fits(topic, size)
  }

  async judge(topic: TopicName, bytes: Uint8Array, from: PeerId): Promise<TopicValidatorResult> {
    if (!this.handler) return TopicValidatorResult.Ignore
    const refusal = this.#gate.admit(from, topic, bytes.length, performance.now())
    if (refusal) {
      this.#refused(topic, refusal, from)
      return RESULTS[verdictOfRefusal(refusal)]
    }
    try {
      return RESULTS[await this.handler(topic, bytes, from)]
    } catch {
      this.#refused(topic, 'handler-failed', from)
      return TopicValidatorResult.Ignore
    } finally {
      this.#gate.settled(from, topic)
    }
  }
}

const RESULTS: Readonly<Record<GossipVerdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}
