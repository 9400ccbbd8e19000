/**
 * NodeApi: the one interface of a node. The page (over a MessagePort), JSON-RPC and the command line are faces of it.
 * Everything here is JSON: amounts are decimal strings of base units, hashes 0x-hex, addresses ait1…, times ms since the
 * Unix epoch. Method names are those of JSON-RPC, word for word.
 */

import type {
  ConsensusView,
  RoundFailure,
  RoundLogEntry,
  RoundMessageView,
  RoundsView,
  RoundView,
  VoteView,
} from './consensus-api.ts'
import type {
  AlertView,
  AttacksView,
  ConcentrationView,
  EconomyHistoryView,
  FeesView,
  GasReportView,
} from './economy-api.ts'
import type { EvidenceView } from './evidence-api.ts'
import type { PartitionView, PeerView, TopologyView } from './mesh-api.ts'
import type { MultisigView } from './multisig-api.ts'
import type { Silence } from './silence.ts'
import type { SlashView, StakePositionsView, StakeRewardsView } from './stake-api.ts'
import type { NodeMode, NodeStatus, Stall, ValidatorState } from './status-api.ts'
import type { SyncView } from './sync-api.ts'

export type AmountString = string
export type HashString = string
export type AddressString = string
export type {
  AlertView,
  AttacksView,
  AttackType,
  ConcentrationView,
  DetectorView,
  DistributionView,
  EconomyHistoryView,
  FeeSpeed,
  FeesView,
  GasReportView,
  ThreatLevel,
} from './economy-api.ts'
export type { PartitionView, PeerView, TopologyView } from './mesh-api.ts'
export type {
  MultisigProposalView,
  MultisigView,
} from './multisig-api.ts'
export type {
  PositionState,
  SlashView,
  StakePositionsView,
  StakePositionView,
  StakeRewardsView,
} from './stake-api.ts'
export { VALIDATOR_STATES } from './status-api.ts'
export type {
  ConsensusView,
  EvidenceView,
  NodeMode,
  NodeStatus,
  RoundFailure,
  RoundLogEntry,
  RoundMessageView,
  RoundsView,
  RoundView,
  Silence,
  Stall,
  SyncView,
  ValidatorState,
  VoteView,
}

export interface HeaderView {
  readonly height: number
  readonly blockId: HashString
  readonly parentId: HashString
  readonly timestampMs: number
  readonly proposer: AddressString
  readonly proposerName: string
  readonly validatorsHash: HashString
  readonly nextValidatorsHash: HashString
  readonly transactionsRoot: HashString
  readonly receiptsRoot: HashString
  readonly stateRoot: HashString
  readonly gasUsed: number
  readonly gasLimit: number
  readonly baseFeePerGas: AmountString
  readonly randomness: HashString
}

export interface BlockSummary extends HeaderView {
  readonly round: number
  readonly epoch: number
  /** null: not known to an observer, which has no bodies. */
  readonly transactionCount: number | null
  /** As this node saw it: proposal accepted (or height started) to decided; null for blocks it did not live through. */
  readonly decisionMs: number | null
  /** This node's own COMMIT is in the certificate; null when it was not a validator of that height. */
  readonly ownCommit: boolean | null
  readonly signedPower: number
}

export interface BlockView extends BlockSummary {
  readonly transactionCount: number
  readonly transactions: readonly TransactionView[]
}

/** Payloads as JSON: addresses ait1…, amounts decimal strings, keys 0x-hex. */
export interface PayloadView {
  readonly type: string
  readonly [field: string]: unknown
}

export interface TransactionView {
  readonly hash: HashString
  readonly sender: AddressString
  readonly nonce: number
  readonly gasLimit: number
  readonly maxFeePerGas: AmountString
  readonly maxPriorityFeePerGas: AmountString
  readonly validUntilHeight: number
  readonly payload: PayloadView
  readonly status: 'pending' | 'succeeded' | 'failed' | 'dropped'
  readonly height: number | null
  readonly index: number | null
  readonly timestampMs: number | null
  /** null while pending. */
  readonly receipt: ReceiptView | null
  readonly bytes: number
  /** When asked for, of one that is in a block. */
  readonly inclusion?: InclusionView
}

/** Shows that a transaction and its receipt stand under the roots of their block's header. */
export interface InclusionView {
  /** Canonical bytes, 0x-hex. */
  readonly transaction: string
  readonly receipt: string
  /** From 0. */
  readonly index: number
  /** Transactions in the block. */
  readonly count: number
  /** From the leaf's level up. */
  readonly transactionSiblings: readonly HashString[]
  readonly receiptSiblings: readonly HashString[]
}

export interface ReceiptView {
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>
  readonly gasUsed: number
  readonly feePaid: AmountString
}

