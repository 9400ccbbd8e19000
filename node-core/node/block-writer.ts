/**
 * Makes adopted blocks durable, in order: each write holds all that were adopted while the one before was under way, so a
 * node that catches up waits for the disk once a batch. It also keeps the state of the last checkpoint readable, page by page,
 * by saving what a page was before it changes for the first time, and lets old bodies go.
 */
import { toHex } from '../lib/bytes.ts'
import type { Storage, StorageWrite } from '../ports/storage.ts'
import type { Height } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { StatePage } from '../state/pages.ts'
import type { StateTree } from '../state/state-tree.ts'
import { PRUNED_AT_ONCE, WRITTEN_AT_ONCE } from './constants.ts'
import {
  blockWrite,
  checkpointWrite,
  clearStateWrites,
  forgetBlock,
  forgetKeptPage,
  headerWrite,
  headWrite,
  keptPageWrite,
  loadPage,
  oldestWrite,
  pageWrite,
  type StoredBlock,
  setWrite,
  storedHeights,
} from './repositories.ts'

/** The state at a height, as it can still be read from the pages. */
export interface Checkpoint {
  readonly height: Height
  readonly tree: StateTree
  /** Where its pages start, in order. */
  readonly pageStarts: readonly number[]
}

export interface AdoptedBlock {
  readonly height: Height
  readonly stored: StoredBlock
  readonly pages: readonly StatePage[]
  /** The set that this block announced. */
  readonly newSet: ValidatorSet | null
  /** Its header is kept after its body is let go. */
  readonly keepsHeader: boolean
  /** The state after this block stays readable until the next one that has this. */
  readonly checkpoint: Checkpoint | null
}

export interface WriterOptions {
  readonly storage: Storage
  /** Bodies kept at least; null: all. */
  readonly keptBlocks: number | null
  /** Bodies below are not here. */
  readonly oldest: Height
  /** Of a store opened again. */
  readonly checkpointHeight: Height | null
  /** Keys of the pages already saved for that checkpoint. */
  readonly keptPages: readonly Uint8Array[]
}

type Task =
  | { readonly type: 'block'; readonly block: AdoptedBlock; readonly done: PromiseWithResolvers<void> }
  | { readonly type: 'replace'; readonly replacement: Replacement; readonly done: PromiseWithResolvers<void> }

/** A whole state in the place of the one before. */
export interface Replacement {
  readonly writes: readonly StorageWrite[]
  readonly oldest: Height
  readonly checkpoint: Checkpoint | null
}

