/**
 * Sums over the recent blocks, kept as blocks come: by minutes of block time, each of which leaves its window as a whole.
 * PERF: a block costs what is in it; how long a window is costs memory alone, which named limits bound.
 */
import type { Address, Gas, Height, TimestampMs } from '../../protocol/ids.ts'
import { standsBesideOwn } from './front-running.ts'
import type {
  BlockFacts,
  GasMinute,
  Observation,
  PresenceSum,
  ProposerSum,
  StakeOperation,
} from './observation.ts'
import { FRONT_RUNNING_WINDOW_MS, GAS_WINDOW_MS, GRINDING_WINDOW_MS, VOTES_WINDOW_MS } from './windows.ts'

/** Operations remembered: as many as full blocks of a quarter of an hour hold. The oldest give way. */
const STAKE_OPERATIONS = 10_000
/** Senders told apart in a minute. */
const GAS_SENDERS = 1_024
/** Who used less than a sixteenth of a block is none who drives its fee. */
const SMALL_USER_DIVISOR = 16
/** Heights remembered of one proposer. */
const PROPOSER_HEIGHTS = 20
const MINUTE_MS = 60_000

export type TrafficSums = Pick<Observation, 'stakeOperations' | 'presence' | 'proposers' | 'gasMinutes'>

type Changing<T> = { -readonly [K in keyof T]: T[K] }

export class TrafficWindow {
  readonly #votes = new Minutes<Map<Address, Changing<Omit<PresenceSum, 'lastMissed'>>>>(VOTES_WINDOW_MS)
  readonly #proposals = new Minutes<Map<Address, Changing<Omit<ProposerSum, 'besideOwn'>>>>(
    FRONT_RUNNING_WINDOW_MS,
  )
  readonly #gas = new Minutes<Changing<GasMinute> & { readonly bySender: Map<Address, Gas> }>(GAS_WINDOW_MS)
  readonly #presence = new Map<Address, Changing<PresenceSum>>()
  readonly #proposers = new Map<Address, Changing<ProposerSum> & { readonly besideOwn: Height[] }>()
  readonly #stakeOperations: StakeOperation[] = []

  /** Blocks in order. */
  add(block: BlockFacts): void {
    this.#addSigners(block)
    this.#addProposal(block)
    this.#addGas(block)
    this.#addStakeOperations(block)
  }

  /** Shared with the window: they change with the next block. */
  sums(): TrafficSums {
    return {
      stakeOperations: this.#stakeOperations,
      presence: this.#presence,
      proposers: this.#proposers,
      gasMinutes: this.#gas.all(),
    }
  }

  #addSigners({ height, timeMs, signers }: BlockFacts): void {
    const minute = this.#votes.at(
      timeMs,
      () => new Map(),
      (left) => {
        for (const [validator, { expected, signed }] of left) {
          const sum = this.#presence.get(validator)!
          sum.expected -= expected
          sum.signed -= signed
          if (sum.expected === 0) this.#presence.delete(validator)
        }
      },
    )
    for (const { validator, signed } of signers) {
      const one = signed ? 1 : 0
      const before = minute.get(validator) ?? { expected: 0, signed: 0 }
      minute.set(validator, { expected: before.expected + 1, signed: before.signed + one })
      const sum = this.#presence.get(validator) ?? { expected: 0, signed: 0, lastMissed: null }
      this.#presence.set(validator, sum)
      sum.expected++
      sum.signed += one
      // A block holds the certificate of its parent.
      if (!signed) sum.lastMissed = height - 1
    }
  }

  #addProposal(block: BlockFacts): void {
    const { height, timeMs, proposer } = block
    const minute = this.#proposals.at(
      timeMs,
      () => new Map(),
      (left) => {
        for (const [validator, { blocks, besideOwnBlocks }] of left) {
          const sum = this.#proposers.get(validator)!
          sum.blocks -= blocks
          sum.besideOwnBlocks -= besideOwnBlocks
          if (sum.blocks === 0) this.#proposers.delete(validator)
        }
      },
    )
    const beside = standsBesideOwn(block) ? 1 : 0
    const before = minute.get(proposer) ?? { blocks: 0, besideOwnBlocks: 0 }
    minute.set(proposer, { blocks: before.blocks + 1, besideOwnBlocks: before.besideOwnBlocks + beside })
    const sum = this.#proposers.get(proposer) ?? { blocks: 0, besideOwnBlocks: 0, besideOwn: [] }
    this.#proposers.set(proposer, sum)
    sum.blocks++
    sum.besideOwnBlocks += beside
    if (beside === 1) sum.besideOwn.push(height)
    while (sum.besideOwn.length > Math.min(PROPOSER_HEIGHTS, sum.besideOwnBlocks)) sum.besideOwn.shift()
  }

  #addGas({ height, timeMs, baseFee, gasUsed, transactions }: BlockFacts): void {
    const minute = this.#gas.at(timeMs, () => ({
      firstHeight: height,
      lastHeight: height,
      lowestBaseFee: baseFee,
      gasUsed: 0,
      bySender: new Map<Address, Gas>(),
    }))
    minute.lastHeight = height
    minute.gasUsed += gasUsed
    if (baseFee < minute.lowestBaseFee) minute.lowestBaseFee = baseFee
    const inBlock = new Map<Address, Gas>()
    for (const { sender, gas } of transactions) inBlock.set(sender, (inBlock.get(sender) ?? 0) + gas)
    for (const [sender, gas] of inBlock) {
      const before = minute.bySender.get(sender)
      if (gas * SMALL_USER_DIVISOR < gasUsed) continue
      if (before === undefined && minute.bySender.size >= GAS_SENDERS) continue
      minute.bySender.set(sender, (before ?? 0) + gas)
    }
  }

  #addStakeOperations({ height, timeMs, transactions }: BlockFacts): void {
    for (const { sender: account, stake, done } of transactions)
      for (const moves of stake) this.#stakeOperations.push({ height, timeMs, account, moves, done })
    const isOver = (each: StakeOperation) => each.timeMs <= timeMs - GRINDING_WINDOW_MS
    const firstKept = this.#stakeOperations.findIndex((each) => !isOver(each))
    const over = firstKept < 0 ? this.#stakeOperations.length : firstKept
    const surplus = Math.max(over, this.#stakeOperations.length - STAKE_OPERATIONS)
    if (surplus > 0) this.#stakeOperations.splice(0, surplus)
  }
}

/** Facts by minute, oldest first; a minute is gone when all of it is outside the window. */
class Minutes<T> {
  readonly #windowMs: number
  readonly #minutes: { readonly startMs: TimestampMs; readonly facts: T }[] = []

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Times never go back. `left` hears of what leaves the window. */
  at(timeMs: TimestampMs, create: () => T, left: (facts: T) => void = () => undefined): T {
    const startMs = timeMs - (timeMs % MINUTE_MS)
    const last = this.#minutes.at(-1)
    if (last?.startMs === startMs) return last.facts
    const isOver = (first = this.#minutes[0]) =>
      first !== undefined && first.startMs + MINUTE_MS <= timeMs - this.#windowMs
    while (isOver()) left(this.#minutes.shift()!.facts)
    const facts = create()
    this.#minutes.push({ startMs, facts })
    return facts
  }

  all(): T[] {
    return this.#minutes.map(({ facts }) => facts)
  }
}
