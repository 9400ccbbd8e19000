/** A message on its way through the mesh: one object for all its copies, so that what can be known of it is worked out once. */
import { digest } from '@chainsafe/as-sha256'
import { toHex } from '../../lib/bytes.ts'
import { decodeRepeatable } from '../../node/wire-protocols.ts'
import type { TopicName } from '../../ports/network.ts'
import { decodeConsensusMessage } from '../../protocol/codec-messages.ts'
import type { ConsensusMessage } from '../../protocol/messages.ts'

/** What a node publishes. */
export interface Said {
  readonly topic: TopicName
  readonly bytes: Uint8Array
}

export class Gossip implements Said {
  readonly topic: TopicName
  readonly bytes: Uint8Array
  readonly id: string
  /** By receiver: when the earliest copy on its way there arrives, ms. */
  readonly #arrivesAtMs: Float64Array
  #message: ConsensusMessage | null | undefined

  constructor({ topic, bytes }: Said, nodes: number) {
    this.topic = topic
    this.bytes = bytes
    this.id = topic + toHex(digest(bytes))
    this.#arrivesAtMs = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY)
  }

  /** A copy is there by then. */
  isThere(receiver: number, byMs: number): boolean {
    return this.#arrivesAtMs[receiver]! <= byMs
  }

  setsOut(receiver: number, arrivesAtMs: number): void {
    this.#arrivesAtMs[receiver] = arrivesAtMs
  }

  /** null: of another topic, or it cannot be read. */
  get message(): ConsensusMessage | null {
    if (this.#message === undefined) this.#message = this.topic === 'consensus' ? read(this.bytes) : null
    return this.#message
  }
}

function read(bytes: Uint8Array): ConsensusMessage | null {
  const payload = decodeRepeatable(bytes)
  const decoded = payload && decodeConsensusMessage(payload)
  return decoded?.ok ? decoded.value : null
}
