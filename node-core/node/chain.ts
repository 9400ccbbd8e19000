/** The decided chain of this node: state, head and sets. Every block that is adopted passes through `adopt`, one at a time. */

import type { Outcome, ParentInfo } from '../execution/apply-block.ts'
import { createGenesis } from '../execution/genesis.ts'
import { assert } from '../lib/assert.ts'
import type { Storage } from '../ports/storage.ts'
import type { Block, Header } from '../protocol/block.ts'
import type { Certificate } from '../protocol/certificate.ts'
import type { ChainParameters, Genesis } from '../protocol/genesis.ts'
import { genesisHash as hashGenesis, validatorsHash } from '../protocol/hash.ts'
import type { Epoch, Hash, Height } from '../protocol/ids.ts'
import { createProposerSchedule, type ProposerSchedule } from '../protocol/proposer-priority.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { StatePage } from '../state/pages.ts'
import type { ChainState } from '../state/store.ts'
import { epochOf, loadValidatorSet, validatorSetOf } from '../state/validator-sets.ts'
import { BlockWriter, type Checkpoint } from './block-writer.ts'
import type { HeightSet } from './message-verifier.ts'
import {
  type CertifiedHeader,
  genesisRecord,
  genesisWrites,
  headerWrite,
  headWrite,
  loadBlock,
  loadBlocks,
  loadEncodedBlocks,
  loadHeader,
  loadSet,
  type Observation,
  pageWrite,
  type StoredBlock,
  setWrite,
} from './repositories.ts'
import { type Damage, readStore } from './stored-chain.ts'

export interface Decided extends StoredBlock {
  readonly height: Height
  readonly id: Hash
  readonly outcome: Outcome
}

export interface OpenFailure {
  readonly code: 'other-chain'
}

export interface ChainOptions {
  /** Bodies kept, newest first; null: all. */
  readonly keptBlocks: number | null
  /** The state at the end of every so many epochs stays readable for others. */
  readonly checkpointEpochs: number
}

/** A state that came whole, with the certified header that names its root. */
export interface RestoredState {
  readonly head: CertifiedHeader
  readonly id: Hash
  readonly state: ChainState
  readonly pages: readonly StatePage[]
  /** Headers and sets on the way to it, for others who come the same way. */
  readonly headers: readonly CertifiedHeader[]
  readonly sets: readonly ValidatorSet[]
}

export class Chain {
  readonly genesis: Genesis
  readonly genesisHash: Hash
  readonly parameters: ChainParameters
  state: ChainState
  /** null before the first block. */
  head: { readonly header: Header; readonly id: Hash; readonly certificate: Certificate } | null
  /** What of the store could not be read when it was opened; null: nothing, or it is made good. */
  damage: Damage | null
  readonly #storage: Storage
  readonly #writer: BlockWriter
  readonly #checkpointBlocks: number
  /** What block 1 builds on; null in a chain that was opened beyond it. */
  readonly #first: ParentInfo | null
  readonly #sets = new Map<
    Epoch,
    { readonly set: ValidatorSet; readonly hash: Hash; readonly schedule: ProposerSchedule }
  >()
  readonly #listeners = new Set<(decided: Decided) => void>()
  readonly #stateListeners = new Set<(header: Header) => void>()
  /** Adopted and not durable yet. */
  readonly #pending = new Map<Height, StoredBlock>()

  private constructor(options: {
    genesis: Genesis
    state: ChainState
    head: Chain['head']
    damage: Damage | null
    storage: Storage
    writer: BlockWriter
    checkpointBlocks: number
    first: ParentInfo | null
  }) {
    this.genesis = options.genesis
    this.genesisHash = hashGenesis(options.genesis)
    this.parameters = options.genesis.parameters
    this.state = options.state
    this.head = options.head
    this.damage = options.damage
    this.#storage = options.storage
    this.#writer = options.writer
    this.#checkpointBlocks = options.checkpointBlocks
    this.#first = options.first
  }

  /** Reads what is stored, or writes the genesis state into an empty store. What is damaged is put back by catching up. */
  static async open(
    genesis: Genesis,
    storage: Storage,
    { keptBlocks, checkpointEpochs }: ChainOptions,
  ): Promise<
    { readonly ok: true; readonly chain: Chain } | { readonly ok: false; readonly failure: OpenFailure }
  > {
    const genesisHash = hashGenesis(genesis)
    const record = await genesisRecord(storage, genesisHash)
    if (record === 'other') return { ok: false, failure: { code: 'other-chain' } }
    const stored = record === 'same' ? await readStore(storage) : null
    const head = stored?.head ?? null
    const damage = stored?.damage ?? null
    const { oldest, checkpointHeight, keptPages } = stored ?? EMPTY_STORE
    const writer = new BlockWriter({ storage, keptBlocks, oldest, checkpointHeight, keptPages })
    const checkpointBlocks = checkpointEpochs * genesis.parameters.epochBlocks
    const common = { genesis, storage, writer, checkpointBlocks }
    if (stored?.state && head && !damage)
      return { ok: true, chain: new Chain({ ...common, state: stored.state, head, damage, first: null }) }
    // Costs time where many accounts are funded, so only where the chain begins.
    const { state, pages, parent } = createGenesis(genesis)
    const sets = [0, 1].map((epoch) => validatorSetOf(state, epoch))
    const writes = genesisWrites(genesisHash, pages, sets)
    if (!stored) await storage.commit(writes)
    if (damage) await writer.replace({ writes, oldest, checkpoint: null })
    return { ok: true, chain: new Chain({ ...common, state, head: null, damage, first: parent }) }
  }

  get height(): Height {
    return this.head?.header.height ?? 0
  }

  get headHeader(): Header | null {
    return this.head?.header ?? null
  }

