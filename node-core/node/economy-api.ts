/** Fees, supply, concentration and attack detection as NodeApi shows them. */
import type { AttackType, Finding, ThreatLevel } from '../economy/detectors/finding.ts'
import type { AddressString, AmountString } from './node-api.ts'

export type FeeSpeed = 'slow' | 'standard' | 'fast'

export interface FeesView {
  /** Of the next block. */
  readonly baseFeePerGas: AmountString
  /** Tips per gas: the 10th, 50th and 90th percentile of those paid in the last 20 blocks. */
  readonly slow: AmountString
  readonly standard: AmountString
  readonly fast: AmountString
  /**
   * Blocks until inclusion, by what waited in the pool when the newest block came; one that is under way does not count. null:
   * not known to an observer.
   */
  readonly waits: Readonly<Record<FeeSpeed, number>> | null
  /** Base fees of the next 5 blocks if they are as full as the pool and the last blocks say. */
  readonly forecast: readonly {
    readonly height: number
    readonly low: AmountString
    readonly expected: AmountString
    readonly high: AmountString
  }[]
  /** How often what this node foretold came true, millionths; null: nothing was foretold long enough ago. */
  readonly hitRate: {
    /** Base fees between `low` and `high`. */
    readonly forecast: number | null
    readonly forecasts: number
    /** Transactions sent through this node that were included within their wait. */
    readonly waits: number | null
    readonly sent: number
  }
  /** What waits, by the least tip per gas of each step, highest first, at most 20 steps. */
  readonly poolByTip: readonly {
    readonly tip: AmountString
    readonly transactions: number
    readonly gas: number
  }[]
  /** Oldest first. */
  readonly recent: readonly {
    readonly height: number
    readonly baseFeePerGas: AmountString
    readonly gasUsed: number
    readonly gasLimit: number
  }[]
}

/** Gas by operation over the last blocks that this node has. */
export interface GasReportView {
  readonly fromHeight: number
  readonly toHeight: number
  readonly operations: readonly {
    readonly type: string
    readonly count: number
    readonly failed: number
    readonly gas: number
    readonly fees: AmountString
  }[]
  /** What runs of one sender's transactions in a block would have saved as batches. */
  readonly batching: {
    readonly transactions: number
    readonly gasSaved: number
    readonly feesSaved: AmountString
  }
}

/** Points of what changes slowly, one an epoch, oldest first, at most 200; as far as this node has lived through them. */
export interface EconomyHistoryView {
  readonly epochs: readonly {
    readonly epoch: number
    readonly height: number
    readonly atMs: number
    readonly supply: AmountString
    readonly bonded: AmountString
    readonly minted: AmountString
    readonly burned: AmountString
    /** Rewards paid at its end: those of the epoch before. */
    readonly rewards: AmountString
    readonly baseFeePerGas: AmountString
    readonly nakamoto: number
    /** Millionths. */
    readonly gini: number
  }[]
}

export interface ConcentrationView {
  /** Members of the set that together hold more than a third of the power, fewest. */
  readonly nakamoto: number
  /** The same with entities in the place of members. */
  readonly nakamotoOfEntities: number
  /** Of the powers, millionths: 0 all equal. */
  readonly gini: number
  /** Millionths of the power. */
  readonly largestShare: number
  /** Validators that one account funded within a day, or that are behind one network address: shown as one. */
  readonly entities: readonly {
    readonly validators: readonly AddressString[]
    readonly share: number
    readonly because: 'funder' | 'network-address' | 'alone'
  }[]
}

export type { AttackType, ThreatLevel }

/** What a detector says now; at most 20 heights. */
export interface DetectorView extends Omit<Finding, 'suspects'> {
  readonly suspects: readonly AddressString[]
}

/** How evenly power and rewards are shared, and how steady the price of gas is. */
export interface DistributionView {
  /** As many equal entities would be as diverse, millionths of one: 1 / Σ share². */
  readonly effectiveEntities: number
  /** What the end of that epoch set aside, among all members of its set; null: none has ended, or none has earned anything. */
  readonly rewards: {
    readonly epoch: number
    readonly gini: number
    /** Millionths of it. */
    readonly largestShare: number
  } | null
  readonly baseFeeBlocks: number
  /** Mean distance of the base fee of so many blocks from its mean, millionths of the mean; null: no block. */
  readonly baseFeeSpread: number | null
}

export interface AttacksView {
  readonly height: number
  readonly detectors: readonly DetectorView[]
  readonly concentration: ConcentrationView
  readonly distribution: DistributionView
}

/** Something that somebody should look at, kept with its time. */
export interface AlertView {
  readonly id: string
  readonly atMs: number
  /** An attack, evidence against a validator, a slash, or what concerns this node. */
  readonly kind: AttackType | 'evidence' | 'slash' | 'jailed' | 'stalled' | 'partitioned' | 'storage'
  readonly level: ThreatLevel
  /** Words are made by the faces from kind and data. */
  readonly data: Readonly<Record<string, string>>
  /** false: it is over. */
  readonly active: boolean
}
