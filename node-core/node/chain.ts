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
import { ChainState } from '../state/store.ts'
import { epochOf, loadValidatorSet, validatorSetOf } from '../state/validator-sets.ts'
import type { HeightSet } from './message-verifier.ts'
import {
  blockWrites,
  genesisRecord,
  genesisWrites,
  loadBlock,
  loadBlocks,
  loadHeadHeight,
  loadSet,
  loadStatePages,
  type Observation,
  type StoredBlock,
} from './repositories.ts'

export interface Decided extends StoredBlock {
  readonly height: Height
  readonly id: Hash
  readonly outcome: Outcome
}

export type OpenFailure =
  | { readonly code: 'other-chain' }
  | { readonly code: 'state-damaged'; readonly height: Height }

export class Chain {
  readonly genesis: Genesis
  readonly genesisHash: Hash
  readonly parameters: ChainParameters
  state: ChainState
  /** null before the first block. */
  head: { readonly block: Block; readonly id: Hash; readonly certificate: Certificate } | null
  readonly #storage: Storage
  readonly #genesisParent: ParentInfo
  readonly #sets = new Map<
    Epoch,
    { readonly set: ValidatorSet; readonly hash: Hash; readonly schedule: ProposerSchedule }
  >()
  readonly #listeners = new Set<(decided: Decided) => void>()
  /** Adopted and not durable yet. */
  readonly #pending = new Map<Height, StoredBlock>()
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(options: {
    genesis: Genesis
    state: ChainState
    head: Chain['head']
    storage: Storage
    genesisParent: ParentInfo
  }) {
    this.genesis = options.genesis
    this.genesisHash = hashGenesis(options.genesis)
    this.parameters = options.genesis.parameters
    this.state = options.state
    this.head = options.head
    this.#storage = options.storage
    this.#genesisParent = options.genesisParent
  }

  /** Reads what is stored, or writes the genesis state into an empty store. */
  static async open(
    genesis: Genesis,
    storage: Storage,
  ): Promise<
    { readonly ok: true; readonly chain: Chain } | { readonly ok: false; readonly failure: OpenFailure }
  > {
    const genesisHash = hashGenesis(genesis)
    const record = await genesisRecord(storage, genesisHash)
    if (record === 'other') return { ok: false, failure: { code: 'other-chain' } }
    const fresh = createGenesis(genesis)
    const common = { genesis, storage, genesisParent: fresh.parent }
    if (record === 'absent') {
      const sets = [0, 1].map((epoch) => validatorSetOf(fresh.state, epoch))
      await storage.commit(genesisWrites(genesisHash, fresh.pages, sets))
      return { ok: true, chain: new Chain({ ...common, state: fresh.state, head: null }) }
    }
    const height = await loadHeadHeight(storage)
    if (height === 0) return { ok: true, chain: new Chain({ ...common, state: fresh.state, head: null }) }
    const stored = await loadBlock(storage, height)
    const loaded = ChainState.load(await loadStatePages(storage))
    if (!stored || !loaded.ok || loaded.state.root() !== stored.block.header.stateRoot) {
      return { ok: false, failure: { code: 'state-damaged', height } }
    }
    const head = { block: stored.block, id: stored.certificate.blockId, certificate: stored.certificate }
    return { ok: true, chain: new Chain({ ...common, state: loaded.state, head }) }
  }

  get height(): Height {
    return this.head?.block.header.height ?? 0
  }

  get headHeader(): Header | null {
    return this.head?.block.header ?? null
  }

  /** What the next block builds on. */
  get parent(): ParentInfo {
    if (!this.head) return this.#genesisParent
    const { header } = this.head.block
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
    this.head = { block, id: certificate.blockId, certificate }
    this.#pending.set(height, stored)
    const epoch = epochOf(height, this.parameters)
    const announced =
      height % this.parameters.epochBlocks === 0 ? loadValidatorSet(this.state, epoch + 2) : null
    const result = this.#writing.then(async () => {
      await this.#storage.commit(blockWrites(height, stored, pages, announced))
      this.#pending.delete(height)
      for (const listener of this.#listeners)
        listener({ ...stored, height, id: certificate.blockId, outcome })
      return true
    })
    this.#writing = result
    return result
  }

  onDecided(listener: (decided: Decided) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when what is being adopted is durable. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => undefined)
  }

  async load(height: Height): Promise<StoredBlock | null> {
    return this.#pending.get(height) ?? loadBlock(this.#storage, height)
  }

  /** From `from` upward, at most `count`; those that are durable. */
  loadRange(from: Height, count: number): Promise<StoredBlock[]> {
    return loadBlocks(this.#storage, from, count)
  }
}
