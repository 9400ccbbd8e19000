/** The chain as an observer has it: the newest headers that were verified here, each with its certificate and set. */
import type { LightBlock } from '../light/light-block.ts'
import { type TrustedState, trustedAt, trustGenesis } from '../light/trusted-state.ts'
import type { Storage } from '../ports/storage.ts'
import type { Header } from '../protocol/block.ts'
import type { ChainParameters, Genesis } from '../protocol/genesis.ts'
import { genesisHash as hashGenesis } from '../protocol/hash.ts'
import type { Hash, Height } from '../protocol/ids.ts'
import type { OpenFailure } from './chain.ts'
import { OBSERVED_HEADERS } from './constants.ts'
import {
  forgetObserved,
  genesisRecord,
  loadObserved,
  observedGenesisRecord,
  observedGenesisWrite,
  observedWrite,
} from './repositories.ts'

export class ObservedChain {
  readonly genesis: Genesis
  readonly genesisHash: Hash
  readonly parameters: ChainParameters
  readonly #storage: Storage
  /** Ascending, with gaps where the chain went on while nobody looked. */
  #kept: readonly LightBlock[]
  readonly #listeners = new Set<(head: LightBlock) => void>()

  private constructor(genesis: Genesis, storage: Storage, kept: readonly LightBlock[]) {
    this.genesis = genesis
    this.genesisHash = hashGenesis(genesis)
    this.parameters = genesis.parameters
    this.#storage = storage
    this.#kept = kept
  }

  /** Goes on from the newest header in the store, which was verified before it was written; else from the genesis. */
  static async open(
    genesis: Genesis,
    storage: Storage,
  ): Promise<
    | { readonly ok: true; readonly chain: ObservedChain }
    | { readonly ok: false; readonly failure: OpenFailure }
  > {
    const hash = hashGenesis(genesis)
    const records = await Promise.all([genesisRecord(storage, hash), observedGenesisRecord(storage, hash)])
    if (records.includes('other')) return { ok: false, failure: { code: 'other-chain' } }
    if (records[1] === 'absent') await storage.commit([observedGenesisWrite(hash)])
    return { ok: true, chain: new ObservedChain(genesis, storage, await loadObserved(storage)) }
  }

  /** null before the first header. */
  get head(): LightBlock | null {
    return this.#kept.at(-1) ?? null
  }

  get height(): Height {
    return this.head?.header.height ?? 0
  }

  get headHeader(): Header | null {
    return this.head?.header ?? null
  }

  /** Headers below this one are not here. */
  get oldestHeight(): Height {
    return this.#kept[0]?.header.height ?? 1
  }

  at(height: Height): LightBlock | null {
    return this.#kept.find((block) => block.header.height === height) ?? null
  }

  /** Newest first, below a height. */
  newest(count: number, before: Height): LightBlock[] {
    const below = this.#kept.filter((block) => block.header.height < before)
    return below.slice(-count).reverse()
  }

  /** The nearest header at or below the height from which it can be reached; null: older than all that is kept. */
  trustedFor(height: Height): TrustedState | null {
    if (this.#kept.length === 0) return trustGenesis(this.genesis)
    const nearest = this.#kept.findLast((block) => block.header.height <= height)
    return nearest ? trustedAt('genesis', nearest) : null
  }

  get trusted(): TrustedState {
    return this.head ? trustedAt('genesis', this.head) : trustGenesis(this.genesis)
  }

  onHead(listener: (head: LightBlock) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes in what was verified. Shown at once, since nothing is signed by it; resolves when it is durable. */
  async adopt(verified: readonly LightBlock[]): Promise<void> {
    const fresh = verified.filter(({ header }) => !this.at(header.height))
    if (fresh.length === 0) return
    const before = this.height
    const all = [...this.#kept, ...fresh].sort((a, b) => a.header.height - b.header.height)
    const forgotten = all.slice(0, -OBSERVED_HEADERS)
    this.#kept = all.slice(-OBSERVED_HEADERS)
    if (this.height > before) for (const listener of this.#listeners) listener(this.head!)
    await this.#storage.commit([
      ...fresh.map(observedWrite),
      ...forgotten.map(({ header }) => forgetObserved(header.height)),
    ])
  }
}