export class BlockWriter {
  readonly #storage: Storage
  readonly #keptBlocks: number | null
  readonly #tasks: Task[] = []
  readonly #savedPages = new Map<string, Uint8Array>()
  #oldest: Height
  #checkpointHeight: Height | null
  #checkpoint: Checkpoint | null = null
  #writing: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(options: WriterOptions) {
    this.#storage = options.storage
    this.#keptBlocks = options.keptBlocks
    this.#oldest = options.oldest
    this.#checkpointHeight = options.checkpointHeight
    for (const key of options.keptPages) this.#savedPages.set(toHex(key), key)
  }

  /** Bodies below are not here. */
  get oldest(): Height {
    return this.#oldest
  }

  /** The height that can be read back; null: none yet. */
  get checkpointHeight(): Height | null {
    return this.#checkpointHeight
  }

  /** null: none, or not read back since the start. */
  get checkpoint(): Checkpoint | null {
    return this.#checkpoint
  }

  /** What was read back of the checkpoint's height. null: it is damaged, and not offered any more. */
  restoreCheckpoint(checkpoint: Checkpoint | null): void {
    this.#checkpoint = checkpoint
    if (!checkpoint) this.#checkpointHeight = null
  }

  /** Resolves when it is durable, after all before it; once a write failed, every later one is refused with its error. */
  write(block: AdoptedBlock): Promise<void> {
    return this.#add((done) => ({ type: 'block', block, done }))
  }

  replace(replacement: Replacement): Promise<void> {
    return this.#add((done) => ({ type: 'replace', replacement, done }))
  }

  async settle(): Promise<void> {
    await this.#writing
  }

  #add(task: (done: PromiseWithResolvers<void>) => Task): Promise<void> {
    const done = Promise.withResolvers<void>()
    this.#tasks.push(task(done))
    this.#writing ??= this.#work().finally(() => {
      this.#writing = null
    })
    return done.promise
  }

  async #work(): Promise<void> {
    for (let first = this.#tasks[0]; first; first = this.#tasks[0]) {
      const batch = this.#tasks.splice(0, first.type === 'replace' ? 1 : this.#batchSize())
      try {
        if (this.#failure) throw this.#failure.error
        if (first.type === 'replace') await this.#writeReplacement(first.replacement)
        else await this.#writeBlocks(batch.flatMap((task) => (task.type === 'block' ? [task.block] : [])))
        for (const task of batch) task.done.resolve()
      } catch (error) {
        this.#failure ??= { error }
        for (const task of batch) task.done.reject(error)
      }
    }
  }

  /** Up to the next checkpoint: pages of later blocks are then saved first. */
  #batchSize(): number {
    const limit = Math.min(this.#tasks.length, WRITTEN_AT_ONCE)
    for (let i = 0; i < limit; i++) {
      const task = this.#tasks[i]!
      if (task.type === 'replace') return i
      if (task.block.checkpoint) return i + 1
    }
    return limit
  }

  async #writeBlocks(blocks: readonly AdoptedBlock[]): Promise<void> {
    const last = blocks.at(-1)!
    const pages = new Map<string, StatePage>()
    for (const page of blocks.flatMap((block) => block.pages)) pages.set(toHex(page.key), page)
    const saved = last.checkpoint ? [] : await this.#changedSinceCheckpoint(pages)
    const forgotten = last.checkpoint ? [...this.#savedPages.values()].map(forgetKeptPage) : []
    const oldest = this.#prunedTo(last)
    await this.#storage.commit([
      ...blocks.flatMap(writesOf),
      ...[...pages.values()].map(pageWrite),
      ...saved.map(({ key, before }) => keptPageWrite(key, before)),
      ...forgotten,
      ...(last.checkpoint ? [checkpointWrite(last.height)] : []),
      ...range(this.#oldest, oldest).map(forgetBlock),
      ...(oldest > this.#oldest ? [oldestWrite(oldest)] : []),
      headWrite(last.height),
    ])
    this.#oldest = oldest
    for (const { key } of saved) this.#savedPages.set(toHex(key), key)
    if (last.checkpoint) this.#turnTo(last.checkpoint)
  }

  async #writeReplacement({ writes, oldest, checkpoint }: Replacement): Promise<void> {
    const cleared = await clearStateWrites(this.#storage)
    const stored = await storedHeights(this.#storage)
    const forgotten = stored ? range(stored.lowest, Math.min(oldest, stored.highest + 1)) : []
    await this.#storage.commit([
      ...cleared,
      ...forgotten.map(forgetBlock),
      ...(checkpoint ? [checkpointWrite(checkpoint.height)] : []),
      oldestWrite(oldest),
      ...writes,
    ])
    this.#oldest = oldest
    this.#checkpointHeight = null
    this.#savedPages.clear()
    this.#checkpoint = null
    if (checkpoint) this.#turnTo(checkpoint)
  }

  #turnTo(checkpoint: Checkpoint): void {
    this.#checkpoint = checkpoint
    this.#checkpointHeight = checkpoint.height
    this.#savedPages.clear()
  }

  async #changedSinceCheckpoint(pages: ReadonlyMap<string, StatePage>) {
    if (this.#checkpointHeight === null) return []
    const unsaved = [...pages].filter(([name]) => !this.#savedPages.has(name))
    return Promise.all(
      unsaved.map(async ([, { key }]) => ({ key, before: await loadPage(this.#storage, key) })),
    )
  }

  /** What follows a checkpoint is kept for those who start from it. */
  #prunedTo(last: AdoptedBlock): Height {
    const checkpointHeight = last.checkpoint?.height ?? this.#checkpointHeight
    if (this.#keptBlocks === null || checkpointHeight === null) return this.#oldest
    const wanted = Math.min(last.height - this.#keptBlocks + 1, checkpointHeight + 1)
    return Math.max(this.#oldest, Math.min(wanted, this.#oldest + PRUNED_AT_ONCE))
  }
}

function writesOf({ height, stored, newSet, keepsHeader }: AdoptedBlock): StorageWrite[] {
  const { block, certificate } = stored
  return [
    blockWrite(height, stored),
    ...(newSet ? [setWrite(newSet)] : []),
    ...(keepsHeader ? [headerWrite({ header: block.header, certificate })] : []),
  ]
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
}
