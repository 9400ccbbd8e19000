/** All records in memory with their tree (ChainState), and changes to them that are adopted or dropped (Overlay). */
import { digest } from '@chainsafe/as-sha256'
import { assert } from '../lib/assert.ts'
import { toHex } from '../lib/bytes.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { ChainId, Hash } from '../protocol/ids.ts'
import { CHAIN_KEY, decodeRecord, encodeRecord, keyHash, kindOf, readKey, type StateKey } from './keys.ts'
import { PageIndex, type ReadRecord, type RecordBytes, readPage, type StatePage } from './pages.ts'
import type { StateProof } from './proof.ts'
import type { KindName } from './record-kinds.ts'
import { StateTree, type TreeChange, type TreeWrite } from './state-tree.ts'

/** Records are immutable: to change one, set another in its place. */
export interface StateView {
  /** null: there is none. */
  get<T>(key: StateKey<T>): T | null
  /** Keys of this kind, in text order: for numbers that is not their order. */
  keysOf(kind: KindName): StateKey<unknown>[]
  /** Every record of the kind, in no order: for sums alone. */
  each<T>(kind: KindName, visit: (record: T, key: StateKey<T>) => void): void
}

export type LoadResult =
  | { readonly ok: true; readonly state: ChainState }
  | { readonly ok: false; readonly code: 'page-damaged' | 'page-missing' }

/** Kinds that are listed often; listing another goes through all records. */
const LISTED_KINDS: readonly KindName[] = [
  'validator',
  'validatorSet',
  'delegation',
  'redelegations',
  'unbonding',
  'epoch',
  'stakeActivity',
  'multisig',
  'evidence',
  'validatorKey',
]

export class ChainState implements StateView {
  readonly #records = new Map<StateKey<unknown>, unknown>()
  readonly #listed = new Map(LISTED_KINDS.map((kind) => [kind, new Set<StateKey<unknown>>()]))
  readonly #tree = new StateTree()
  #pages = new PageIndex()

  /** From pages in any order. Whether it is the wanted state is for the caller to see by its root. */
  static load(pages: readonly Uint8Array[]): LoadResult {
    const state = new ChainState()
    const read = pages.map((page) => readPage(page, readRecord))
    if (!read.every((page) => page !== null)) return { ok: false, code: 'page-damaged' }
    const index = PageIndex.restore(read)
    if (!index) return { ok: false, code: 'page-missing' }
    state.#pages = index
    const writes: TreeWrite[] = []
    for (const { records } of read) {
      for (const { key, value, keyHash: hash, bytes } of records) {
        state.#put(key, value)
        writes.push({ key: hash, valueHash: digest(bytes) })
      }
    }
    state.#tree.adopt(state.#tree.stage(writes))
    return { ok: true, state }
  }

  /** From records that came otherwise than in pages, each key once; the pages are to be stored. null: a record is not known. */
  static assemble(
    encoded: readonly RecordBytes[],
  ): { readonly state: ChainState; readonly pages: StatePage[] } | null {
    const state = new ChainState()
    const writes: TreeWrite[] = []
    for (const { key, value } of encoded) {
      const record = readRecord(key, value)
      if (!record) return null
      state.#put(record.key, record.value)
      state.#pages.touch(record.key, record.keyHash, true)
      writes.push({ key: record.keyHash, valueHash: digest(value) })
    }
    state.#tree.adopt(state.#tree.stage(writes))
    return { state, pages: state.#flushPages() }
  }

  get<T>(key: StateKey<T>): T | null {
    return (this.#records.get(key) as T | undefined) ?? null
  }

  keysOf(kind: KindName): StateKey<unknown>[] {
    const listed = this.#listed.get(kind) ?? [...this.#records.keys()].filter((key) => kindOf(key) === kind)
    return [...listed].sort()
  }

  each<T>(kind: KindName, visit: (record: T, key: StateKey<T>) => void): void {
    const listed = this.#listed.get(kind)
    if (listed) {
      for (const key of listed) visit(this.#records.get(key) as T, key as StateKey<T>)
      return
    }
    const prefix = `${kind}:`
    for (const [key, value] of this.#records) {
      if (key.startsWith(prefix)) visit(value as T, key as StateKey<T>)
    }
  }

  get recordCount(): number {
    return this.#records.size
  }

  get chainId(): ChainId {
    return this.#chain().chainId
  }

  get parameters(): ChainParameters {
    return this.#chain().parameters
  }

  root(): Hash {
    return toHex(this.#tree.root) as Hash
  }

  /** Shows under root() that the record has its value, or that there is none. */
  prove(key: StateKey<unknown>): { readonly key: Uint8Array; readonly proof: StateProof } {
    const hash = keyHash(key)
    const value = this.get(key)
    return {
      key: hash,
      proof: { ...this.#tree.prove(hash), value: value === null ? null : encodeRecord(key, value) },
    }
  }

  /** The tree of now, which later changes leave alone. */
  copyTree(): StateTree {
    return this.#tree.copy()
  }

  /** Where its stored pages start, in order. */
  pageStarts(): number[] {
    return this.#pages.starts()
  }

  overlay(): Overlay {
    return new Overlay(this, {
      stage: (writes) => this.#tree.stage(writes),
      adopt: (staged) => this.#adopt(staged),
    })
  }

  #adopt({ change, writes }: StagedChanges): StatePage[] {
    this.#tree.adopt(change)
    for (const { record, key: hash, value } of writes) {
      this.#put(record, value)
      this.#pages.touch(record, hash, value !== null)
    }
    return this.#flushPages()
  }

  #flushPages(): StatePage[] {
    return this.#pages.flush((key) => encodeRecord(key, this.#records.get(key)))
  }

  #put(key: StateKey<unknown>, value: unknown): void {
    const listed = this.#listed.get(kindOf(key))
    if (value === null) {
      this.#records.delete(key)
      listed?.delete(key)
    } else {
      this.#records.set(key, value)
      listed?.add(key)
    }
  }

  #chain() {
    const chain = this.get(CHAIN_KEY)
    assert(chain, 'a state began with a genesis')
    return chain
  }
}

function readRecord(keyBytes: Uint8Array, bytes: Uint8Array): ReadRecord | null {
  const key = readKey(keyBytes)
  if (!key) return null
  const decoded = decodeRecord(key, bytes)
  return decoded.ok ? { key, value: decoded.value, keyHash: digest(keyBytes), bytes } : null
}

/** Changes over a view; null marks a deleted record. */
export abstract class Draft implements StateView {
  readonly #below: StateView
  protected readonly changes = new Map<StateKey<unknown>, unknown>()

