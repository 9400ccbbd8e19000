/**
 * A node of the observer's mode: in the mesh, without a state, bodies or votes. It follows certified headers, has of the
 * state what peers prove under them, and hands transactions on. It signs nothing.
 */

import { nextBaseFee } from '../economy/base-fee.ts'
import { tipsOf } from '../economy/fee-forecast.ts'
import type { LightBlock } from '../light/light-block.ts'
import type { GossipVerdict, PeerId } from '../ports/network.ts'
import { decodeDecided } from '../protocol/codec-block.ts'
import type { Address, Amount, Hash, Height } from '../protocol/ids.ts'
import type { VerifiedTransaction } from '../protocol/transaction.ts'
import type { OpenFailure } from './chain.ts'
import { AWAITED_TRANSACTIONS, NONCE_HELD_BLOCKS } from './constants.ts'
import type { NodeOptions } from './create-node.ts'
import { HeaderFollower, servingPeers } from './header-follower.ts'
import type { Admitted } from './live-node.ts'
import type { SyncView } from './node-api.ts'
import { ObservedChain } from './observed-chain.ts'
import { PeerBook } from './peer-book.ts'
import { PeerStatuses } from './peer-statuses.ts'
import { ProofSource } from './proof-source.ts'
import { StorageKeeper } from './storage-keeper.ts'
import type { SenderTerms, TransactionDesk } from './transaction-desk.ts'
import { TransactionGossip } from './transaction-gossip.ts'
import { TransactionVerifier } from './transaction-verifier.ts'

export type ObserverOptions = Omit<NodeOptions, 'mode' | 'sync'>

export interface ObserverEvents {
  head(block: LightBlock): void
  peers(): void
  status(): void
}

/** A transaction that entered the network here. */
export interface Awaited {
  readonly verified: VerifiedTransaction
  readonly addedAtMs: number
  /** The head then. */
  readonly addedAtHeight: Height
}

export type CreateObserverResult =
  | { readonly ok: true; readonly node: ObserverNode }
  | { readonly ok: false; readonly failure: OpenFailure }

/** Reads what is stored and starts following. The network must be started by the caller, after this. */
export async function createObserver(options: ObserverOptions): Promise<CreateObserverResult> {
  const storage = new StorageKeeper(options.storage, options.clock)
  const opened = await ObservedChain.open(options.genesis, storage)
  if (!opened.ok) return opened
  const node = new ObserverNode(options, opened.chain, storage)
  node.start()
  return { ok: true, node }
}

export class ObserverNode implements TransactionDesk {
  readonly mode = 'observer'
  readonly options: ObserverOptions
  readonly chain: ObservedChain
  readonly storage: StorageKeeper
  readonly peers: PeerBook
  readonly proofs: ProofSource
  readonly startedAtMs: number
  readonly #headers: HeaderFollower
  readonly #statuses: PeerStatuses
  readonly #gossip: TransactionGossip
  readonly #transactions: TransactionVerifier
  /** Oldest first. */
  readonly #awaited = new Map<Hash, Awaited>()
  readonly #listeners = new Set<Partial<ObserverEvents>>()
  readonly #rejections = new Map<string, number>()
  #stopListening: () => void = () => undefined
  #account: Address | null = null
  #headSinceMs: number