export interface AccountView {
  readonly address: AddressString
  readonly balance: AmountString
  readonly nonce: number
  readonly stake: AmountString
  /**
   * Soonest first; `releasedAtMs` is null while the last epoch with its power has not ended. null: not known to an observer,
   * which has proofs of the account and of the validator alone.
   */
  readonly unbonding:
    | readonly {
        readonly position: number
        readonly amount: AmountString
        readonly releasedAtMs: number | null
      }[]
    | null
  /** Of an account of several; null: of one. */
  readonly multisig: { readonly threshold: number; readonly members: readonly AddressString[] } | null
  readonly isValidator: boolean
  readonly height: number
  /** Newest first, as far as this node keeps blocks; null: it keeps none. */
  readonly history: readonly TransactionView[] | null
}

export interface ProofView {
  readonly height: number
  readonly blockId: HashString
  readonly stateRoot: HashString
  readonly key: HashString
  /** null: proves absence. */
  readonly value: string | null
  readonly leaf: { readonly key: HashString; readonly valueHash: HashString } | null
  /** From the leaf's level up. */
  readonly siblings: readonly HashString[]
}

export interface CertificateView {
  readonly height: number
  readonly round: number
  readonly blockId: HashString
  readonly validatorsHash: HashString
  readonly scheme: number
  readonly signers: readonly {
    readonly address: AddressString
    readonly name: string
    readonly power: number
    readonly signature: string
  }[]
  readonly missing: readonly {
    readonly address: AddressString
    readonly name: string
    readonly power: number
  }[]
  /** Millionths of the set's power. */
  readonly signedPower: number
  /** When asked for: what a light client verifies, canonical bytes as 0x-hex. The set holds every member's keys and power. */
  readonly canonical?: {
    readonly header: string
    readonly certificate: string
    readonly validators: string
  }
}

export interface ValidatorView {
  readonly address: AddressString
  readonly name: string
  readonly validatorKey: string
  readonly state: ValidatorState
  /** null: not in jail. */
  readonly jail: { readonly reason: string; readonly releasesAtMs: number } | null
  /** Removed for good. */
  readonly tombstoned: boolean
  /** By the members' votes, where admission is by authority. */
  readonly admitted: boolean
  /** All that backs it. */
  readonly stake: AmountString
  /** Of that, its own. */
  readonly selfStake: AmountString
  readonly delegators: number
  readonly commission: number
  /** What is announced, and from which epoch on; null: nothing. */
  readonly announced: {
    readonly name: string
    readonly commission: number
    readonly fromEpoch: number
  } | null
  /** Signed of expected in the last 50 heights as this node saw them, millionths; null: expected in none. */
  readonly uptime: number | null
  /** Millionths a year on delegated stake by its last rewards, after commission; null: none yet. */
  readonly annualRate: number | null
  readonly offences: { readonly unavailable: number; readonly slow: number }
  /** Newest first, as far as this node has the blocks. */
  readonly slashes: readonly SlashView[]
  /** Millionths of the current set's power; 0 outside of it. */
  readonly power: number
  readonly performance: number
  /** Last 50 heights as this node saw them, oldest first. */
  readonly heartbeat: readonly Heartbeat[]
  readonly registeredAtHeight: number
  /** Block time of its last change of keys; null: never. */
  readonly rotatedAtMs: number | null
  /** First height with power, when known; null otherwise. */
  readonly activeFromHeight: number | null
}

export interface Heartbeat {
  readonly height: number
  readonly mark: 'signed' | 'proposed' | 'late' | 'missed' | 'not-member'
}

export interface ValidatorListView {
  readonly epoch: number
  readonly firstHeight: number
  readonly lastHeight: number
  readonly validators: readonly ValidatorView[]
  readonly next: readonly {
    readonly address: AddressString
    readonly name: string
    readonly power: number
    readonly change: 'stays' | 'enters' | 'leaves'
  }[]
  /** Members that together hold more than a third of the power, fewest first-to-fall. */
  readonly nakamoto: number
}

export interface PoolView {
  readonly count: number
  readonly bytes: number
  readonly oldestMs: number | null
  readonly transactions: readonly TransactionView[]
}

export interface FeeEstimate {
  readonly gas: number
  readonly baseFeePerGas: AmountString
  readonly slow: AmountString
  readonly standard: AmountString
  readonly fast: AmountString
  /** gas × (base fee + standard tip). */
  readonly fee: AmountString
  readonly nonce: number
  readonly validUntilHeight: number
}

export interface StatsView {
  readonly windowMs: number
  readonly finalityP50Ms: number | null
  readonly finalityP95Ms: number | null
  readonly blockIntervalMs: number | null
  readonly transactionsPerSecond: number
  readonly transactions: number
  readonly blocks: number
  readonly supply: {
    readonly total: AmountString
    readonly genesis: AmountString
    readonly minted: AmountString
    readonly faucet: AmountString
    readonly burned: AmountString
    readonly bonded: AmountString
    readonly unbonding: AmountString
    readonly rewardPool: AmountString
    /** Earned and not claimed. */
    readonly rewards: AmountString
  }
  readonly concentration: ConcentrationView
}

