/** A node's disk under a run: writes take time, and a crash falls before one, into the middle of it, or right after. */
import { encodeFrame } from '../../adapters/journal-frames.ts'
import { MemoryJournalFile } from '../../adapters/memory/memory-journal.ts'
import { MemoryDisk } from '../../adapters/memory/memory-storage.ts'
import { concatBytes } from '../../lib/bytes.ts'
import { loadHeadHeight, loadPagesWithin, pageWrite } from '../../node/repositories.ts'
import type { Journal } from '../../ports/storage.ts'
import type { Random } from '../random.ts'
import type { CrashAtWrite, CrashMoment } from '../scenario.ts'

const WRITE_MS = 3
const FRAME_WORD_BYTES = 4
/** State keys are hashed to so many places, of which a page covers a range. */
const STATE_PLACES = 2 ** 32

export interface DiskHooks {
  /** Resolves after this virtual time; never when the machine stops before. */
  wait(ms: number): Promise<void>
  /** A write is at hand: the crash that falls on it, if there is one. */
  crashAt(disk: CrashAtWrite['disk']): { readonly when: CrashMoment } | null
  /** The machine stops now. */
  stop(): void
  /** Nothing leaves any more; it stops once this write is done. */
  stopAfterwards(): void
}

export class SimDisk {
  readonly store: MemoryDisk
  readonly file: MemoryJournalFile
  readonly #hooks: DiskHooks
  readonly #random: Random
  #appended: Uint8Array | null = null
  /** What is written now is no node's: it takes no time, and no crash falls on it. */
  #isTampering = false

  constructor(hooks: DiskHooks, random: Random) {
    this.#hooks = hooks
    this.#random = random
    this.store = new MemoryDisk({ settle: () => this.#settle('storage') })
    this.file = new MemoryJournalFile({ settle: () => this.#settle('journal') })
  }

  /** A damaged file is set aside and begun anew, empty: its node knows that the record was lost. */
  openJournal(): Journal {
    let journal: Journal
    try {
      journal = this.file.open()
    } catch {
      this.file.bytes = new Uint8Array(0)
      journal = this.file.open()
    }
    return {
      append: (record) => {
        this.#appended = record
        return journal.append(record)
      },
      replace: (record) => {
        this.#appended = null
        return journal.replace(record)
      },
      read: () => journal.read(),
      close: () => journal.close(),
    }
  }

  /** Handles are dead; what was not acknowledged is lost. */
  crash(): void {
    this.store.crash()
    this.file.crash()
  }

  /** One bit of the journal is another one, with whole records behind it. */
  damageJournal(): void {
    const { bytes } = this.file
    if (bytes.length === 0) return
    const changed = bytes.slice()
    const at = this.#random.below(changed.length)
    changed[at] = changed[at]! ^ (1 << this.#random.below(8))
    this.file.bytes = concatBytes(changed, bytes)
  }

  /** One bit of a page of the state is another one, or the page is gone. False before the first block, where nothing is read. */
  async damagePage(): Promise<boolean> {
    const storage = this.store.open()
    if ((await loadHeadHeight(storage)) === 0) return false
    const random = this.#random
    const { key, value } = random.pick(await loadPagesWithin(storage, 0, STATE_PLACES))
    const at = random.below(value.length)
    const flipped = value.with(at, value[at]! ^ (1 << random.below(8)))
    const write = pageWrite({ key, bytes: value })
    this.#isTampering = true
    await storage.commit([{ ...write, value: random.chance(0.5) ? flipped : null }])
    this.#isTampering = false
    await storage.close()
    return true
  }

  async #settle(disk: CrashAtWrite['disk']): Promise<void> {
    if (this.#isTampering) return
    await this.#hooks.wait(WRITE_MS)
    const crash = this.#hooks.crashAt(disk)
    if (!crash) return
    if (crash.when === 'after') return this.#hooks.stopAfterwards()
    if (crash.when === 'torn' && disk === 'journal' && this.#appended) this.#tear(this.#appended)
    this.#hooks.stop()
  }

  #tear(record: Uint8Array): void {
    const torn = encodeFrame(record)
    const cut = torn.slice(0, this.#random.below(torn.length))
    if (this.#random.chance(0.3)) cut.fill(0, FRAME_WORD_BYTES + this.#random.below(cut.length + 1))
    this.file.bytes = concatBytes(this.file.bytes, cut)
  }
}
