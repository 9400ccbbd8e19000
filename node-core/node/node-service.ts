/** NodeApi over a live node: every method by name, every topic by event. Refusals are CodedErrors. */
import { type PartitionState, partitionState, stallOf } from '../mesh/partition.ts'
import { CodedError } from '../ports/coded-error.ts'
import { formatAddress } from '../protocol/address.ts'
import { formatParameters } from '../protocol/parameters.ts'
import { validatorKey } from '../state/keys.ts'
import { FINALITY_SAMPLES, NOTED_EPOCHS } from './constants.ts'
import { EventHub } from './event-hub.ts'
import type { EvidenceView } from './evidence-api.ts'
import type { Evidence } from './evidence-book.ts'
import type { LiveNode } from './live-node.ts'
import {
  logLines,
  MOST_LOG_LINES,
  MOST_ROWS,
  readAddress,
  readDrip,
  readTransaction,
  refuse,
  rows,
} from './method-input.ts'
import type { NodeApi, NodeMethod, NodeMethods, NodeStatus, TransactionView } from './node-api.ts'
import { nodeTrouble } from './node-trouble.ts'
import { serveObservers } from './observe-protocol.ts'
import type { StoredBlock } from './repositories.ts'
import { deskOf } from './transaction-desk.ts'
import { attacksView } from './views/attacks-view.ts'
import {
  accountView,
  blockSummary,
  blockView,
  certificateView,
  droppedTransaction,
  includedTransaction,
  pendingTransaction,
  proofView,
  readHash,
} from './views/chain-view.ts'
import { consensusView, roundsView } from './views/consensus-view.ts'
import { type FinalitySample, gasView, statsView } from './views/economy-view.ts'
import { evidenceView } from './views/evidence-view.ts'
import { feeEstimate, feesView } from './views/fees-view.ts'
import { inclusionView } from './views/light-view.ts'
import {
  healthView,
  heardPowerView,
  meshObservation,
  peerViews,
  stallView,
  topologyView,
  type ValidatorNames,
} from './views/mesh-view.ts'
import { multisigList, multisigView } from './views/multisig-view.ts'
import { readForEstimate } from './views/payload-view.ts'
import { stakePositions, stakeRewards } from './views/stake-view.ts'
import { type StorageUse, statusFrame } from './views/status-view.ts'
import { setsOf, stateOf, validatorList, validatorView } from './views/validator-view.ts'
import { nameOf } from './views/view-words.ts'

const DEFAULT_WINDOW_MS = 5 * 60_000
const PARTITION_CHECK_MS = 1_000
/** Between two looks at the use of storage, in such checks: a store is many files. */
const STORAGE_LOOK_CHECKS = 10

type Handlers = {
  [M in NodeMethod]: (
    params: NodeMethods[M]['params'],
  ) => Promise<NodeMethods[M]['result']> | NodeMethods[M]['result']
}

export class NodeService implements NodeApi {
  readonly #node: LiveNode
  readonly #hub: EventHub
  readonly #samples: FinalitySample[] = []
  readonly #handlers: Handlers
  readonly #names: ValidatorNames
  readonly #stopListening: () => void
  #partition: PartitionState = 'healthy'
  #partitionSinceMs: number
  #partitionHeight = 0
  #checks = 0
  #storage: StorageUse = { usedBytes: null, quotaBytes: null, persistent: null }
  #stopped = false

