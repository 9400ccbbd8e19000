/** A replica's disk: the signing record and the prepared body in the journal, the decided blocks in the store. */
import { encodeFrame, scanFrames } from '../../adapters/journal-frames.ts'
import { decodeGuardRecord, encodeGuardRecord } from '../../consensus/guard-record.ts'
import type { GuardRecord } from '../../consensus/replica-state.ts'
import { concatBytes } from '../../lib/bytes.ts'
import type { Commit, GuardedMessage, Prepare } from '../../protocol/messages.ts'
import type { Random } from '../random.ts'
import type { CrashMoment } from '../scenario.ts'
import { said } from './said.ts'

/** Of the restarts that find the journal whole, one in so many reads its bytes: that is most of what a restart costs. */
const READ_EVERY = 4
/** Written at once or not at all. */
const FRAME_WORD_BYTES = 4

export type ReadBack =
  | { readonly ok: true; readonly record: GuardRecord | null }
  /** Damaged before its tail: what was signed is not known. */
  | { readonly ok: false }

/**
 * Records are kept as values; their bytes are made where bytes matter, at a crash and when the journal is read back, in the
 * frames that the adapters write.
 */
export class CoreJournal {
  #record: GuardRecord | null
  #bytes: Uint8Array | null = null
  /** What was signed is not known, and nothing was since. */
  #lost = false
  #restarts = 0

  constructor(record: GuardRecord | null) {
    this.#record = record
  }

  get record(): GuardRecord | null {
    return this.#record
  }

  write(record: GuardRecord): void {
    this.#record = record
    this.#bytes = null
    this.#lost = false
  }

  /** The machine stops while this record is being appended. */
  crashWriting(record: GuardRecord, when: CrashMoment, random: Random) {
    if (when === 'after') return this.write(record)
    if (when === 'before') return
    const frame = encodeFrame(encodeGuardRecord(record))
    const torn = frame.slice(0, random.below(frame.length))
    // Pages of the file may have been allotted and not written; the frame's first word is on the first of them.
    if (random.chance(0.3)) torn.fill(0, FRAME_WORD_BYTES + random.below(torn.length))
    this.#bytes = concatBytes(this.#frameBytes(), torn)
  }

  /** A byte in the middle of what was durable is another one. */
  damage(random: Random): void {
    const bytes = this.#frameBytes()
    // A whole frame behind the damage shows that this is no interrupted append.
    const behind = bytes.slice()
    if (bytes.length > 0) bytes[random.below(bytes.length)]! ^= 1 << random.below(8)
    this.#bytes = concatBytes(bytes, behind)
  }

  /** What a node finds when it starts. */
  readBack(): ReadBack {
    if (!this.#bytes && !this.#lost && ++this.#restarts % READ_EVERY !== 0)
      return { ok: true, record: this.#record }
    const scan = scanFrames(this.#bytes ?? this.#frameBytes())
    const newest = scan.records.at(-1)
    const decoded = newest && decodeGuardRecord(newest)
    this.#bytes = null
    this.#lost ||= scan.damaged || decoded?.ok === false
    this.#record = !this.#lost && decoded?.ok ? inOneLayout(decoded.value) : null
    return this.#lost ? { ok: false } : { ok: true, record: this.#record }
  }

  #frameBytes(): Uint8Array {
    return this.#record ? encodeFrame(encodeGuardRecord(this.#record)) : new Uint8Array(0)
  }
}

/** What was read from bytes, as if it had stayed in memory. */
function inOneLayout({ position, messages, lastCommit, prepared }: GuardRecord): GuardRecord {
  return {
    position,
    messages: messages.map((each) => said<GuardedMessage>(each)),
    lastCommit: lastCommit && said<Commit>(lastCommit),
    prepared: prepared && {
      ...prepared,
      certificate: prepared.certificate.map((each) => said<Prepare>(each)),
    },
  }
}
