/** A running node: who tells whom. Each part holds its own rules. */

import type { PeerId } from '../ports/network.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import { BlockChecker } from './block-checker.ts'
import { serveBodies } from './body-server.ts'
import { BodySource } from './body-source.ts'
import { CatchUp } from './catch-up.ts'
import { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain, Decided } from './chain.ts'
import { ConsensusRecorder } from './consensus-recorder.ts'
import { ADMITTED_TOGETHER, SNAPSHOT_FROM_BLOCKS } from './constants.ts'
import type { NodeOptions, ValidatorIdentity } from './create-node.ts'
import { DecidedAnnouncements } from './decided-announcements.ts'
import { EvidenceDesk } from './evidence-desk.ts'
import { HistoryIndex } from './history-index.ts'
import { InboundGate } from './inbound-gate.ts'
import { Lane } from './lane.ts'
import { LateCommits } from './late-commits.ts'
import { MessageVerifier } from './message-verifier.ts'
import type { SyncView } from './node-api.ts'
import { NodeEconomy } from './node-economy.ts'
import { type NodeEvents, NodeListeners } from './node-events.ts'
import { nodeStatuses } from './node-statuses.ts'
import { PeerBook } from './peer-book.ts'
import type { PeerStatuses } from './peer-statuses.ts'
import { poolChain } from './pool-chain.ts'
import { ReplicaHost } from './replica-host.ts'
import type { ReplicaRunner } from './replica-runner.ts'
import type { StorageKeeper } from './storage-keeper.ts'
import { damageWords } from './stored-chain.ts'
import { Sync } from './sync.ts'
import { TransactionGossip } from './transaction-gossip.ts'
import { type Refusal, TransactionPool } from './transaction-pool.ts'
import { TransactionVerifier } from './transaction-verifier.ts'
import { encodeRepeatable } from './wire-protocols.ts'

export type Admitted =
  | { readonly ok: true; readonly isNew: boolean; readonly id: Hash }
  | ({ readonly ok: false } & Refusal)

export class LiveNode {
  readonly options: NodeOptions
  readonly chain: Chain
  readonly pool: TransactionPool
  readonly recorder: ConsensusRecorder
  readonly peers: PeerBook
  readonly evidence: EvidenceDesk
  /** The validator of this node: keys, signing record, replica. */
  readonly host: ReplicaHost
  readonly storage: StorageKeeper
  readonly history: HistoryIndex
  /** Fees, gas, rewards and attacks as this node saw them. */
  readonly economy: NodeEconomy
  readonly startedAtMs: number
  readonly #transactions: TransactionVerifier
  readonly #admission = new Lane(ADMITTED_TOGETHER)
  readonly #messages: MessageVerifier
  readonly #certificates: CertificateVerifier
  readonly #checker: BlockChecker
  readonly #announcements: DecidedAnnouncements
  readonly #lateCommits = new LateCommits()
  readonly gossip: TransactionGossip
  readonly #statuses: PeerStatuses
  readonly #sync: Sync
  readonly #catchUp: CatchUp
  readonly #listeners = new NodeListeners()
  #account: Address | null = null
  readonly #rejections = new Map<string, number>()
  #repeat = 0
  #headSinceMs: number
  #halted: string | null = null