  constructor(node: LiveNode) {
    this.#node = node
    this.#hub = new EventHub(node.options.clock)
    this.#partitionSinceMs = node.options.clock.wallMs()
    this.#names = (validator) => nameOf(node, validator)
    this.#handlers = this.#build()
    serveObservers(node.options.network, this)
    this.#stopListening = node.listen({
      decided: (decided) => this.#decided(decided),
      pooled: (id) => {
        const entry = this.#hub.wanted('transactions') ? node.pool.get(id) : undefined
        if (entry)
          this.#hub.publish('transactions', pendingTransaction(entry.verified.transaction, entry.addedAtMs))
      },
      dropped: (transaction, reason) =>
        this.#hub.publish('transactions', droppedTransaction(transaction, reason.code, reason.data)),
      consensus: () => this.#hub.changed('consensus', () => consensusView(node)),
      peers: () => {
        this.#hub.changed('peers', () => peerViews(node, this.#names))
        this.#hub.changed('status', () => this.#status())
      },
      status: () => this.#hub.changed('status', () => this.#status()),
      evidence: (evidence) =>
        void this.#evidence(evidence).then((view) => this.#hub.publish('alerts', { evidence: view })),
      alert: (alert) => this.#hub.publish('alerts', { alert }),
    })
    this.#watch()
  }

  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    const handler = this.#handlers[method] as Handlers[M] | undefined
    if (!handler || !Object.hasOwn(this.#handlers, method))
      throw new CodedError('unknown-method', { method: String(method) })
    return handler(params)
  }

  subscribe: NodeApi['subscribe'] = (topic, listener) => this.#hub.subscribe(topic, listener)

  stop(): void {
    this.#stopped = true
    this.#stopListening()
    this.#hub.stop()
  }

  #build(): Handlers {
    const node = this.#node
    return {
      node_status: () => this.#status(),
      node_config: () => node.options.config,
      node_logs: (params) => logLines(node.options.telemetry, params),
      chain_head: async () => blockSummary(node, await this.#block(node.chain.height)),
      chain_block: async (params) => blockView(node, await this.#block(await this.#heightOf(params))),
      chain_blocks: (params) => this.#blocks(params),
      chain_transaction: ({ hash, inclusion }) => this.#transaction(hash, inclusion === true),
      chain_account: ({ address, historyLimit }) =>
        accountView(node, readAddress(address), rows(historyLimit, 20, MOST_ROWS)),
      chain_proof: ({ address, record }) =>
        proofView(node, readAddress(address), record) ?? refuse('no-block-yet', {}),
      chain_certificate: async ({ height, canonical }) =>
        (await certificateView(node, height, canonical === true)) ?? this.#noBlock(height),
      chain_parameters: () => formatParameters(node.chain.parameters),
      tx_submit: ({ transaction }) => this.#submit(readTransaction(transaction)),
      tx_estimate: async ({ sender, payload }) => {
        const read = readForEstimate(payload) ?? refuse('malformed', { detail: 'payload' })
        const terms = await deskOf(node).terms(readAddress(sender), read)
        return feeEstimate(node.chain.parameters, terms, read)
      },
      tx_pool: ({ limit }) => this.#pool(rows(limit, 50, MOST_ROWS)),
      consensus_state: () => consensusView(node) ?? refuse('not-started', {}),
      consensus_rounds: (params) =>
        roundsView(node, { ...params, limit: rows(params.limit, 100, MOST_LOG_LINES) }),
      validator_list: () => validatorList(node),
      validator_get: ({ address }) => {
        const record = node.chain.state.get(validatorKey(readAddress(address)))
        return record ? validatorView(node, record) : refuse('unknown-validator', { address })
      },
      network_peers: () => peerViews(node, this.#names),
      network_topology: () => topologyView(node, this.#names),
      network_health: () => healthView(node, node.rejections()),
      network_partition: () => ({
        state: this.#partition,
        heardPower: heardPowerView(node),
        sinceMs: this.#partitionSinceMs,
      }),
      stake_positions: ({ address }) => stakePositions(node, readAddress(address)),
      stake_rewards: ({ address }) => stakeRewards(node, readAddress(address)),
      economy_fees: () => feesView(node),
      economy_gas: ({ blocks }) => gasView(node, blocks) ?? refuse('no-block-yet', {}),
      economy_stats: ({ windowMs }) => statsView(node, windowMs ?? DEFAULT_WINDOW_MS, this.#samples),
      economy_history: ({ limit }) => ({
        epochs: node.economy.epochs.figures(rows(limit, NOTED_EPOCHS, NOTED_EPOCHS)),
      }),
      economy_attacks: async () => {
        await node.economy.attacks.ready
        return attacksView(node)
      },
      alert_list: async () => ({
        evidence: await Promise.all(node.evidence.book.all().map((each) => this.#evidence(each))),
        alerts: node.economy.alerts.book.all(),
      }),
      multisig_list: ({ member }) => multisigList(node, readAddress(member)),
      multisig_get: ({ account }) =>
        multisigView(node, readAddress(account)) ?? refuse('unknown-multisig', { address: account }),
      faucet_drip: ({ transaction }) => this.#submit(readDrip(transaction)),
    }
  }

  /** A disk that fails costs the proof alone. */
  async #evidence(evidence: Evidence): Promise<EvidenceView> {
    return evidenceView(evidence, await this.#node.evidence.proofOf(evidence).catch(() => null))
  }

  #status(): NodeStatus {
    const node = this.#node
    const { directPeers } = meshObservation(node)
    const header = node.chain.headHeader
    return {
      ...statusFrame(node, directPeers, this.#storage),
      head: header && {
        height: header.height,
        blockId: node.chain.head!.id,
        timestampMs: header.timestampMs,
      },
      phase: node.haltedBecause
        ? 'halted'
        : directPeers === 0
          ? 'connecting'
          : node.syncing || node.sync !== null
            ? 'syncing'
            : 'running',
      sync: node.sync,
      validator: this.#validatorStatus(),
      stall: stallView(node),
      haltedBecause: node.haltedBecause,
    }
  }

  #validatorStatus(): NodeStatus['validator'] {
    const node = this.#node
    const address = node.identity?.address
    if (!address) return null
    const record = node.chain.state.get(validatorKey(address))
    const state = record ? stateOf(record, setsOf(node)) : 'none'
    const member = node.chain.nextSet.set.members.some((each) => each.address === address)
    const silence = node.host.silence()
    return {
      address: formatAddress(address),
      state,
      onWatchSinceMs: node.onWatchSinceMs,
      signing: member && node.caughtUp && silence === null,
      silentBecause: silence,
    }
  }

  #decided(decided: StoredBlock): void {
    const node = this.#node
    const { header, body } = decided.block
    this.#samples.push({
      timestampMs: header.timestampMs,
      decisionMs: decided.observation.decisionMs,
      transactions: body.transactions.length,
    })
    if (this.#samples.length > FINALITY_SAMPLES) this.#samples.shift()
    this.#hub.publish('heads', blockSummary(node, decided))
    const shown = this.#hub.wanted('transactions') ? body.transactions.keys() : []
    for (const index of shown)
      this.#hub.publish('transactions', includedTransaction(decided, { height: header.height, index }))
    this.#hub.changed('status', () => this.#status())
  }

  /** What changes by the passing of time alone: a chain that stands still, storage. */
  #watch(): void {
    this.#node.options.clock.setTimer(PARTITION_CHECK_MS, () => {
      if (this.#stopped) return
      this.#checkPartition()
      if (this.#checks++ % STORAGE_LOOK_CHECKS === 0) this.#lookAtStorage()
      this.#node.economy.alerts.node(nodeTrouble(this.#node, this.#partition))
      this.#hub.changed('status', () => this.#status())
      this.#watch()
    })
  }

  #lookAtStorage(): void {
    this.#node.options.storage.usage().then(
      (usage) => {
        this.#storage = usage
      },
      // A store that is gone: the status says so in other words.
      () => undefined,
    )
  }

  #checkPartition(): void {
    const { height } = this.#node.chain
    const next = partitionState(
      this.#partition,
      stallOf(meshObservation(this.#node)),
      height > this.#partitionHeight,
    )
    if (next === this.#partition) return
    this.#partition = next
    this.#partitionSinceMs = this.#node.options.clock.wallMs()
    this.#partitionHeight = height
  }

  async #submit(bytes: Uint8Array): Promise<{ hash: `0x${string}` }> {
    const result = await this.#node.submit(bytes)
    return result.ok ? { hash: result.id } : refuse(result.code, result.data)
  }

  async #block(height: number): Promise<StoredBlock> {
    return (height >= 1 ? await this.#node.chain.load(height) : null) ?? this.#noBlock(height)
  }

  /** Let go, or never here. */
  #noBlock(height: number): never {
    const { oldestHeight } = this.#node.chain
    if (height >= 1 && height < oldestHeight) refuse('pruned', { height, oldestHeight })
    return refuse('unknown-block', { height })
  }

  async #heightOf({ height, blockId }: NodeMethods['chain_block']['params']): Promise<number> {
    if (height !== undefined) return height
    const id = blockId === undefined ? null : readHash(blockId)
    return (id && this.#node.history.heightOf(id)) ?? refuse('unknown-block', { blockId: blockId ?? null })
  }

  async #blocks({ limit, before }: NodeMethods['chain_blocks']['params']) {
    const { chain } = this.#node
    const count = rows(limit, 20, MOST_ROWS)
    const last = Math.min(chain.height, (before ?? chain.height + 1) - 1)
    if (last < 1) return []
    const from = Math.max(1, last - count + 1)
    const stored = await chain.loadRange(from, last - from + 1)
    return stored.map((each) => blockSummary(this.#node, each)).reverse()
  }

  async #transaction(hash: string, inclusion: boolean): Promise<TransactionView> {
    const id = readHash(hash) ?? refuse('malformed', { detail: 'hash' })
    const entry = this.#node.pool.get(id)
    if (entry) return pendingTransaction(entry.verified.transaction, entry.addedAtMs)
    const place = this.#node.history.find(id)
    const stored = place && (await this.#node.chain.load(place.height))
    if (!place || !stored) return refuse('unknown-transaction', { hash })
    const view = includedTransaction(stored, place)
    return inclusion ? { ...view, inclusion: inclusionView(stored, place) } : view
  }

  #pool(limit: number): NodeMethods['tx_pool']['result'] {
    const { pool } = this.#node
    const entries = [...pool.entries()]
    return {
      count: pool.count,
      bytes: pool.bytes,
      oldestMs: entries[0]?.addedAtMs ?? null,
      transactions: entries
        .slice(-limit)
        .map((entry) => pendingTransaction(entry.verified.transaction, entry.addedAtMs)),
    }
  }
}
