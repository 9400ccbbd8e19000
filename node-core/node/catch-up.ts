/**
 * When to fetch blocks and from whom; meanwhile nothing is signed. A claim is anybody's, and costs nothing to make: it is
 * believed only as far as certificates show it, and one that showed nothing begins no other run for a while.
 */
import type { Clock } from '../ports/clock.ts'
import type { PeerId } from '../ports/network.ts'
import type { Height } from '../protocol/ids.ts'
import type { Chain } from './chain.ts'
import { PAUSED_CLAIMS, UNMET_CLAIM_MS } from './constants.ts'
import type { PeerBook } from './peer-book.ts'
import type { ReplicaRunner } from './replica-runner.ts'
import type { Sync } from './sync.ts'

interface CatchUpParts {
  readonly chain: Chain
  readonly clock: Clock
  readonly sync: Sync
  readonly peers: PeerBook
  readonly runner: () => ReplicaRunner | null
  /** The store failed: memory is ahead of it. */
  readonly failed: (error: unknown) => void
  /** Once: this node has reached the head for the first time. */
  readonly reached: () => void
}

export class CatchUp {
  readonly #parts: CatchUpParts
  #bestSeenHeight: Height = 0
  #claimedHeight: Height = 0
  #reached = false
  /** Peers whose word began a run that brought nothing, and when it ended; the oldest first. */
  readonly #unmetAt = new Map<PeerId, number>()

  constructor(parts: CatchUpParts) {
    this.#parts = parts
  }

  get running(): boolean {
    return this.#parts.sync.running
  }

  /** Has been at the head since the start. */
  get reached(): boolean {
    return this.#reached
  }

  /** The highest height that a certificate showed; while blocks are fetched, the one that their giver claims. */
  get bestSeenHeight(): Height {
    return Math.max(this.#bestSeenHeight, this.#parts.chain.height, this.running ? this.#claimedHeight : 0)
  }

  /** Somebody says that the chain is longer than here. */
  claimed(peer: PeerId, headHeight: Height): void {
    const { chain, sync } = this.#parts
    if (headHeight <= chain.height) {
      // In the middle of a run the replica still stands where the run began: its end says so.
      if (!chain.damage && !sync.running) this.#becomeCaughtUp()
      return
    }
    if (this.#isPaused(peer)) return
    sync.claimed(peer, headHeight)
    this.#claimedHeight = Math.max(this.#claimedHeight, headHeight)
    if (!sync.running) this.#run(peer)
  }

  /** The store was damaged: what is missing is read back or fetched, with or without somebody ahead. */
  begin(): void {
    if (this.#parts.chain.damage && !this.#parts.sync.running) this.#run(null)
  }

  /** Somebody is ahead, it is not known who: the peer that claims most. */
  ask(): void {
    const claim = this.#parts.peers.bestClaim
    if (claim) this.claimed(claim.peer, claim.height)
  }

  /** A block joined the chain by another way than consensus. In the middle of a run the height is long decided elsewhere. */
  advanced(): void {
    const { chain, sync, runner } = this.#parts
    if (sync.running) runner()?.feed({ type: 'peer-ahead', height: chain.height })
    else runner()?.startHeight()
  }

  #isPaused(peer: PeerId): boolean {
    const unmetAt = this.#unmetAt.get(peer)
    return unmetAt !== undefined && this.#parts.clock.monotonicMs() - unmetAt < UNMET_CLAIM_MS
  }

  #unmet(peer: PeerId): void {
    this.#unmetAt.delete(peer)
    this.#unmetAt.set(peer, this.#parts.clock.monotonicMs())
    if (this.#unmetAt.size > PAUSED_CLAIMS) this.#unmetAt.delete(this.#unmetAt.keys().next().value!)
  }

  /** null: nobody's word began it. */
  #run(claimant: PeerId | null): void {
    const { chain, sync, runner, failed } = this.#parts
    const before = chain.height
    sync
      .run()
      .catch(failed)
      .then(() => {
        this.#claimedHeight = 0
        this.#bestSeenHeight = Math.max(this.#bestSeenHeight, chain.height)
        if (chain.height > before) runner()?.startHeight()
        else if (claimant !== null) this.#unmet(claimant)
        if (!chain.damage) this.#becomeCaughtUp()
      })
  }

  #becomeCaughtUp(): void {
    this.#parts.runner()?.feed({ type: 'caught-up' })
    if (this.#reached) return
    this.#reached = true
    this.#parts.reached()
  }
}
