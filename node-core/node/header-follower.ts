/** Follows the head by certificates alone: by announced decisions within an epoch, else by headers that peers are asked for. */
import type { LightBlock } from '../light/light-block.ts'
import { allowedDriftMs, type TrustedState, trustingPeriodMs } from '../light/trusted-state.ts'
import { concludeVerification, prepareVerification } from '../light/verify-header.ts'
import type { Clock } from '../ports/clock.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Decided } from '../protocol/decided.ts'
import { blockId } from '../protocol/hash.ts'
import type { Height } from '../protocol/ids.ts'
import { FetchPlan } from './fetch-plan.ts'
import { HeaderSync } from './header-sync.ts'
import type { ObservedChain } from './observed-chain.ts'
import type { PeerBook } from './peer-book.ts'
import type { SyncView } from './sync-api.ts'

export interface HeaderFollowerParts {
  readonly chain: ObservedChain
  readonly network: Network
  readonly clock: Clock
  readonly verifier: Verifier
  readonly telemetry: Telemetry
  readonly peers: PeerBook
  /** What is done and what remains has changed: for people. */
  readonly progress: () => void
}

export class HeaderFollower {
  readonly #parts: HeaderFollowerParts
  readonly #claims = new Map<PeerId, Height>()
  #running: Promise<unknown> = Promise.resolve()
  #catchingUp = false
  #view: SyncView | null = null
  #reached = false
  #stopped = false

  constructor(parts: HeaderFollowerParts) {
    this.#parts = parts
  }

  stop(): void {
    this.#stopped = true
  }

  /** Has been at the head since the start. */
  get reached(): boolean {
    return this.#reached
  }

  get view(): SyncView | null {
    return this.#view
  }

  /** The highest height that was verified; while headers are fetched, the one that their giver claims. */
  get bestSeenHeight(): Height {
    return Math.max(this.#parts.chain.height, this.#view?.total ?? 0)
  }

  /** Somebody says that the chain is so long. */
  claimed(peer: PeerId, height: Height): void {
    if (height <= this.#parts.chain.height) {
      this.#becomeCaughtUp()
      return
    }
    this.#claims.set(peer, height)
    if (!this.#catchingUp) void this.#catchUp()
  }

  async decided({ header, certificate }: Decided, from: PeerId): Promise<'good' | 'stale' | 'bad'> {
    const { chain } = this.#parts
    const { trusted } = chain
    if (header.height <= trusted.height) return 'stale'
    // The set of another epoch has to be asked for.
    if (trusted.height === 0 || header.height > trusted.set.lastHeight) {
      this.claimed(from, header.height)
      return 'stale'
    }
    const block = { id: blockId(header), header, certificate, set: trusted.set }
    const fault = await this.#verify(trusted, block)
    // Its clock or this one may be wrong.
    if (fault !== null) return fault === 'from-the-future' ? 'stale' : 'bad'
    this.#adopt([block])
    return 'good'
  }

  /** The certified header of a height that a peer speaks of; null: it is older than all that is kept, or nobody has it. */
  async certify(height: Height): Promise<LightBlock | null> {
    if (!this.#parts.chain.at(height)) await this.#fetch(height)
    return this.#parts.chain.at(height)
  }

  async #verify(trusted: TrustedState, block: LightBlock): Promise<string | null> {
    const { chain, clock, verifier } = this.#parts
    const prepared = prepareVerification(trusted, block, {
      nowMs: clock.wallMs(),
      allowedDriftMs: allowedDriftMs(chain.parameters),
      trustingPeriodMs: trustingPeriodMs(chain.parameters),
    })
    if (!prepared.ok) return prepared.fault.code
    const verdicts = prepared.value.checks.map(({ key, bytes, signature }) =>
      verifier.verifyEd25519(key, bytes, signature),
    )
    const concluded = concludeVerification(prepared.value, await Promise.all(verdicts))
    return concluded.ok ? null : concluded.fault.code
  }

  /** To the highest claim that holds; who claimed more than anybody can show is asked last the next time. */
  async #catchUp(): Promise<void> {
    const { chain, peers, progress } = this.#parts
    this.#catchingUp = true
    for (let best = this.#bestClaim(); best && !this.#stopped; best = this.#bestClaim()) {
      await this.#fetch(best.height)
      if (chain.height >= best.height) continue
      this.#claims.delete(best.peer)
      peers.conduct(best.peer, 'unserved')
    }
    this.#catchingUp = false
    this.#view = null
    this.#becomeCaughtUp()
    progress()
  }

  /** One at a time: two would fetch the same. */
  #fetch(height: Height): Promise<void> {
    const fetched = this.#running.then(() => this.#fetchNow(height))
    this.#running = fetched.catch(() => undefined)
    return fetched
  }

  async #fetchNow(target: Height): Promise<void> {
    const { chain, network, clock, verifier, peers, telemetry } = this.#parts
    const trusted = chain.trustedFor(target)
    if (this.#stopped || !trusted || trusted.height === target) return
    const plan = new FetchPlan({
      network,
      clock,
      candidates: () => this.#candidates(),
      peers,
      telemetry,
    })
    const verified: LightBlock[] = []
    const headers = new HeaderSync({
      plan,
      verifier,
      clock,
      parameters: chain.parameters,
      progress: (block) => {
        verified.push(block)
        this.#tell(block.header.height, target, plan)
      },
    })
    try {
      await headers.verify(trusted, target)
    } finally {
      plan.stop()
      this.#adopt(verified)
    }
  }

  #adopt(verified: readonly LightBlock[]): void {
    const { chain, telemetry } = this.#parts
    chain.adopt(verified).catch((error: unknown) => {
      telemetry.log('error', 'storage', `headers were not kept: ${String(error)}`)
    })
  }

  #tell(height: Height, target: Height, plan: FetchPlan): void {
    if (target <= this.#parts.chain.height) return
    this.#view = {
      phase: 'headers',
      done: height,
      total: target,
      reused: 0,
      height: null,
      bytes: plan.bytes,
      sources: plan.sources,
      waitingFor: null,
      damage: null,
    }
    this.#parts.progress()
  }

  #becomeCaughtUp(): void {
    if (this.#reached || this.#catchingUp || this.#bestClaim()) return
    this.#reached = true
    this.#parts.progress()
  }

  #bestClaim(): { readonly peer: PeerId; readonly height: Height } | null {
    const { chain } = this.#parts
    let best: { peer: PeerId; height: Height } | null = null
    const candidates = new Set(this.#candidates())
    for (const [peer, height] of this.#claims) {
      if (height <= chain.height || !candidates.has(peer)) this.#claims.delete(peer)
      else if (!best || height > best.height) best = { peer, height }
    }
    return best
  }

  #candidates(): PeerId[] {
    return servingPeers(this.#parts)
  }
}

/** Connected peers that hand out the chain, each once. */
export function servingPeers({ network, peers }: Pick<HeaderFollowerParts, 'network' | 'peers'>): PeerId[] {
  const direct = network.connections().filter((connection) => !connection.relayed)
  return [...new Set(direct.map((connection) => connection.peer))].filter((peer) => peers.servesChain(peer))
}
