/** NodeApi over an observer: what headers and proofs can tell. The rest is refused with `not-in-this-mode`. */
import { stallOf } from '../mesh/partition.ts'
import { CodedError } from '../ports/coded-error.ts'
import { formatAddress } from '../protocol/address.ts'
import { formatParameters } from '../protocol/parameters.ts'
import { stakeOf } from '../state/records.ts'
import { FEE_BLOCKS } from './constants.ts'
import { EventHub } from './event-hub.ts'
import { logLines, MOST_ROWS, readAddress, readDrip, readTransaction, refuse, rows } from './method-input.ts'
import type { NodeApi, NodeMethod, NodeMethods, NodeStatus, ProofView, TransactionView } from './node-api.ts'
import type { ObserverNode } from './observer-node.ts'
import { certifiedView, decidedTransaction, pendingTransaction, readHash } from './views/chain-view.ts'
import { feeEstimate, observedFees } from './views/fees-view.ts'
import { headObservation, healthView, peerViews, topologyView } from './views/mesh-view.ts'
import { observedSummary } from './views/observer-view.ts'
import { readForEstimate } from './views/payload-view.ts'
import { type StorageUse, statusFrame } from './views/status-view.ts'

const STATUS_CHECK_MS = 1_000
/** Names stand in the state. */
const noNames = () => ''

type Handlers = {
  [M in NodeMethod]?: (
    params: NodeMethods[M]['params'],
  ) => Promise<NodeMethods[M]['result']> | NodeMethods[M]['result']
}

export class ObserverService implements NodeApi {
  readonly #node: ObserverNode
  readonly #hub: EventHub
  readonly #handlers: Handlers
  readonly #stopListening: () => void
  #storage: StorageUse = { usedBytes: null, quotaBytes: null, persistent: null }
  #stopped = false

  constructor(node: ObserverNode) {
    this.#node = node
    this.#hub = new EventHub(node.options.clock)
    this.#handlers = this.#build()
    const status = () => this.#hub.changed('status', () => this.#status())
    this.#stopListening = node.listen({
      head: (head) => {
        this.#hub.publish('heads', observedSummary(head, node.chain.parameters))
        status()
      },
      peers: () => {
        this.#hub.changed('peers', () => peerViews(node, noNames))
        status()
      },
      status,
    })
    this.#watch()
  }

  async call<M extends NodeMethod>(
    method: M,
    params: NodeMethods[M]['params'],
  ): Promise<NodeMethods[M]['result']> {
    const handler = Object.hasOwn(this.#handlers, method) ? this.#handlers[method] : undefined
    if (!handler) throw new CodedError('not-in-this-mode', { mode: this.#node.mode, method: String(method) })
    return handler(params) as NodeMethods[M]['result']
  }

  subscribe: NodeApi['subscribe'] = (topic, listener) => this.#hub.subscribe(topic, listener)

  stop(): void {
    this.#stopped = true
    this.#stopListening()
    this.#hub.stop()
  }

  #build(): Handlers {
    const node = this.#node
    const { chain, options } = node
    return {
      node_status: () => this.#status(),
      node_config: () => options.config,
      node_logs: (params) => logLines(options.telemetry, params),
      chain_head: () =>
        chain.head ? observedSummary(chain.head, chain.parameters) : refuse('no-block-yet', {}),
      chain_blocks: ({ limit, before }) =>
        chain
          .newest(rows(limit, 20, MOST_ROWS), before ?? Number.MAX_SAFE_INTEGER)
          .map((block) => observedSummary(block, chain.parameters)),
      chain_transaction: ({ hash }) => this.#transaction(hash),
      chain_account: ({ address }) => this.#account(address),
      chain_proof: ({ address, record }) => this.#proof(address, record ?? 'account'),
      chain_certificate: ({ height, canonical }) => {
        const block = chain.at(height) ?? refuse('unknown-block', { height })
        return certifiedView(block, noNames, canonical === true)
      },
      chain_parameters: () => formatParameters(chain.parameters),
      tx_submit: ({ transaction }) => this.#submit(readTransaction(transaction)),
      tx_estimate: async ({ sender, payload }) => {
        const read = readForEstimate(payload) ?? refuse('malformed', { detail: 'payload' })
        return feeEstimate(chain.parameters, await node.terms(readAddress(sender)), read)
      },
      network_peers: () => peerViews(node, noNames),
      network_topology: () => topologyView(node, noNames),
      network_health: () => healthView(node, node.rejections()),
      economy_fees: () => {
        const headers = chain.newest(FEE_BLOCKS, Number.MAX_SAFE_INTEGER).map(({ header }) => header)
        return observedFees(headers.reverse(), node.nextBaseFee, chain.parameters)
      },
      faucet_drip: ({ transaction }) => this.#submit(readDrip(transaction)),
    }
  }

  #status(): NodeStatus {
    const node = this.#node
    const observation = headObservation(node)
    const { head } = node.chain
    return {
      ...statusFrame(node, observation.directPeers, this.#storage),
      head: head && {
        height: head.header.height,
        blockId: head.id,
        timestampMs: head.header.timestampMs,
      },
      phase: observation.directPeers === 0 ? 'connecting' : node.sync ? 'syncing' : 'running',
      sync: node.sync,
      validator: null,
      stall: stallOf({ ...observation, round: 0, members: null }),
      haltedBecause: null,
    }
  }

  async #account(text: string): Promise<NodeMethods['chain_account']['result']> {
    const address = readAddress(text)
    const { proofs } = this.#node
    const [account, validator] = [await proofs.account(address), await proofs.validator(address)]
    return {
      address: formatAddress(address),
      balance: String(account.record?.balance ?? 0n),
      nonce: account.record?.nonce ?? 0,
      stake: String(validator.record ? stakeOf(validator.record) : 0n),
      unbonding: null,
      multisig: null,
      isValidator: validator.record !== null,
      height: account.at.header.height,
      history: null,
    }
  }

  async #proof(text: string, record: 'account' | 'validator'): Promise<ProofView> {
    const address = readAddress(text)
    const { proofs } = this.#node
    const proved = record === 'account' ? await proofs.account(address) : await proofs.validator(address)
    const { header, id } = proved.at
    return { ...proved.proof, height: header.height, blockId: id, stateRoot: header.stateRoot }
  }

  async #transaction(hash: string): Promise<TransactionView> {
    const node = this.#node
    const id = readHash(hash) ?? refuse('malformed', { detail: 'hash' })
    const proved = await node.proofs.transaction(id)
    if (proved) {
      node.settled(id)
      return decidedTransaction(proved.transaction, proved.receipt, proved.at.header, proved.index)
    }
    const awaited = node.awaited(id)
    if (awaited) return pendingTransaction(awaited.verified.transaction, awaited.addedAtMs)
    return refuse('unknown-transaction', { hash })
  }

  async #submit(bytes: Uint8Array): Promise<{ hash: `0x${string}` }> {
    const result = await this.#node.submit(bytes)
    return result.ok ? { hash: result.id } : refuse(result.code, result.data)
  }

  /** What changes by the passing of time alone: a head that stands still, storage. */
  #watch(): void {
    const { clock, storage } = this.#node.options
    clock.setTimer(STATUS_CHECK_MS, () => {
      if (this.#stopped) return
      storage.usage().then(
        (usage) => {
          this.#storage = usage
        },
        // A store that is gone: the status says so in other words.
        () => undefined,
      )
      this.#hub.changed('status', () => this.#status())
      this.#watch()
    })
  }
}