  constructor(options: NodeOptions, chain: Chain, storage: StorageKeeper) {
    const { network, clock, telemetry, verifier } = options
    this.options = options
    this.chain = chain
    this.storage = storage
    this.startedAtMs = clock.wallMs()
    this.#headSinceMs = clock.wallMs()
    const { chainId, parameters } = chain.genesis
    this.pool = new TransactionPool(poolChain(chain))
    this.recorder = new ConsensusRecorder(clock)
    this.peers = new PeerBook({ network, clock, telemetry })
    this.evidence = this.#createEvidence()
    this.history = new HistoryIndex(storage)
    this.economy = new NodeEconomy({
      node: this,
      network,
      clock,
      telemetry,
      alert: (alert) => this.#tell('alert', alert),
    })
    this.#transactions = new TransactionVerifier(
      verifier,
      chainId,
      parameters.maximumTransactionBytes,
      (id) => this.pool.get(id)?.verified,
    )
    this.#messages = new MessageVerifier(verifier, chainId, (message) => this.evidence.seen(message))
    this.#certificates = new CertificateVerifier(verifier, chainId, (certificate, set) =>
      this.evidence.certified(certificate, set),
    )
    this.#checker = new BlockChecker({
      chain,
      verifier,
      bodies: new BodySource({ network, verifier: this.#transactions, clock }),
      certificates: this.#certificates,
    })
    this.gossip = new TransactionGossip({ network, clock, telemetry })
    this.#sync = new Sync({
      chain,
      network,
      storage,
      clock,
      verifier,
      checker: this.#checker,
      certificates: this.#certificates,
      transactions: this.#transactions,
      telemetry,
      peers: this.peers,
      mode: options.mode,
      snapshotFromBlocks: options.sync?.snapshotFromBlocks ?? SNAPSHOT_FROM_BLOCKS,
      ports: {
        advanced: () => this.#catchUp.advanced(),
        restored: () => this.#takeUpHead(),
        progress: () => this.#tell('status'),
        diverged: (height, code) => this.#halt(`block ${height}: ${code}`),
      },
    })
    this.#catchUp = new CatchUp({
      chain,
      clock,
      sync: this.#sync,
      peers: this.peers,
      runner: () => this.host.running,
      failed: (error) => this.#halt((error as { code?: string }).code ?? String(error)),
      reached: () => this.#tell('status'),
    })
    this.#statuses = nodeStatuses(this, {
      claimed: (peer, headHeight) => this.#catchUp.claimed(peer, headHeight),
      changed: () => this.#tell('peers'),
    })
    this.#announcements = this.#createAnnouncements()
    this.host = this.#createHost()
  }

  #createAnnouncements(): DecidedAnnouncements {
    const { network, telemetry, clock } = this.options
    return new DecidedAnnouncements({
      chain: this.chain,
      network,
      checker: this.#checker,
      certificates: this.#certificates,
      telemetry,
      clock,
      runner: () => this.host.running,
      claimed: (peer, height) => this.#catchUp.claimed(peer, height),
      refused: (certificate) => this.economy.attacks.refused(certificate),
    })
  }

  async start(): Promise<void> {
    const { network, telemetry } = this.options
    await this.economy.open(this.history)
    await this.evidence.open()
    serveBodies(network, { transactions: this.#transactions, checker: this.#checker })
    // Not when it is durable: the next block may be made before that, and holds this one's certificate.
    this.chain.onState(() => this.#takeUpHead())
    this.chain.onDecided((decided) => this.#decided(decided))
    new InboundGate({
      chain: this.chain,
      network,
      verifier: this.#messages,
      lateCommits: this.#lateCommits,
      telemetry,
      ports: {
        consensus: (message, _from, late) => this.#received(message, late),
        ahead: (height, from) => this.#catchUp.claimed(from, height),
        transaction: (bytes) => this.#admit(bytes, 'gossip'),
        decided: (decided, from) => this.#announcements.received(decided, from),
        evidence: (bytes) => this.evidence.receive(bytes),
        misbehaved: (peer, reason) => this.#misbehaved(peer, reason, 'bad-message'),
      },
    })
    network.on((event) => {
      if (event.type !== 'peer-misbehaved') return
      telemetry.count('messages_rejected', { reason: event.reason })
      this.#misbehaved(
        event.peer,
        event.reason,
        event.reason === 'request-stalled' ? 'unserved' : 'bad-message',
      )
    })
    this.#takeUpHead()
    this.#statuses.start()
    await this.host.start()
    this.#repairStore()
  }

  /** A new head, the head of a store, or of a state that came whole. */
  #takeUpHead(): void {
    const { head } = this.chain
    if (head) this.#lateCommits.reset(head.certificate, this.chain.setAt(head.certificate.height)!.set)
  }

  #repairStore(): void {
    const { damage } = this.chain
    if (!damage) return
    this.options.telemetry.log('error', 'storage', damageWords(damage))
    this.#catchUp.begin()
  }

  async stop(): Promise<void> {
    this.#statuses.stop()
    this.#sync.stop()
    this.gossip.stop()
    await this.host.stop()
    this.storage.end()
    await this.chain.settle()
  }

  get mode() {
    return this.identity ? ('validator' as const) : this.options.mode
  }

  get identity(): ValidatorIdentity | null {
    return this.host.identity
  }

  /** The account of this node's owner, whether or not it validates. */
  get account(): Address | null {
    return this.#account
  }

  setAccount(account: Address | null): void {
    this.#account = account
    this.#tell('status')
  }

  /** Messages refused since the start, by reason. */
  rejections(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#rejections)
  }

  get runner(): ReplicaRunner {
    return this.host.runner
  }

  get onWatchSinceMs(): number | null {
    return this.host.onWatchSinceMs
  }

  get headSinceMs(): number {
    return this.#headSinceMs
  }

  get bestSeenHeight(): Height {
    return this.#catchUp.bestSeenHeight
  }

  get haltedBecause(): string | null {
    return this.#halted
  }

  get caughtUp(): boolean {
    return this.#catchUp.reached
  }

  get syncing(): boolean {
    return this.#catchUp.running
  }

  /** What is being fetched, or waited for, to catch up. */
  get sync(): SyncView | null {
    return this.#sync.view
  }

  listen(events: Partial<NodeEvents>): () => void {
    return this.#listeners.add(events)
  }

  /** Signs from now on with these keys, or with none. What the replica knew of the height is asked of the others again. */
  async setIdentity(identity: ValidatorIdentity | null): Promise<void> {
    await this.host.setIdentity(identity)
    this.#tell('status')
  }

  /** Canonical bytes of a signed transaction that enters the network here. */
  submit(bytes: Uint8Array): Promise<Admitted> {
    return this.#admit(bytes, 'local')
  }

  /** A slow peer is no bad one, and is cut in the end all the same. */
  #misbehaved(peer: PeerId, reason: string, conduct: 'bad-message' | 'unserved'): void {
    this.#rejections.set(reason, (this.#rejections.get(reason) ?? 0) + 1)
    this.peers.conduct(peer, conduct)
  }

  async #admit(bytes: Uint8Array, source: 'local' | 'gossip'): Promise<Admitted> {
    const verdict = await this.#admission.run(() => this.#transactions.judgeBytes(bytes))
    if (!verdict.ok) return verdict
    const { id } = verdict.verified
    const added = this.pool.add(verdict.verified, this.options.clock.wallMs())
    if (!added.ok) return added
    if (added.isNew) {
      this.#transactions.remember(verdict.verified)
      for (const each of added.gaveWay) this.#tell('dropped', each.transaction, each.reason)
      if (source === 'local') {
        this.gossip.enter(id, verdict.verified.bytes, this.chain.height)
        this.economy.fees.sent(verdict.verified)
      }
      // The replica asks at each height; in between it is told of the first alone.
      if (this.pool.count === 1) this.host.running?.feed({ type: 'work-appeared' })
      this.#tell('pooled', id)
    }
    return { ok: true, isNew: added.isNew, id }
  }

  #createEvidence(): EvidenceDesk {
    const { chain, storage } = this
    const { network, verifier, clock, telemetry } = this.options
    return new EvidenceDesk({
      chain,
      storage,
      network,
      verifier,
      clock,
      telemetry,
      owner: () => this.host,
      kept: (evidence) => {
        this.recorder.evidence(evidence.first.height)
        this.#tell('evidence', evidence)
        this.economy.alerts.evidence(evidence)
      },
    })
  }

  #createHost(): ReplicaHost {
    const { clock, telemetry } = this.options
    return new ReplicaHost({
      chain: this.chain,
      checker: this.#checker,
      pool: this.pool,
      transactions: this.#transactions,
      lateCommits: this.#lateCommits,
      storage: this.storage,
      clock,
      telemetry,
      changed: () => this.#tell('status'),
      woke: () => {
        this.peers.forgetClaims()
        this.#statuses.askAll()
      },
      runnerPorts: {
        broadcast: (message) => this.#broadcast(message),
        sendDecided: (_height, to) => this.#sendDecided(to),
        requestDecided: () => {
          this.#catchUp.ask()
          this.#statuses.askAll()
        },
        evidence: (first, second) => this.evidence.caught(first, second),
        invalidBlock: (proof) => this.evidence.rejected(proof),
        note: (note) => {
          this.recorder.noted(note)
          this.#tell('consensus')
        },
        counted: (message) => this.#counted(message),
        hasWork: () => this.pool.count > 0,
        halted: ({ height, code }) => this.#halt(`block ${height}: ${code}`),
        heightStarted: () => {
          const { set, schedule } = this.chain.nextSet
          this.recorder.heightStarted(this.chain.height + 1, set, schedule)
        },
      },
    })
  }

  #received(message: VerifiedMessage, late: boolean): void {
    this.#counted(message)
    if (!late) this.host.running?.feed({ type: 'message-received', message })
  }

  #counted(message: VerifiedMessage): void {
    this.recorder.counted(message)
    if (message.type === 'commit') this.#lateCommits.counted(message)
    this.#tell('consensus')
  }

  #broadcast(message: VerifiedMessage): void {
    this.#repeat = (this.#repeat + 1) >>> 0
    this.#messages.remember(message)
    const bytes = encodeRepeatable(this.#repeat, encodeConsensusMessage(message))
    this.options.network.publish('consensus', bytes).catch((error: unknown) => {
      this.options.telemetry.log('warn', 'gossip', `a ${message.type} was not sent: ${String(error)}`)
    })
  }

  /** A block joined the chain, by consensus here or by catch-up. */
  #decided(decided: Decided): void {
    const { block, certificate, height, id } = decided
    this.#headSinceMs = this.options.clock.wallMs()
    const { set } = this.chain.setAt(height)!
    const included = new Set(decided.outcome.transactionIds)
    const senders = new Set(block.body.transactions.map(({ sender }) => sender))
    const dropped = this.pool.settle(included, senders, height)
    this.gossip.repeat(height, (each) => this.pool.has(each))
    this.history.add(height, decided)
    this.economy.decided(decided, included)
    const { proposer } = block.header
    this.recorder.decided({
      height,
      blockId: id,
      proposer,
      transactionCount: included.size,
      certificate,
      set,
    })
    const parent = block.body.parentCertificate
    const parentSet = parent && this.chain.setAt(parent.height)
    if (parent && parentSet) this.recorder.certified(parent.height, parent, parentSet.set, null)
    if (proposer === this.identity?.address && decided.observation.decisionMs !== null)
      this.#announcements.announce(decided)
    this.evidence.certified(certificate, set)
    if (parent && parentSet) this.evidence.certified(parent, parentSet.set)
    this.host.decided(decided)
    for (const each of dropped) this.#tell('dropped', each.transaction, each.reason)
    this.#tell('decided', decided)
  }

  /** Rule 4's answer to a message of a lower height: say how far the chain is, and the sender fetches what it lacks. */
  #sendDecided(to: Address): void {
    const peer = this.peers.peerOf(to)
    if (peer) this.#statuses.tell(peer)
  }

  #halt(reason: string): void {
    this.#halted = reason
    this.options.telemetry.log('error', 'node', `halted: ${reason}`)
    this.#tell('status')
  }

  #tell<Event extends keyof NodeEvents>(event: Event, ...args: Parameters<NodeEvents[Event]>): void {
    this.#listeners.tell(event, ...args)
  }
}