  constructor(options: ObserverOptions, chain: ObservedChain, storage: StorageKeeper) {
    const { network, clock, telemetry, verifier, version, genesis } = options
    this.options = options
    this.chain = chain
    this.storage = storage
    this.startedAtMs = clock.wallMs()
    this.#headSinceMs = clock.wallMs()
    this.peers = new PeerBook({ network, clock, telemetry })
    const parts = { chain, network, clock, verifier, telemetry, peers: this.peers }
    this.#headers = new HeaderFollower({ ...parts, progress: () => this.#tell('status') })
    this.proofs = new ProofSource({ ...parts, headers: this.#headers })
    this.#gossip = new TransactionGossip({ network, clock, telemetry })
    this.#transactions = new TransactionVerifier(
      verifier,
      genesis.chainId,
      genesis.parameters.maximumTransactionBytes,
    )
    this.#statuses = new PeerStatuses({
      network,
      clock,
      telemetry,
      book: this.peers,
      genesisHash: chain.genesisHash,
      own: () => ({ headHeight: chain.height, mode: this.mode, version, validator: null }),
      heard: (peer, headHeight) => this.#headers.claimed(peer, headHeight),
      changed: () => this.#tell('peers'),
    })
  }

  start(): void {
    const { network } = this.options
    this.chain.onHead((head) => this.#moved(head))
    network.onGossip((_topic, bytes, from) => this.#heard(bytes, from), ['decided'])
    this.#stopListening = network.on((event) => {
      if (event.type === 'peer-misbehaved') this.#misbehaved(event.peer, event.reason)
    })
    this.#statuses.start()
  }

  async stop(): Promise<void> {
    this.#stopListening()
    this.#statuses.stop()
    this.#headers.stop()
    this.#gossip.stop()
    this.storage.end()
  }

  get genesis() {
    return this.chain.genesis
  }

  get account(): Address | null {
    return this.#account
  }

  setAccount(account: Address | null): void {
    this.#account = account
    this.#tell('status')
  }

  get caughtUp(): boolean {
    return this.#headers.reached
  }

  get sync(): SyncView | null {
    return this.#headers.view
  }

  get bestSeenHeight(): Height {
    return this.#headers.bestSeenHeight
  }

  get headSinceMs(): number {
    return this.#headSinceMs
  }

  /** Base units per gas. */
  get nextBaseFee(): Amount {
    const { headHeader, parameters } = this.chain
    const genesisFee = parameters.genesisBaseFeePerGas
    return headHeader ? nextBaseFee(headHeader, genesisFee) : genesisFee
  }

  /** Messages refused since the start, by reason. */
  rejections(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#rejections)
  }

  listen(events: Partial<ObserverEvents>): () => void {
    this.#listeners.add(events)
    return () => this.#listeners.delete(events)
  }

  awaited(id: Hash): Awaited | undefined {
    return this.#awaited.get(id)
  }

  /** Seen in a block: it is not waited for any more. */
  settled(id: Hash): void {
    this.#awaited.delete(id)
  }

  /** By what peers prove of the sender. Tips are not proved by headers: the lowest that is usual is offered. */
  async terms(sender: Address): Promise<SenderTerms> {
    const { record } = await this.proofs.account(sender)
    let nonce = record?.nonce ?? 0
    for (const { verified, addedAtHeight } of this.#awaited.values()) {
      const holds = addedAtHeight + NONCE_HELD_BLOCKS >= this.chain.height
      if (holds && verified.transaction.sender === sender)
        nonce = Math.max(nonce, verified.transaction.nonce + 1)
    }
    return {
      nonce,
      balance: record?.balance ?? 0n,
      baseFeePerGas: this.nextBaseFee,
      tips: tipsOf([]),
      headHeight: this.chain.height,
    }
  }

  /** Checked in what needs no state, and handed to the peers, who judge the rest. */
  async submit(bytes: Uint8Array): Promise<Admitted> {
    const verdict = await this.#transactions.judgeBytes(bytes)
    if (!verdict.ok) return verdict
    const { verified } = verdict
    if (servingPeers({ network: this.options.network, peers: this.peers }).length === 0)
      return { ok: false, code: 'no-source', data: {} }
    const isNew = !this.#awaited.has(verified.id)
    this.#awaited.set(verified.id, {
      verified,
      addedAtMs: this.options.clock.wallMs(),
      addedAtHeight: this.chain.height,
    })
    if (this.#awaited.size > AWAITED_TRANSACTIONS) this.#awaited.delete(this.#awaited.keys().next().value!)
    this.#gossip.send(verified.bytes)
    return { ok: true, isNew, id: verified.id }
  }

  #moved(head: LightBlock): void {
    this.#headSinceMs = this.options.clock.wallMs()
    for (const [id, { verified }] of this.#awaited)
      if (verified.transaction.validUntilHeight < head.header.height) this.#awaited.delete(id)
    this.#tell('head', head)
  }

  async #heard(bytes: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const decoded = decodeDecided(bytes)
    if (!decoded.ok) return this.#reject(from, 'decided-malformed')
    const result = await this.#headers.decided(decoded.value, from)
    if (result === 'bad') return this.#reject(from, 'decided-bad')
    return result === 'good' ? 'accept' : 'ignore'
  }

  #reject(from: PeerId, reason: string): GossipVerdict {
    this.#misbehaved(from, reason)
    return 'reject'
  }

  #misbehaved(peer: PeerId, reason: string): void {
    this.options.telemetry.count('messages_rejected', { reason })
    this.#rejections.set(reason, (this.#rejections.get(reason) ?? 0) + 1)
    this.peers.conduct(peer, reason === 'request-stalled' ? 'unserved' : 'bad-message')
  }

  #tell<Event extends keyof ObserverEvents>(event: Event, ...args: Parameters<ObserverEvents[Event]>): void {
    for (const listener of this.#listeners) {
      const handler = listener[event] as ((...values: Parameters<ObserverEvents[Event]>) => void) | undefined
      handler?.(...args)
    }
  }
}
