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
  TransactionFacts,
} from './observation.ts'
import { FRONT_RUNNING_WINDOW_MS, GAS_WINDOW_MS, GRINDING_WINDOW_MS, VOTES_WINDOW_MS } from './windows.ts'

/** Operations remembered: as many as full blocks of a quarter of an hour hold. The oldest give way. */
const STAKE_OPERATIONS = 10_000
/** Parties told apart in a minute. */
const GAS_PARTIES = 1_024
/** Accounts of one funder that use less than so many times what others' accounts do are customers of an exchange. */
const ONE_PARTY = 2
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
  readonly #gas = new Minutes<Changing<GasMinute> & { readonly byParty: Map<Address, Gas> }>(GAS_WINDOW_MS)
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
      byParty: new Map<Address, Gas>(),
    }))
    minute.lastHeight = height
    minute.gasUsed += gasUsed
    if (baseFee < minute.lowestBaseFee) minute.lowestBaseFee = baseFee
    for (const [party, gas] of gasByParty(transactions, minute.byParty)) {
      const before = minute.byParty.get(party)
      if (gas * SMALL_USER_DIVISOR < gasUsed) continue
      if (before === undefined && minute.byParty.size >= GAS_PARTIES) continue
      minute.byParty.set(party, (before ?? 0) + gas)
    }
  }

  #addStakeOperations({ height, timeMs, transactions }: BlockFacts): void {
    for (const { sender: account, party, stake, done } of transactions)
      for (const moves of stake) this.#stakeOperations.push({ height, timeMs, account, party, moves, done })
    const isOver = (each: StakeOperation) => each.timeMs <= timeMs - GRINDING_WINDOW_MS
    const firstKept = this.#stakeOperations.findIndex((each) => !isOver(each))
    const over = firstKept < 0 ? this.#stakeOperations.length : firstKept
    const surplus = Math.max(over, this.#stakeOperations.length - STAKE_OPERATIONS)
    if (surplus > 0) this.#stakeOperations.splice(0, surplus)
  }
}

/** Of one block. Who is known as a party, by accounts that it funded, is of its own party too, whoever funded it. */
function gasByParty(
  transactions: readonly TransactionFacts[],
  known: ReadonlyMap<Address, Gas>,
): ReadonlyMap<Address, Gas> {
  const funders = new Set(
    transactions.filter(({ sender, party }) => sender !== party).map((each) => each.party),
  )
  const parties = new Map<Address, Map<Address, Gas>>()
  for (const { sender, party, gas } of transactions) {
    const own = funders.has(sender) || known.has(sender) ? sender : party
    const senders = parties.get(own) ?? new Map<Address, Gas>()
    parties.set(own, senders)
    senders.set(sender, (senders.get(sender) ?? 0) + gas)
  }
  const all = {
    gas: sumOf(parties.values()),
    accounts: [...parties.values()].reduce((sum, { size }) => sum + size, 0),
  }
  const used = new Map<Address, Gas>()
  const add = (who: Address, gas: Gas) => used.set(who, (used.get(who) ?? 0) + gas)
  for (const [party, senders] of parties) {
    const gas = sumOf([senders])
    const [otherGas, others] = [all.gas - gas, all.accounts - senders.size]
    const isCrowd = senders.size > 1 && gas * others < ONE_PARTY * otherGas * senders.size
    if (isCrowd) for (const [sender, own] of senders) add(sender, own)
    else add(party, gas)
  }
  return used
}

function sumOf(parties: Iterable<ReadonlyMap<Address, Gas>>): Gas {
  let sum = 0
  for (const senders of parties) for (const gas of senders.values()) sum += gas
  return sum
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
