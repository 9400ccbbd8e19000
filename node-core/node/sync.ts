/** Catching up: from a checkpoint where the node is light and far behind, then block by block, from several peers at once. */
import type { Clock } from '../ports/clock.ts'
import type { Verifier } from '../ports/crypto.ts'
import type { Network, PeerId } from '../ports/network.ts'
import type { Storage } from '../ports/storage.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Height } from '../protocol/ids.ts'
import type { BlockChecker } from './block-checker.ts'
import { BlockFeed } from './block-feed.ts'
import type { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain } from './chain.ts'
import { SNAPSHOT_FROM_BLOCKS, SNAPSHOT_RUNS } from './constants.ts'
import type { NodeOptions } from './create-node.ts'
import { FetchPlan } from './fetch-plan.ts'
import type { SyncView } from './node-api.ts'
import type { PeerBook } from './peer-book.ts'
import { type RangeResult, RangeRunner } from './range-runner.ts'
import { SnapshotSource } from './snapshot-source.ts'
import { SnapshotSync } from './snapshot-sync.ts'
import { serveSync } from './sync-server.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'

export interface SyncPorts {
  /** The chain moved: consensus goes on from the new head. */
  advanced(): void
  /** The chain stands on a state that came whole. */
  restored(): void
  /** What is done and what remains has changed: for people. */
  progress(): void
  /** A quorum signed what this node cannot follow: it must stop and say so. */
  diverged(height: Height, code: string): void
}

export interface SyncOptions {
  readonly chain: Chain
  readonly network: Network
  readonly storage: Storage
  readonly clock: Clock
  readonly verifier: Verifier
  readonly checker: BlockChecker
  readonly certificates: CertificateVerifier
  readonly transactions: TransactionVerifier
  readonly telemetry: Telemetry
  readonly peers: PeerBook
  readonly mode: NodeOptions['mode']
  /** Light nodes that are further behind begin at a checkpoint. */
  readonly snapshotFromBlocks?: number
  readonly ports: SyncPorts
}

type Phase = Omit<SyncView, 'bytes' | 'sources' | 'damage'>

export class Sync {
  readonly #options: SyncOptions
  readonly #runner: RangeRunner
  readonly #claims = new Map<PeerId, Height>()
  #plan: FetchPlan | null = null
  #phase: Phase | null = null
  #bytes = 0
  /** Starts from a checkpoint in a row that found one and did not get it. */
  #failedSnapshots = 0
  #running: Promise<void> | null = null
  #stopped = false

  constructor(options: SyncOptions) {
    this.#options = options
    const { chain, storage, telemetry, network } = options
    this.#runner = new RangeRunner(options)
    serveSync(network, chain, new SnapshotSource({ chain, storage, telemetry }))
  }

  stop(): void {
    this.#stopped = true
    this.#plan?.stop()
  }

  get running(): boolean {
    return this.#running !== null
  }

  /** What is being fetched and from whom; null: nothing is, and nothing is known to be missing. */
  get view(): SyncView | null {
    const { damage } = this.#options.chain
    if (!this.#phase) return null
    return {
      ...this.#phase,
      bytes: this.#bytes + (this.#plan?.bytes ?? 0),
      sources: this.#plan?.sources ?? [],
      damage: damage && { lost: damage.lost, badPages: damage.badPages, goodPages: damage.goodPages },
    }
  }

  /** This peer says that it has the blocks up to here. */
  claimed(peer: PeerId, height: Height): void {
    this.#claims.set(peer, Math.max(height, this.#claims.get(peer) ?? 0))
  }

  /** Fetches what peers claim to have, until they have no more or fail. One run at a time; a call while one runs joins it. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      this.#options.ports.progress()
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { network, clock, peers, chain, telemetry } = this.#options
    const plan = new FetchPlan({
      network,
      clock,
      candidates: () => this.#candidates(),
      peers,
      telemetry,
    })
    this.#plan = plan
    this.#bytes = 0
    try {
      if (this.#wantsSnapshot() && !(await this.#startFromSnapshot(plan))) return
      await this.#followBlocks(plan)
    } finally {
      plan.stop()
      this.#bytes = plan.bytes
      this.#plan = null
      this.#settle()
      for (const peer of this.#claims.keys()) if (!this.#connected().includes(peer)) this.#claims.delete(peer)
      if (chain.damage && chain.height >= chain.damage.height) chain.damage = null
    }
  }

  /** Nothing is missing when somebody is no further than this node, whatever the others claim. */
  #settle(): void {
    const { chain } = this.#options
    const claims = this.#candidates().map((peer) => this.#claimOf(peer))
    const isBehind = claims.length > 0 && claims.every((claim) => claim > chain.height + 1)
    const lacksRepair = chain.damage !== null && chain.height < chain.damage.height
    this.#phase =
      this.#phase && (isBehind || lacksRepair) && !this.#stopped
        ? { ...this.#phase, waitingFor: claims.length === 0 ? 'peers' : 'source' }
        : null
  }

  #wantsSnapshot(): boolean {
    const { chain, mode, snapshotFromBlocks = SNAPSHOT_FROM_BLOCKS } = this.#options
    if (mode !== 'light') return false
    return chain.damage !== null || this.#bestClaim() - chain.height >= snapshotFromBlocks
  }

