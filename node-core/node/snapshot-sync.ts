/** A start from a checkpoint: who offers one, its certified header, its state, and the chain put on it. */
import { equalBytes } from '../lib/bytes.ts'
import type { LightBlock } from '../light/light-block.ts'
import { trustedAt, trustGenesis } from '../light/trusted-state.ts'
import type { Clock } from '../ports/clock.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { hashBytes } from '../protocol/hash.ts'
import type { Height } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import { framePage, type RecordBytes } from '../state/pages.ts'
import { ChainState } from '../state/store.ts'
import { epochOf, lastHeightOf, loadValidatorSet } from '../state/validator-sets.ts'
import type { Chain } from './chain.ts'
import { OFFER_TIMEOUT_MS, SNAPSHOT_ATTEMPTS } from './constants.ts'
import type { FetchPlan } from './fetch-plan.ts'
import { HeaderSync } from './header-sync.ts'
import { loadStatePages } from './repositories.ts'
import { SnapshotDownload } from './snapshot-download.ts'
import { decodeOffer, SNAPSHOT_PROTOCOL, type SnapshotOffer } from './sync-protocols.ts'

/** restored: the chain stands on the checkpoint. none: nobody offers one that is far enough ahead. failed: no peer gave all of it. */
export type SnapshotOutcome =
  | { readonly type: 'restored' | 'none' | 'failed' }
  /** A certified state that this node cannot read. */
  | { readonly type: 'unreadable'; readonly height: Height }

export interface SnapshotProgress {
  headers(height: Height, target: Height): void
  snapshot(share: number, reusedShare: number, height: Height): void
}

interface Parts {
  readonly chain: Chain
  readonly network: Network
  readonly storage: Storage
  readonly verifier: Verifier
  readonly clock: Clock
  readonly telemetry: Telemetry
  readonly plan: FetchPlan
  readonly candidates: () => readonly PeerId[]
  /** A checkpoint is taken only this far ahead. */
  readonly fromBlocks: number
  readonly progress: SnapshotProgress
}

type Offers = ReadonlyMap<PeerId, SnapshotOffer | null>

export class SnapshotSync {
  readonly #parts: Parts
  /** Ids of offered blocks that turned out not to be of the chain. */
  readonly #refused: Uint8Array[] = []

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async run(): Promise<SnapshotOutcome> {
    let outcome: SnapshotOutcome = { type: 'none' }
    for (let attempt = 0; attempt < SNAPSHOT_ATTEMPTS; attempt++) {
      const offers = await this.#offers()
      const offer = this.#best(offers)
      if (!offer) return outcome
      outcome = await this.#from(offer, offers)
      if (outcome.type !== 'failed') return outcome
    }
    return outcome
  }

  async #from(offer: SnapshotOffer, offers: Offers): Promise<SnapshotOutcome> {
    const { chain, plan, telemetry, progress, storage } = this.#parts
    const way = await this.#verifiedWay(offer)
    if (!way) return { type: 'failed' }
    const target = way.at(-1)!
    if (!equalBytes(hashBytes(target.id), offer.blockId)) {
      for (const [peer, other] of offers)
        if (other && equalBytes(other.blockId, offer.blockId)) plan.blame(peer)
      this.#refused.push(offer.blockId)
      return { type: 'failed' }
    }
    const { height } = offer
    const download = new SnapshotDownload({
      storage,
      plan,
      target: { height, root: hashBytes(target.header.stateRoot), records: offer.records },
      base: await this.#base(),
      mayServe: (peer) => !offers.has(peer) || offers.get(peer)?.height === height,
      progress: () => progress.snapshot(download.share, download.reusedShare, height),
    })
    progress.snapshot(0, 0, height)
    const records = await download.run()
    if (!records) return { type: 'failed' }
    const assembled = ChainState.assemble(records)
    if (!assembled) return { type: 'unreadable', height }
    const { state, pages } = assembled
    const restored = await chain.restore({
      head: target,
      id: target.id,
      state,
      pages,
      headers: way.filter((block) => this.#isKept(block.header.height)),
      sets: [...way.map((block) => block.set), ...setsOf(state, epochOf(height, chain.parameters))],
    })
    const reused = Math.round(download.reusedShare * 100)
    if (restored)
      telemetry.log(
        'info',
        'sync',
        `the state of ${height} is here, ${records.length} records, ${reused} % of it known before`,
      )
    return { type: 'restored' }
  }

  /** From what this node believes to the offered height. */
  #verifiedWay(offer: SnapshotOffer): Promise<LightBlock[] | null> {
    const { chain, plan, verifier, clock, progress } = this.#parts
    const { head } = chain
    const trusted = head
      ? trustedAt('genesis', { ...head, set: chain.setAt(chain.height)!.set })
      : trustGenesis(chain.genesis)
    const headers = new HeaderSync({
      plan,
      verifier,
      clock,
      parameters: chain.parameters,
      progress: ({ header }) => progress.headers(header.height, offer.height),
    })
    progress.headers(trusted.height, offer.height)
    return headers.verify(trusted, offer.height)
  }

  async #offers(): Promise<Offers> {
    const { network, candidates } = this.#parts
    const offers = new Map<PeerId, SnapshotOffer | null>()
    await Promise.all(
      candidates().map(async (peer) => {
        const timeoutMs = OFFER_TIMEOUT_MS
        const answer = await network
          .request(peer, SNAPSHOT_PROTOCOL, new Uint8Array(), { timeoutMs })
          .catch(() => null)
        if (answer) offers.set(peer, decodeOffer(answer))
      }),
    )
    return offers
  }

  /** The newest, and among those of one height what most peers offer. */
  #best(offers: Offers): SnapshotOffer | null {
    const { chain, fromBlocks } = this.#parts
    const ahead = [...offers.values()].filter(
      (offer) =>
        offer !== null &&
        offer.height > chain.height &&
        (offer.height - chain.height >= fromBlocks || chain.damage !== null) &&
        !this.#refused.some((id) => equalBytes(id, offer.blockId)),
    ) as SnapshotOffer[]
    const votes = (offer: SnapshotOffer) =>
      ahead.filter((other) => equalBytes(other.blockId, offer.blockId)).length
    return ahead.toSorted((a, b) => b.height - a.height || votes(b) - votes(a))[0] ?? null
  }

  /** What an older or damaged state has: used where its hashes are right. */
  async #base(): Promise<RecordBytes[]> {
    const { chain, storage } = this.#parts
    if (chain.damage) return [...chain.damage.salvaged]
    const pages = chain.height === 0 ? [] : await loadStatePages(storage)
    return pages.flatMap((page) => framePage(page)?.records ?? [])
  }

  #isKept(height: Height): boolean {
    const { parameters } = this.#parts.chain
    return height === 1 || height === lastHeightOf(epochOf(height, parameters), parameters)
  }
}

function setsOf(state: ChainState, epoch: number): ValidatorSet[] {
  return [epoch - 1, epoch, epoch + 1, epoch + 2]
    .filter((each) => each >= 0)
    .flatMap((each) => loadValidatorSet(state, each) ?? [])
}