/**
 * Method → parameters and result. Every method may reject with an ApiError; an observer refuses with `not-in-this-mode` what
 * takes blocks, a state or votes.
 */
export interface NodeMethods {
  node_status: { params: Record<string, never>; result: NodeStatus }
  node_config: { params: Record<string, never>; result: Readonly<Record<string, unknown>> }
  node_logs: {
    params: { limit?: number; level?: string; area?: string }
    result: readonly { atMs: number; level: string; area: string; message: string }[]
  }
  chain_head: { params: Record<string, never>; result: BlockSummary }
  /** By height or by block id. */
  chain_block: { params: { height?: number; blockId?: HashString }; result: BlockView }
  /** Newest first. `before`: heights below this one. */
  chain_blocks: { params: { limit?: number; before?: number }; result: readonly BlockSummary[] }
  /** `inclusion`: with the proof that it is in its block. */
  chain_transaction: { params: { hash: HashString; inclusion?: boolean }; result: TransactionView }
  chain_account: { params: { address: AddressString; historyLimit?: number }; result: AccountView }
  /** Of the address' account, or of its validator record. */
  chain_proof: { params: { address: AddressString; record?: 'account' | 'validator' }; result: ProofView }
  /** `canonical`: with the bytes that a light client verifies. */
  chain_certificate: { params: { height: number; canonical?: boolean }; result: CertificateView }
  chain_parameters: { params: Record<string, never>; result: Readonly<Record<string, unknown>> }
  /** `transaction`: canonical signed bytes, 0x-hex. */
  tx_submit: { params: { transaction: string }; result: { hash: HashString } }
  tx_estimate: { params: { sender: AddressString; payload: PayloadView }; result: FeeEstimate }
  tx_pool: { params: { limit?: number }; result: PoolView }
  consensus_state: { params: Record<string, never>; result: ConsensusView }
  /** `round` and `messages` (its raw messages too) need `height`. */
  consensus_rounds: {
    params: { height?: number; round?: number; messages?: boolean; limit?: number }
    result: RoundsView
  }
  validator_list: { params: Record<string, never>; result: ValidatorListView }
  validator_get: { params: { address: AddressString }; result: ValidatorView }
  network_peers: { params: Record<string, never>; result: readonly PeerView[] }
  network_topology: { params: Record<string, never>; result: TopologyView }
  network_health: {
    params: Record<string, never>
    result: {
      readonly healthy: number
      readonly down: number
      readonly medianRoundTripMs: number | null
      readonly rejected: Readonly<Record<string, number>>
    }
  }
  network_partition: { params: Record<string, never>; result: PartitionView }
  /** What an address has at validators and on its way back. */
  stake_positions: { params: { address: AddressString }; result: StakePositionsView }
  stake_rewards: { params: { address: AddressString }; result: StakeRewardsView }
  economy_fees: { params: Record<string, never>; result: FeesView }
  /** `blocks`: the newest, at most 1,000, which is also what is meant without it. */
  economy_gas: { params: { blocks?: number }; result: GasReportView }
  economy_stats: { params: { windowMs?: number }; result: StatsView }
  economy_history: { params: { limit?: number }; result: EconomyHistoryView }
  economy_attacks: { params: Record<string, never>; result: AttacksView }
  /** Newest first. */
  alert_list: {
    params: Record<string, never>
    result: { readonly evidence: readonly EvidenceView[]; readonly alerts: readonly AlertView[] }
  }
  /** Accounts of several that the address is a member of. */
  multisig_list: { params: { member: AddressString }; result: readonly MultisigView[] }
  multisig_get: { params: { account: AddressString }; result: MultisigView }
  /** `transaction`: a signed faucet.drip, 0x-hex; any other payload is refused. */
  faucet_drip: { params: { transaction: string }; result: { hash: HashString } }
}

export type NodeMethod = keyof NodeMethods

/** Topic → what each event carries. Events are flushed at most 10 times a second per topic. */
export interface NodeTopics {
  heads: BlockSummary
  transactions: TransactionView
  consensus: ConsensusView
  peers: readonly PeerView[]
  alerts: { readonly evidence: EvidenceView } | { readonly alert: AlertView }
  /** Not an RPC topic of its own: status after any change that a person would notice. */
  status: NodeStatus
}

export type NodeTopic = keyof NodeTopics

/** Errors cross threads and sockets by value. */
export interface ApiError {
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface NodeApi {
  call<M extends NodeMethod>(method: M, params: NodeMethods[M]['params']): Promise<NodeMethods[M]['result']>
  subscribe<T extends NodeTopic>(topic: T, listener: (event: NodeTopics[T]) => void): () => void
}
