/**
 * Evidence that this node knows: durable and bounded. One piece of evidence removes a validator for good, so a few of each
 * are enough; when the book is full, that of the lowest height gives way, and what is lower than all of it is not taken.
 */
import type { Storage } from '../ports/storage.ts'
import { decodeEvidence, encodeEvidence, evidenceId } from '../protocol/codec-evidence.ts'
import type { StatementPair } from '../protocol/evidence.ts'
import type { Address, Hash, TimestampMs } from '../protocol/ids.ts'
import { evidenceDeletion, evidenceWrite, loadEvidence } from './repositories.ts'
import { decodeList, encodeList } from './wire-protocols.ts'

/** How this node came by it. */
export type EvidenceSource = 'messages' | 'gossip'

export interface Evidence extends StatementPair {
  readonly id: Hash
  readonly atMs: TimestampMs
  readonly source: EvidenceSource
}

/** Pieces of evidence kept, all validators together. */
export const KEPT_EVIDENCE = 256
/** Of one validator. */
export const KEPT_OF_ONE = 8

export type EvidenceRefusal = 'known' | 'enough-of-this-validator' | 'older-than-all-kept'

const SOURCES: readonly EvidenceSource[] = ['messages', 'gossip']

export class EvidenceBook {
  readonly #storage: Storage
  /** By id, in the order they came. */
  readonly #kept = new Map<Hash, Evidence>()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  async open(): Promise<void> {
    const stored = await loadEvidence(this.#storage, 2 * KEPT_EVIDENCE)
    const decoded = stored.flatMap(({ value }) => decode(value) ?? [])
    for (const evidence of decoded.sort((a, b) => a.atMs - b.atMs)) this.#kept.set(evidence.id, evidence)
    const unreadable = stored.filter(({ value }) => decode(value) === null)
    if (unreadable.length > 0) await this.#storage.commit(unreadable.map(({ key }) => evidenceDeletion(key)))
  }

  /** Oldest first. */
  all(): readonly Evidence[] {
    return [...this.#kept.values()]
  }

  /** null: it would be kept. */
  refusal(id: Hash, { first }: StatementPair): EvidenceRefusal | null {
    if (this.#kept.has(id)) return 'known'
    if (this.#countOf(first.sender) >= KEPT_OF_ONE) return 'enough-of-this-validator'
    if (this.#kept.size < KEPT_EVIDENCE) return null
    return first.height > this.#lowest().first.height ? null : 'older-than-all-kept'
  }

  /** Known at once; durable when the promise resolves. The caller asked for its refusal before. */
  async add(evidence: Evidence): Promise<void> {
    const dropped = this.#kept.size >= KEPT_EVIDENCE ? this.#lowest() : null
    if (dropped) this.#kept.delete(dropped.id)
    this.#kept.set(evidence.id, evidence)
    await this.#storage.commit([
      evidenceWrite(evidence.id, encode(evidence)),
      ...(dropped ? [evidenceWrite(dropped.id, null)] : []),
    ])
  }

  #countOf(sender: Address): number {
    let count = 0
    for (const { first } of this.#kept.values()) if (first.sender === sender) count++
    return count
  }

  #lowest(): Evidence {
    return this.all().reduce((least, each) => (each.first.height < least.first.height ? each : least))
  }
}

function encode(evidence: Evidence): Uint8Array {
  const time = new Uint8Array(8)
  new DataView(time.buffer).setFloat64(0, evidence.atMs)
  return encodeList([encodeEvidence(evidence), time, Uint8Array.of(SOURCES.indexOf(evidence.source))])
}

function decode(bytes: Uint8Array): Evidence | null {
  const [pairBytes, time, sourceByte] = decodeList(bytes, 3) ?? []
  const source = SOURCES[sourceByte?.[0] ?? -1]
  if (!pairBytes || time?.length !== 8 || !source) return null
  const pair = decodeEvidence(pairBytes)
  if (!pair.ok) return null
  const atMs = new DataView(time.buffer, time.byteOffset).getFloat64(0)
  return { ...pair.value, id: evidenceId(pair.value), atMs, source }
}
