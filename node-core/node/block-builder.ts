/** Makes fresh blocks from the pool on the decided head. */
import { proposeBlock } from '../execution/propose-block.ts'
import type { Clock } from '../ports/clock.ts'
import type { RandomnessKey } from '../ports/crypto.ts'
import { blockId, randomnessMessage, randomnessOf } from '../protocol/hash.ts'
import type { Address, Hash, Height, Round, TimestampMs } from '../protocol/ids.ts'
import type { CompactBlock } from '../protocol/messages.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { BlockChecker } from './block-checker.ts'
import type { Chain } from './chain.ts'
import { PROPOSED_BYTES } from './constants.ts'
import type { LateCommits } from './late-commits.ts'
import type { TransactionPool } from './transaction-pool.ts'

export interface BuildOrder {
  readonly height: Height
  readonly round: Round
  readonly notBeforeMs: number
}

export interface Built {
  readonly id: Hash
  readonly block: CompactBlock
}

export class BlockBuilder {
  readonly #chain: Chain
  readonly #checker: BlockChecker
  readonly #pool: TransactionPool
  readonly #clock: Clock
  readonly #lateCommits: LateCommits
  readonly #proposer: Address | null
  readonly #keyIn: (set: ValidatorSet) => RandomnessKey | null
  #reveal: { readonly parentId: Hash; readonly made: ReturnType<RandomnessKey['prove']> } | null = null
  /** What the last block with transactions took to make. */
  #last = { transactions: 0, tookMs: 0 }

  constructor(options: {
    chain: Chain
    checker: BlockChecker
    pool: TransactionPool
    clock: Clock
    lateCommits: LateCommits
    proposer: Address | null
    /** The one that proposes under a set; null: none that is held here does. */
    keyIn: (set: ValidatorSet) => RandomnessKey | null
  }) {
    this.#chain = options.chain
    this.#checker = options.checker
    this.#pool = options.pool
    this.#clock = options.clock
    this.#lateCommits = options.lateCommits
    this.#proposer = options.proposer
    this.#keyIn = options.keyIn
  }

  /** The reveal costs milliseconds and depends on the parent alone: the next proposer makes it while it waits. */
  prepare(): void {
    const { parent, nextSet } = this.#chain
    const next = nextSet.schedule.proposerAt(this.#chain.height + 1, 0)
    const key = this.#keyIn(nextSet.set)
    if (key && next === this.#proposer) void this.#revealFor(parent.id, key)
  }

  /** null: the head moved while it was made, or this node has no key. */
  async build(order: BuildOrder): Promise<Built | null> {
    const { parent, nextSet } = this.#chain
    const key = this.#keyIn(nextSet.set)
    if (!this.#proposer || !key || order.height !== this.#chain.height + 1) return null
    const reveal = await this.#revealFor(parent.id, key)
    if (order.height !== this.#chain.height + 1) return null
    const parentCertificate = this.#lateCommits.certificate(this.#chain.head?.certificate ?? null)
    const startedMs = this.#clock.monotonicMs()
    const { header, transactions, outcome } = proposeBlock(this.#chain.state, parent, {
      proposer: this.#proposer,
      timestampMs: Math.max(order.notBeforeMs, this.#leavesAtMs()),
      randomnessReveal: reveal.proof,
      randomness: randomnessOf(reveal.output),
      candidates: this.#pool.candidates(),
      evidence: [],
      parentCertificate,
      maxBytes: PROPOSED_BYTES,
    })
    if (transactions.length > 0)
      this.#last = {
        transactions: transactions.length,
        tookMs: this.#clock.monotonicMs() - startedMs,
      }
    const block = {
      header,
      transactionIds: transactions.map((transaction) => transaction.id),
      evidence: [],
      parentCertificate,
    }
    const id = blockId(header)
    this.#checker.keep(id, block, transactions, outcome)
    return { id, block }
  }

  /** A block is timed by when it is ready: the others drop one whose time is long past when it reaches them. */
  #leavesAtMs(): TimestampMs {
    const { transactions, tookMs } = this.#last
    const share = transactions === 0 ? 0 : Math.min(1, this.#pool.count / transactions)
    const { messageDelayMs } = this.#chain.genesis.parameters
    return this.#clock.wallMs() + Math.min(messageDelayMs, Math.round(share * tookMs))
  }

  #revealFor(parentId: Hash, key: RandomnessKey): ReturnType<RandomnessKey['prove']> {
    if (this.#reveal?.parentId !== parentId) {
      const message = randomnessMessage(this.#chain.genesis.chainId, this.#chain.parent.randomness)
      this.#reveal = { parentId, made: key.prove(message) }
    }
    return this.#reveal.made
  }
}
