/**
 * The newest blocks as those who pay see them, what this node foretells from them, and how often it was right. What it says
 * of a wait is checked on the transactions that were submitted here.
 */
import {
  expectedWaits,
  type FeeRange,
  foretellBaseFees,
  type Speed,
  type TipStep,
  type Tips,
  tipsOf,
} from '../economy/fee-forecast.ts'
import { effectiveTip } from '../economy/fees.ts'
import { gasOf } from '../economy/gas.ts'
import type { Header } from '../protocol/block.ts'
import type { Amount, Gas, Hash, Height } from '../protocol/ids.ts'
import type { Transaction, VerifiedTransaction } from '../protocol/transaction.ts'
import type { Chain, Decided } from './chain.ts'
import { CHECKED_FORECASTS, FEE_BLOCKS, WATCHED_TRANSACTIONS } from './constants.ts'
import { HitCount } from './hit-count.ts'
import { nextBaseFeeOf } from './pool-chain.ts'
import type { StoredBlock } from './repositories.ts'
import type { TransactionPool } from './transaction-pool.ts'

/** What waits with one tip per gas. */
export interface PoolStep extends TipStep {
  readonly transactions: number
}

interface RecentBlock {
  readonly header: Header
  readonly tips: readonly Amount[]
}

interface Watched {
  readonly transaction: Transaction
  /** The last height that was foretold. */
  readonly until: Height
}

type Answers = { tips?: Tips; steps?: readonly PoolStep[]; forecast?: readonly FeeRange[] }

export class FeeWatch {
  readonly #chain: Chain
  readonly #pool: TransactionPool
  readonly #recent: RecentBlock[] = []
  /** What was said of a height, by each head before it but the last, which knows it. */
  readonly #foretold = new Map<Height, FeeRange[]>()
  readonly #watched = new Map<Hash, Watched>()
  readonly forecasts = new HitCount(CHECKED_FORECASTS)
  readonly waits = new HitCount(CHECKED_FORECASTS)
  /** Of the head at `height`; waits are told as they were when it came. */
  #answers: Answers & { readonly height: Height } = { height: 0 }

  constructor(chain: Chain, pool: TransactionPool) {
    this.#chain = chain
    this.#pool = pool
  }

  /** Blocks in order: those of before, and each that joins. */
  add({ block }: Pick<StoredBlock, 'block'>): void {
    const { header, body } = block
    const tips = body.transactions.map((each) => effectiveTip(each, header.baseFeePerGas))
    this.#recent.push({ header, tips })
    if (this.#recent.length > FEE_BLOCKS) this.#recent.shift()
  }

  /** Looks at what was foretold of it, and says what comes next. */
  decided(decided: Decided, included: ReadonlySet<Hash>): void {
    const { height } = decided
    this.add(decided)
    const { baseFeePerGas } = decided.block.header
    for (const { low, high } of this.#foretold.get(height) ?? [])
      this.forecasts.add(low <= baseFeePerGas && baseFeePerGas <= high)
    for (const before of this.#foretold.keys()) if (before <= height) this.#foretold.delete(before)
    for (const [id, { transaction, until }] of this.#watched) {
      const isIn = included.has(id)
      const isReplaced =
        !isIn && !this.#pool.has(id) && this.#pool.nextNonce(transaction.sender) > transaction.nonce
      if (!isIn && !isReplaced && height < until) continue
      this.#watched.delete(id)
      // Its sender thought better of it: nothing was foretold of what it sent instead.
      if (!isReplaced) this.waits.add(isIn)
    }
    // While a node catches up its pool says nothing of the block that comes next.
    if (decided.observation.decisionMs !== null) this.#foretell(height)
  }

  /** One that was submitted here, and waits for no other that has not come. */
  sent({ id, transaction }: VerifiedTransaction): void {
    const { sender, nonce } = transaction
    if (this.#watched.size >= WATCHED_TRANSACTIONS || this.#pool.nextNonce(sender) <= nonce) return
    const tip = effectiveTip(transaction, nextBaseFeeOf(this.#chain))
    const { tips } = this
    const speed = (['fast', 'standard', 'slow'] as const).find((each) => tip >= tips[each])
    if (!speed) return
    // The block of the next height may be under way already, without it.
    const until = this.#chain.height + 1 + this.expectedWaits()[speed]
    this.#watched.set(id, { transaction, until })
  }

  /** Oldest first. */
  get headers(): readonly Header[] {
    return this.#recent.map(({ header }) => header)
  }

  get tips(): Tips {
    const answers = this.#current()
    answers.tips ??= tipsOf(this.#recent.flatMap(({ tips }) => tips))
    return answers.tips
  }

  /** Of the blocks after the head, the nearest first. */
  get forecast(): readonly FeeRange[] {
    const answers = this.#current()
    const { parent, parameters } = this.#chain
    const waitingGas = this.steps.reduce((sum, step) => sum + step.gas, 0)
    answers.forecast ??= foretellBaseFees(
      { parent, recentGas: this.#recentGas(), waitingGas },
      parameters.genesisBaseFeePerGas,
    )
    return answers.forecast
  }

  /** What waited when the head came, the highest tip first, at the base fee of the next block; what does not reach it is left out. */
  get steps(): readonly PoolStep[] {
    const answers = this.#current()
    answers.steps ??= poolSteps(this.#pool, nextBaseFeeOf(this.#chain), (each) =>
      gasOf(each.transaction.payload, this.#chain.parameters),
    )
    return answers.steps
  }

  /** Blocks, from the head on. */
  expectedWaits(): Readonly<Record<Speed, number>> {
    const recentGas = this.#recentGas()
    return expectedWaits(this.tips, this.steps, { recentGas, gasLimit: this.#chain.parameters.blockGasLimit })
  }

  /** Between two of the newest blocks, ms; as the rules have it while there are none. */
  get intervalMs(): number {
    const { headers } = this
    const [first, last] = [headers[0], headers.at(-1)]
    if (!first || !last || first === last) return this.#chain.parameters.blockTimeMs
    return (last.timestampMs - first.timestampMs) / (last.height - first.height)
  }

  #foretell(height: Height): void {
    for (const [ahead, range] of this.forecast.entries()) {
      // The next one follows from the head.
      if (ahead === 0) continue
      const of = height + 1 + ahead
      this.#foretold.set(of, [...(this.#foretold.get(of) ?? []), range])
    }
  }

  #recentGas(): Gas[] {
    return this.#recent.map(({ header }) => header.gasUsed)
  }

  /** PERF: a full pool is looked at once a block, not with every transaction and every question. */
  #current(): Answers {
    const { height } = this.#chain
    if (this.#answers.height !== height) this.#answers = { height }
    return this.#answers
  }
}

function poolSteps(
  pool: TransactionPool,
  baseFeePerGas: Amount,
  gas: (transaction: VerifiedTransaction) => Gas,
): PoolStep[] {
  const steps = new Map<Amount, { gas: Gas; transactions: number }>()
  for (const { verified } of pool.entries()) {
    const tip = effectiveTip(verified.transaction, baseFeePerGas)
    if (tip < 0n) continue
    const step = steps.get(tip) ?? { gas: 0, transactions: 0 }
    steps.set(tip, { gas: step.gas + gas(verified), transactions: step.transactions + 1 })
  }
  return [...steps].map(([tip, step]) => ({ tip, ...step })).sort((a, b) => (a.tip < b.tip ? 1 : -1))
}