  /** What the next block builds on. */
  get parent(): ParentInfo {
    if (!this.head) {
      assert(this.#first, 'a chain without a head began at its genesis')
      return this.#first
    }
    const { header } = this.head
    return {
      header,
      id: this.head.id,
      randomness: header.randomness,
      timestampMs: header.timestampMs,
      baseFeePerGas: header.baseFeePerGas,
      gasUsed: header.gasUsed,
      gasLimit: header.gasLimit,
    }
  }

  /** The set of a height up to the end of the next epoch; null beyond what is known here, or long past. */
  setAt(height: Height): (HeightSet & { readonly schedule: ProposerSchedule }) | null {
    const epoch = epochOf(height, this.parameters)
    const cached = this.#sets.get(epoch)
    if (cached) return cached
    const set = loadValidatorSet(this.state, epoch)
    if (!set) return null
    const entry = { set, hash: validatorsHash(set), schedule: createProposerSchedule(set) }
    this.#sets.set(epoch, entry)
    for (const known of this.#sets.keys()) if (known < epoch - 2) this.#sets.delete(known)
    return entry
  }

  /** The set of any height whose epoch this node has seen. */
  async loadSetAt(height: Height): Promise<ValidatorSet | null> {
    return this.setAt(height)?.set ?? loadSet(this.#storage, epochOf(height, this.parameters))
  }

  /** The set that decides the next block. */
  get nextSet(): HeightSet & { readonly schedule: ProposerSchedule } {
    const set = this.setAt(this.height + 1)
    assert(set, 'the set of the next height is in the state')
    return set
  }

  /**
   * Adopts the next block. State and head move together and at once; listeners hear of it, and the promise resolves, when it
   * is durable. False: this height was adopted already (sync and consensus may both get there). Rejects when the store
   * failed: memory is then ahead of the disk, and the node must stop.
   */
  adopt(
    block: Block,
    certificate: Certificate,
    outcome: Outcome,
    observation: Observation,
  ): Promise<boolean> {
    const { height } = block.header
    if (height <= this.height) return Promise.resolve(false)
    assert(height === this.height + 1, 'blocks are adopted in order')
    const pages = outcome.overlay.adopt()
    const stored: StoredBlock = { block, certificate, receipts: outcome.receipts, observation }
    this.head = { header: block.header, id: certificate.blockId, certificate }
    for (const listener of this.#stateListeners) listener(block.header)
    this.#pending.set(height, stored)
    const epoch = epochOf(height, this.parameters)
    const endsEpoch = height % this.parameters.epochBlocks === 0
    const written = this.#writer.write({
      height,
      stored,
      pages,
      newSet: endsEpoch ? loadValidatorSet(this.state, epoch + 2) : null,
      keepsHeader: endsEpoch || height === 1,
      checkpoint: height % this.#checkpointBlocks === 0 ? this.#checkpointNow() : null,
    })
    return written.then(() => {
      this.#pending.delete(height)
      for (const listener of this.#listeners)
        listener({ ...stored, height, id: certificate.blockId, outcome })
      return true
    })
  }

  /**
   * Puts a whole state in the place of this one. False: the chain has come as far by itself. Rejects as `adopt` does.
   */
  async restore({ head, id, state, pages, headers, sets }: RestoredState): Promise<boolean> {
    const { header, certificate } = head
    if (header.height <= this.height) return false
    assert(state.root() === header.stateRoot, 'a restored state has the root of its header')
    this.state = state
    this.head = { header, id, certificate }
    this.#sets.clear()
    await this.#writer.replace({
      oldest: header.height + 1,
      checkpoint: header.height % this.#checkpointBlocks === 0 ? this.#checkpointNow() : null,
      writes: [
        ...[...headers, head].map(headerWrite),
        ...sets.map(setWrite),
        ...pages.map(pageWrite),
        headWrite(header.height),
      ],
    })
    return true
  }

  #checkpointNow(): Checkpoint {
    return { height: this.height, tree: this.state.copyTree(), pageStarts: this.state.pageStarts() }
  }

  onDecided(listener: (decided: Decided) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** At once, while the state is the one after this block: what `onDecided` tells of may have others upon it. */
  onState(listener: (header: Header) => void): void {
    this.#stateListeners.add(listener)
  }

  /** Resolves when what is being adopted is durable. */
  async settle(): Promise<void> {
    await this.#writer.settle()
  }

  async load(height: Height): Promise<StoredBlock | null> {
    return this.#pending.get(height) ?? loadBlock(this.#storage, height)
  }

  /** Those of the heights from ≤ h < from + count whose bodies are here and durable. */
  loadRange(from: Height, count: number): Promise<StoredBlock[]> {
    return loadBlocks(this.#storage, from, count)
  }

  /** As peers ask for them, from `from` on without a gap. */
  loadEncoded(from: Height, count: number): Promise<Uint8Array[]> {
    return loadEncodedBlocks(this.#storage, from, Math.min(count, this.height - from + 1))
  }

  /** Of any height whose proof is kept: the newest, the ends of epochs, the first. */
  async loadHeader(height: Height): Promise<CertifiedHeader | null> {
    if (this.head?.header.height === height) return this.head
    const stored = await this.load(height)
    if (stored) return { header: stored.block.header, certificate: stored.certificate }
    return loadHeader(this.#storage, height)
  }

  /** Bodies below this height are not here. */
  get oldestHeight(): Height {
    return this.#writer.oldest
  }

  /** What of the state can be handed to others. */
  get checkpoints(): Pick<BlockWriter, 'checkpoint' | 'checkpointHeight' | 'restoreCheckpoint'> {
    return this.#writer
  }
}

const EMPTY_STORE = { oldest: 1, checkpointHeight: null, keptPages: [] }
