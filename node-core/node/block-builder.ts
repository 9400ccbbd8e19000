/** Makes fresh blocks from the pool on the decided head. */
import { proposeBlock } from '../execution/propose-block.ts'
import type { Clock } from '../ports/clock.ts'
import type { RandomnessKey } from '../ports/crypto.ts'
import { blockId, randomnessMessage, randomnessOf } from '../protocol/hash.ts'
import type { Address, Hash, Height, Round } from '../protocol/ids.ts'
import type { CompactBlock } from '../protocol/messages.ts'
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
  readonly #pool: TransactionPool
  readonly #clock: Clock
  readonly #lateCommits: LateCommits
  readonly #proposer: Address | null
  readonly #key: RandomnessKey | null
  #reveal: { readonly parentId: Hash; readonly made: ReturnType<RandomnessKey['prove']> } | null = null

  constructor(options: {
    chain: Chain
    pool: TransactionPool
    clock: Clock
    lateCommits: LateCommits
    proposer: Address | null
    key: RandomnessKey | null
  }) {
    this.#chain = options.chain
    this.#pool = options.pool
    this.#clock = options.clock
    this.#lateCommits = options.lateCommits
    this.#proposer = options.proposer
    this.#key = options.key
  }

  /** The reveal costs milliseconds and depends on the parent alone: the next proposer makes it while it waits. */
  prepare(): void {
    const { parent, nextSet } = this.#chain
    const next = nextSet.schedule.proposerAt(this.#chain.height + 1, 0)
    if (next === this.#proposer) void this.#revealFor(parent.id)
  }

  /** null: the head moved while it was made, or this node has no key. */
  async build(order: BuildOrder): Promise<Built | null> {
    if (!this.#proposer || !this.#key || order.height !== this.#chain.height + 1) return null
    const { parent } = this.#chain
    const reveal = await this.#revealFor(parent.id)
    if (order.height !== this.#chain.height + 1) return null
    const parentCertificate = this.#lateCommits.certificate()
    const { header, transactions } = proposeBlock(this.#chain.state, parent, {
      proposer: this.#proposer,
      timestampMs: Math.max(order.notBeforeMs, this.#clock.wallMs()),
      randomnessReveal: reveal.proof,
      randomness: randomnessOf(reveal.output),
      candidates: this.#pool.candidates(),
      evidence: [],
      parentCertificate,
      maxBytes: PROPOSED_BYTES,
    })
    const block = {
      header,
      transactionIds: transactions.map((transaction) => transaction.id),
      evidence: [],
      parentCertificate,
    }
    return { id: blockId(header), block }
  }

  #revealFor(parentId: Hash): ReturnType<RandomnessKey['prove']> {
    if (this.#reveal?.parentId !== parentId) {
      const message = randomnessMessage(this.#chain.genesis.chainId, this.#chain.parent.randomness)
      this.#reveal = { parentId, made: this.#key!.prove(message) }
    }
    return this.#reveal.made
  }
}
