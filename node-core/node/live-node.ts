/** A running node: who tells whom. Each part holds its own rules. */

import { NEVER_SIGN } from '../consensus/replica-state.ts'
import { assert } from '../lib/assert.ts'
import type { PeerId } from '../ports/network.ts'
import type { Header } from '../protocol/block.ts'
import { encodeDecided } from '../protocol/codec-block.ts'
import { encodeConsensusMessage } from '../protocol/codec-messages.ts'
import type { Decided as DecidedMessage } from '../protocol/decided.ts'
import { blockId, DOMAINS, hashOf } from '../protocol/hash.ts'
import type { Address, Hash, Height } from '../protocol/ids.ts'
import type { VerifiedMessage } from '../protocol/messages.ts'
import { BlockBuilder } from './block-builder.ts'
import { BlockChecker } from './block-checker.ts'
import { serveBodies } from './body-server.ts'
import { BodySource } from './body-source.ts'
import { CatchUp } from './catch-up.ts'
import { CertificateVerifier } from './certificate-verifier.ts'
import type { Chain, Decided } from './chain.ts'
import { ConsensusRecorder } from './consensus-recorder.ts'
import { SEND_DECIDED_INTERVAL_MS } from './constants.ts'
import type { NodeOptions, ValidatorIdentity } from './create-node.ts'
import { EvidenceBook } from './evidence-book.ts'
import { HistoryIndex } from './history-index.ts'
import { InboundGate } from './inbound-gate.ts'
import { LateCommits } from './late-commits.ts'
import { MessageVerifier } from './message-verifier.ts'
import type { NodeEvents } from './node-events.ts'
import { PeerBook } from './peer-book.ts'
import { PeerStatuses } from './peer-statuses.ts'
import { poolChain } from './pool-chain.ts'
import { ReplicaRunner } from './replica-runner.ts'
import { restoreSigner, Signer } from './signer.ts'
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
  readonly evidence: EvidenceBook
  readonly history: HistoryIndex
  readonly startedAtMs: number
  readonly #transactions: TransactionVerifier
  readonly #messages: MessageVerifier
  readonly #certificates: CertificateVerifier
  readonly #checker: BlockChecker
  readonly #lateCommits = new LateCommits()
  readonly #gossip: TransactionGossip
  readonly #statuses: PeerStatuses
  readonly #sync: Sync
  readonly #catchUp: CatchUp
  readonly #listeners = new Set<Partial<NodeEvents>>()
  readonly #toldAt = new Map<PeerId, number>()
  #runner: ReplicaRunner | null = null
  #identity: ValidatorIdentity | null = null
  #account: Address | null = null
  readonly #rejections = new Map<string, number>()
  #onWatchSinceMs: number | null = null
  #repeat = 0
  #headSinceMs: number
  /** When a node that does not know what its key signed began to wait; null: it knows. */
  #signingLostSinceMs: number | null = null
  #halted: string | null = null

  constructor(options: NodeOptions, chain: Chain) {
    const { network, clock, telemetry, verifier, storage } = options
    this.options = options
    this.chain = chain
    this.startedAtMs = clock.wallMs()
    this.#headSinceMs = clock.wallMs()
    const { chainId, parameters } = chain.genesis
    this.pool = new TransactionPool(poolChain(chain))
    this.recorder = new ConsensusRecorder(clock)
    this.peers = new PeerBook({ network, clock, telemetry })
    this.evidence = new EvidenceBook({ storage, clock })
    this.history = new HistoryIndex(storage)
    this.#transactions = new TransactionVerifier(verifier, chainId, parameters.maximumTransactionBytes)
    this.#messages = new MessageVerifier(verifier, chainId)
    this.#certificates = new CertificateVerifier(verifier, chainId)
    this.#checker = new BlockChecker({
      chain,
      verifier,
      bodies: new BodySource({ network, verifier: this.#transactions, clock }),
      certificates: this.#certificates,
    })
    this.#gossip = new TransactionGossip({ network, clock, telemetry })
    this.#sync = new Sync({
      chain,
      network,
      checker: this.#checker,
      certificates: this.#certificates,
      transactions: this.#transactions,
      telemetry,
      ports: {
        advanced: () => this.#catchUp.advanced(),
        progress: () => this.#tell('status'),
        misbehaved: (peer) => this.peers.conduct(peer, 'bad-block'),
      },
    })
    this.#catchUp = new CatchUp({
      chain,
      sync: this.#sync,
      peers: this.peers,
      runner: () => this.#runner,
      reached: () => this.#tell('status'),
    })
    this.#statuses = new PeerStatuses({
      network,
      clock,
      telemetry,
      book: this.peers,
      genesisHash: chain.genesisHash,
      own: () => ({
        headHeight: chain.height,
        mode: this.mode,
        version: options.version,
        validator: this.#identity?.address ?? null,
      }),
      heard: (peer, headHeight) => this.#catchUp.claimed(peer, headHeight),
      changed: () => this.#tell('peers'),
    })
  }

  async start(): Promise<void> {
    const { network, telemetry } = this.options
    await this.history.open(this.chain.height)
    await this.evidence.open()
    serveBodies(network, { transactions: this.#transactions, checker: this.#checker })
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
        decided: (decided, from) => this.#decidedElsewhere(decided, from),
        misbehaved: (peer, reason) => {
          this.#rejections.set(reason, (this.#rejections.get(reason) ?? 0) + 1)
          this.peers.conduct(peer, 'bad-message')
        },
      },
    })
    const { head } = this.chain
    if (head) this.#lateCommits.reset(head.certificate, this.chain.setAt(head.certificate.height)!.set)
    this.#statuses.start()
    await this.#restartReplica()
  }

  async stop(): Promise<void> {
    this.#statuses.stop()
    this.#sync.stop()
    this.#gossip.stop()
    await this.#runner?.stop()
    await this.chain.settle()
  }

  get mode() {
    return this.#identity ? ('validator' as const) : this.options.mode
  }

  get identity(): ValidatorIdentity | null {
    return this.#identity
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
    assert(this.#runner, 'the node was started')
    return this.#runner
  }

  get onWatchSinceMs(): number | null {
    return this.#onWatchSinceMs
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

  listen(events: Partial<NodeEvents>): () => void {
    this.#listeners.add(events)
    return () => this.#listeners.delete(events)
  }

  /** Signs from now on with these keys, or with none. What the replica knew of the height is asked of the others again. */
  async setIdentity(identity: ValidatorIdentity | null): Promise<void> {
    this.#identity = identity
    this.#onWatchSinceMs = identity && this.options.clock.wallMs()
    await this.#restartReplica()
    this.#tell('status')
  }

  /** Canonical bytes of a signed transaction that enters the network here. */
  submit(bytes: Uint8Array): Promise<Admitted> {
    return this.#admit(bytes, 'local')
  }

  async #admit(bytes: Uint8Array, source: 'local' | 'gossip'): Promise<Admitted> {
    const verdict = await this.#transactions.verifyBytes(bytes)
    if (!verdict.ok) return verdict
    const { id } = verdict.verified
    const added = this.pool.add(verdict.verified, this.options.clock.wallMs())
    if (!added.ok) return added
    if (added.isNew) {
      if (source === 'local') this.#gossip.send(verdict.verified.bytes)
      this.#runner?.feed({ type: 'work-appeared' })
      this.#tell('pooled', id)
    }
    return { ok: true, isNew: added.isNew, id }
  }

  async #restartReplica(): Promise<void> {
    await this.#runner?.stop()
    const { clock, telemetry } = this.options
    const identity = this.#identity
    const restored = identity
      ? await restoreSigner(identity.journal)
      : { record: null, preparedBody: [], lost: false }
    this.#signingLostSinceMs = restored.lost ? clock.wallMs() : null
    if (restored.lost)
      telemetry.log(
        'warn',
        'signer',
        'the signing record is lost; nothing is signed until a block newer than this start is final',
      )
    await Promise.all(restored.preparedBody.map((bytes) => this.#transactions.verifyBytes(bytes)))
    const signer =
      identity &&
      new Signer({
        chainId: this.chain.genesis.chainId,
        key: identity.validatorKey,
        journal: identity.journal,
        restored,
      })
    const builder = new BlockBuilder({
      chain: this.chain,
      pool: this.pool,
      clock,
      lateCommits: this.#lateCommits,
      proposer: identity?.address ?? null,
      key: identity?.randomnessKey ?? null,
    })
    this.#runner = new ReplicaRunner({
      self: identity?.address ?? null,
      chain: this.chain,
      checker: this.#checker,
      builder,
      signer,
      restored,
      signFromHeight: restored.lost ? NEVER_SIGN : null,
      clock,
      telemetry,
      ports: {
        broadcast: (message) => this.#broadcast(message),
        sendDecided: (_height, to) => this.#sendDecided(to),
        requestDecided: () => {
          this.#catchUp.ask()
          this.#statuses.askAll()
        },
        evidence: (first, second) => this.#evidenceFound(first, second),
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
          builder.prepare()
        },
      },
    })
    this.#runner.startHeight()
  }

  #received(message: VerifiedMessage, late: boolean): void {
    this.#counted(message)
    if (!late) this.#runner?.feed({ type: 'message-received', message })
  }

  #counted(message: VerifiedMessage): void {
    this.recorder.counted(message)
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
    this.#lateCommits.reset(certificate, set)
    const included = new Set(decided.outcome.transactionIds)
    const dropped = this.pool.settle(
      included,
      new Set(block.body.transactions.map((each) => each.sender)),
      height,
    )
    this.history.add(height, decided)
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
    if (proposer === this.#identity?.address && decided.observation.decisionMs !== null)
      this.#announce(decided)
    this.#allowSigningAgain(block.header)
    for (const each of dropped) this.#tell('dropped', each.transaction, each.reason)
    this.#tell('decided', decided)
  }

  /** Whatever the lost record held is below a block that is newer than the loss, clocks considered. */
  #allowSigningAgain({ height, timestampMs }: Header): void {
    const since = this.#signingLostSinceMs
    if (since === null || timestampMs <= since + 2 * this.chain.parameters.clockPrecisionMs) return
    this.#signingLostSinceMs = null
    this.#runner?.feed({ type: 'signing-allowed', fromHeight: height + 1 })
  }

  #announce({ block, certificate, outcome }: Decided): void {
    const { header, body } = block
    const message = {
      header,
      certificate,
      transactionIds: outcome.transactionIds,
      evidence: body.evidence,
      parentCertificate: body.parentCertificate,
    }
    this.options.network
      .publish('decided', encodeDecided(message))
      .catch(() => this.options.telemetry.count('decided_not_sent'))
  }

  async #decidedElsewhere(decided: DecidedMessage, from: PeerId): Promise<'good' | 'stale' | 'bad'> {
    const { header, certificate } = decided
    if (header.height <= this.chain.height) return 'stale'
    if (header.height > this.chain.height + 1) {
      this.#catchUp.claimed(from, header.height)
      return 'stale'
    }
    const id = blockId(header)
    if (certificate.blockId !== id || certificate.height !== header.height) return 'bad'
    if (!(await this.#certificates.verify(certificate, this.chain.nextSet))) return 'bad'
    const compact = {
      header,
      transactionIds: decided.transactionIds,
      evidence: decided.evidence,
      parentCertificate: decided.parentCertificate,
    }
    void this.#checker.check(id, compact).then((result) => {
      if (result === 'height-ended') return
      this.#runner?.feed({ type: 'block-checked', blockId: id, result })
      this.#runner?.feed({ type: 'certificate-received', certificate })
    })
    return 'good'
  }

  /** Rule 4's answer to a message of a lower height: say how far the chain is, and the sender fetches what it lacks. */
  #sendDecided(to: Address): void {
    const peer = this.peers.peerOf(to)
    const now = this.options.clock.monotonicMs()
    if (!peer || now - (this.#toldAt.get(peer) ?? Number.NEGATIVE_INFINITY) < SEND_DECIDED_INTERVAL_MS) return
    this.#toldAt.set(peer, now)
    this.#statuses.ask(peer)
  }

  #evidenceFound(first: VerifiedMessage, second: VerifiedMessage): void {
    const key = hashOf(DOMAINS.evidence, encodeConsensusMessage(first), encodeConsensusMessage(second))
    this.recorder.evidence(first.height)
    void this.evidence.add(key, first, second).then(() => this.#tell('evidence'))
  }

  #halt(reason: string): void {
    this.#halted = reason
    this.options.telemetry.log('error', 'node', `halted: ${reason}`)
    this.#tell('status')
  }

  #tell<Event extends keyof NodeEvents>(event: Event, ...args: Parameters<NodeEvents[Event]>): void {
    for (const listener of this.#listeners) {
      const handler = listener[event] as ((...values: Parameters<NodeEvents[Event]>) => void) | undefined
      handler?.(...args)
    }
  }
}