  constructor(below: StateView) {
    this.#below = below
  }

  get<T>(key: StateKey<T>): T | null {
    const changed = this.changes.get(key)
    return changed === undefined ? this.#below.get(key) : (changed as T | null)
  }

  set<T>(key: StateKey<T>, value: T): void {
    this.write(key, value)
  }

  delete(key: StateKey<unknown>): void {
    this.write(key, null)
  }

  keysOf(kind: KindName): StateKey<unknown>[] {
    const keys = new Set(this.#below.keysOf(kind))
    for (const [key, value] of this.changes) {
      if (kindOf(key) !== kind) continue
      if (value === null) keys.delete(key)
      else keys.add(key)
    }
    return [...keys].sort()
  }

  each<T>(kind: KindName, visit: (record: T, key: StateKey<T>) => void): void {
    this.#below.each<T>(kind, (record, key) => {
      if (!this.changes.has(key)) visit(record, key)
    })
    for (const [key, value] of this.changes) {
      if (value !== null && kindOf(key) === kind) visit(value as T, key as StateKey<T>)
    }
  }

  /** Changes that become this draft's at `merge()`, or are forgotten. */
  fork(): Fork {
    return new Fork(this, (changes) => {
      for (const [key, value] of changes) this.write(key, value)
    })
  }

  protected write(key: StateKey<unknown>, value: unknown): void {
    this.changes.set(key, value)
  }
}

export class Fork extends Draft {
  readonly #mergeInto: (changes: ReadonlyMap<StateKey<unknown>, unknown>) => void

  constructor(below: Draft, mergeInto: (changes: ReadonlyMap<StateKey<unknown>, unknown>) => void) {
    super(below)
    this.#mergeInto = mergeInto
  }

  /** Once, and nothing is written here after it. */
  merge(): void {
    this.#mergeInto(this.changes)
  }
}

interface RecordWrite extends TreeWrite {
  readonly record: StateKey<unknown>
  /** null: deleted. */
  readonly value: unknown
}

interface StagedChanges {
  readonly change: TreeChange
  readonly writes: readonly RecordWrite[]
}

interface OverlayBase {
  stage(writes: readonly TreeWrite[]): TreeChange
  adopt(staged: StagedChanges): StatePage[]
}

/** Several may stand on one state; adopting one makes the others worthless (their adopt() is then a bug and throws). */
export class Overlay extends Draft {
  readonly #base: OverlayBase
  #staged: StagedChanges | null = null

  constructor(below: ChainState, base: OverlayBase) {
    super(below)
    this.#base = base
  }

  /** The state's root with these changes; the state itself is untouched. Cost: the tree's batch, once until the next change. */
  root(): Hash {
    return toHex(this.#stage().change.root) as Hash
  }

  /** Makes the changes the state's; the pages that differ are to be stored in one write. */
  adopt(): StatePage[] {
    return this.#base.adopt(this.#stage())
  }

  protected override write(key: StateKey<unknown>, value: unknown): void {
    super.write(key, value)
    this.#staged = null
  }

  #stage(): StagedChanges {
    if (this.#staged) return this.#staged
    const writes = [...this.changes].map(([record, value]) => ({
      record,
      value,
      key: keyHash(record),
      valueHash: value === null ? null : digest(encodeRecord(record, value)),
    }))
    this.#staged = { change: this.#base.stage(writes), writes }
    return this.#staged
  }
}