  /** False: there is no going on. */
  async #startFromSnapshot(plan: FetchPlan): Promise<boolean> {
    const { chain, snapshotFromBlocks = SNAPSHOT_FROM_BLOCKS, ports, telemetry } = this.#options
    const snapshot = new SnapshotSync({
      ...this.#options,
      plan,
      candidates: () => this.#candidates(),
      fromBlocks: snapshotFromBlocks,
      progress: {
        headers: (height, target) => this.#tell({ phase: 'headers', done: height, total: target }),
        snapshot: (share, reused, height) =>
          this.#tell({
            phase: 'snapshot',
            done: Math.round(share * 1_000_000),
            total: 1_000_000,
            reused: Math.round(reused * 1_000_000),
            height,
          }),
      },
    })
    const outcome = await snapshot.run()
    if (outcome.type === 'unreadable') {
      ports.diverged(outcome.height, 'state-unreadable')
      return false
    }
    this.#failedSnapshots = outcome.type === 'failed' ? this.#failedSnapshots + 1 : 0
    if (outcome.type === 'failed' && this.#failedSnapshots < SNAPSHOT_RUNS) {
      telemetry.log('warn', 'sync', 'no connected peer gave all of a checkpoint; it is tried again')
      return false
    }
    if (outcome.type === 'restored') {
      chain.damage = null
      ports.restored()
      ports.advanced()
    }
    return true
  }

  async #followBlocks(plan: FetchPlan): Promise<void> {
    const { chain, ports, telemetry } = this.#options
    const startHeight = chain.height
    const feed = new BlockFeed({
      chain,
      plan,
      claims: (peer) => this.#claimOf(peer),
      exhausted: (peer, height) => this.#claims.set(peer, Math.min(this.#claimOf(peer), height)),
      fetched: (range) => this.#runner.prepare(range),
    })
    for (;;) {
      const target = Math.max(this.#bestClaim(), chain.damage?.height ?? 0)
      if (this.#stopped || chain.height >= target) return
      this.#tell({ phase: 'blocks', done: chain.height - startHeight, total: target - startHeight })
      const range = await feed.next(target)
      if (!range || this.#stopped) return
      const result: RangeResult = await this.#runner.adopt(range)
      if (result.type === 'overtaken') return
      if (result.type === 'diverged') return ports.diverged(result.height, result.code)
      if (result.type === 'refused') {
        telemetry.log(
          'warn',
          'sync',
          `block ${result.height} from ${range.peer ?? 'this store'}: ${result.reason}`,
        )
        feed.refuse(range, chain.height + 1)
      }
      ports.advanced()
    }
  }

  #tell(phase: Pick<Phase, 'phase' | 'done' | 'total'> & Partial<Phase>): void {
    this.#phase = { reused: 0, height: null, waitingFor: null, ...phase }
    this.#options.ports.progress()
  }

  #bestClaim(): Height {
    return Math.max(0, ...this.#candidates().map((peer) => this.#claimOf(peer)))
  }

  #claimOf(peer: PeerId): Height {
    return this.#claims.get(peer) ?? this.#options.peers.record(peer).status?.headHeight ?? 0
  }

  #candidates(): PeerId[] {
    const { peers } = this.#options
    return this.#connected().filter((peer) => peers.servesChain(peer) && this.#claimOf(peer) > 0)
  }

  #connected(): PeerId[] {
    const connections = this.#options.network.connections().filter((connection) => !connection.relayed)
    return [...new Set(connections.map((connection) => connection.peer))]
  }
}
