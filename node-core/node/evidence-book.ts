/** Evidence that this node met: durable, bounded, for everyone to look at. */
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { decodeConsensusMessage, encodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Hash, TimestampMs } from '../protocol/ids.ts'
import type { ConsensusMessage } from '../protocol/messages.ts'
import { evidenceWrite, loadEvidence } from './repositories.ts'
import { decodeList, encodeList } from './wire-protocols.ts'

export interface Evidence {
  readonly first: ConsensusMessage
  readonly second: ConsensusMessage
  readonly atMs: TimestampMs
}

/** Pairs kept; the first of an offender is what matters, so later ones give way. */
const KEPT_EVIDENCE = 256

export class EvidenceBook {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #pairs: Evidence[] = []

  constructor(options: { storage: Storage; clock: Clock }) {
    this.#storage = options.storage
    this.#clock = options.clock
  }

  async open(): Promise<void> {
    for (const bytes of await loadEvidence(this.#storage, KEPT_EVIDENCE)) {
      const evidence = decode(bytes)
      if (evidence) this.#pairs.push(evidence)
    }
    this.#pairs.sort((a, b) => a.atMs - b.atMs)
  }

  all(): readonly Evidence[] {
    return this.#pairs
  }

  async add(key: Hash, first: ConsensusMessage, second: ConsensusMessage): Promise<void> {
    if (this.#pairs.length >= KEPT_EVIDENCE) return
    const evidence = { first, second, atMs: this.#clock.wallMs() }
    this.#pairs.push(evidence)
    await this.#storage.commit([evidenceWrite(key, encode(evidence))])
  }
}

function encode({ first, second, atMs }: Evidence): Uint8Array {
  const time = new Uint8Array(8)
  new DataView(time.buffer).setFloat64(0, atMs)
  return encodeList([encodeConsensusMessage(first), encodeConsensusMessage(second), time])
}

function decode(bytes: Uint8Array): Evidence | null {
  const [first, second, time] = decodeList(bytes, 3) ?? []
  if (!first || !second || time?.length !== 8) return null
  const a = decodeConsensusMessage(first)
  const b = decodeConsensusMessage(second)
  if (!a.ok || !b.ok) return null
  return { first: a.value, second: b.value, atMs: new DataView(time.buffer, time.byteOffset).getFloat64(0) }
}
