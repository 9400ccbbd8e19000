/** A chain under random traffic, checked after every block. The same seed gives the same run. */

import { worthOf } from '../economy/stake-pool.ts'
import { earnedBy, poolOf } from '../economy/stakes.ts'
import { assert } from '../lib/assert.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address } from '../protocol/ids.ts'
import type { Payload, VerifiedTransaction } from '../protocol/transaction.ts'
import { Random } from '../sim/random.ts'
import { assertRecounted } from '../state/invariants.ts'
import { partiesOf, type StateKey } from '../state/keys.ts'
import type { Delegation, ValidatorRecord } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import { allValidators } from '../state/validator-sets.ts'
import { byWeight, FAMILIES, FUNDED, PEOPLE } from './random-traffic.test-kit.ts'
import { before, StakeModel } from './stake-model.test-kit.ts'
import { addressNumber, TestChain, transactionBy } from './test-chain.ts'

/** Small limits, so that a short run meets them all. */
const LIMITS: Partial<ChainParameters> = {
  unbondingMs: 60_000,
  faucetIntervalBlocks: 2,
  maximumDelegators: 5,
  stakeOperationsPerWindow: 6,
  stakeWindowMs: 20_000,
  annualReward: 1_000_000,
}
const MOST_TRANSACTIONS = 8
/** One in so many blocks: a long silence, after which a year's rewards and every unbonding are due. */
const SILENCE = 50
const LONGEST_SILENCE_MS = 30 * 24 * 3_600_000
const ABSENCE = 0.04

export class RandomRun {
  readonly chain = new TestChain({ funded: FUNDED, parameters: LIMITS })
  /** Receipts so far by payload and code, as `stake.delegate ok`. */
  readonly outcomes = new Map<string, number>()
  readonly #random: Random
  readonly #model: StakeModel
  readonly #nonces = new Map<Address, number>()

  constructor(seed: number) {
    this.#random = new Random(seed)
    this.#model = new StakeModel(this.chain.state)
  }

  /** One more block; throws where anything is not as it should be. */
  step(): void {
    const { chain } = this
    const random = this.#random
    const was = before(chain.state)
    const { transactions, outcome } = chain.decide(this.#candidates(), {
      timestampMs:
        chain.parent.timestampMs + random.below(random.below(SILENCE) === 0 ? LONGEST_SILENCE_MS : 8_000),
      proposer: random.pick(chain.set.members).address,
      absent: PEOPLE.filter(() => random.chance(ABSENCE)).map(addressNumber),
    })
    const { receipts } = outcome
    for (const [i, { transaction }] of transactions.entries()) {
      this.#nonces.set(transaction.sender, transaction.nonce + 1)
      const name = `${transaction.payload.type} ${receipts[i]!.code}`
      this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1)
    }
    const isLastOfEpoch = chain.height % chain.state.parameters.epochBlocks === 0
    this.#model.follow(chain.state, { transactions, receipts }, { isLastOfEpoch, was })
    for (const n of PEOPLE)
      assert(chain.nonceOf(n) === (this.#nonces.get(addressNumber(n)) ?? 0), 'a nonce counts transactions')
    assertRecounted(chain.state)
    assertPoolsCover(chain.state)
  }

  #candidates(): VerifiedTransaction[] {
    const { chain } = this
    const random = this.#random
    const offered = new Map<number, number>()
    return Array.from({ length: random.below(MOST_TRANSACTIONS + 1) }).flatMap(() => {
      const n = random.pick(PEOPLE)
      const payload: Payload | null = byWeight(random, Object.values(FAMILIES)).make({ chain, random }, n)
      if (!payload) return []
      const nth = offered.get(n) ?? 0
      offered.set(n, nth + 1)
      const nonce = chain.nonceOf(n) + nth + (random.chance(0.05) ? 1 : 0)
      return [transactionBy(n, payload, { nonce, tip: BigInt(random.below(500)), maxFeePerGas: 5_000n })]
    })
  }
}

/** What all delegators could take out now is there, and every share is somebody's. */
function assertPoolsCover(view: StateView): void {
  const delegations = (view.keysOf('delegation') as StateKey<Delegation>[]).map((key) => ({
    ...partiesOf(key),
    delegation: view.get(key)!,
  }))
  for (const record of allValidators(view)) {
    const here = delegations.filter(({ validator }) => validator === record.address)
    assert(here.length === record.delegators, 'a validator counts its delegators')
    for (const compounding of [false, true]) {
      const mine = here.map(({ delegation }) => delegation).filter((each) => each.compounding === compounding)
      const pool = poolOf(record, { compounding })
      assert(
        pool.stake >= 0n && pool.shares === sum(mine, ({ shares }) => shares),
        'shares are of delegators',
      )
      assert(sum(mine, ({ shares }) => worthOf(pool, shares)) <= pool.stake, 'a pool covers its shares')
    }
    assert(
      owed(
        record,
        here.map(({ delegation }) => delegation),
      ) <= record.heldRewards,
      'rewards are held',
    )
  }
}

function owed(record: ValidatorRecord, delegations: readonly Delegation[]): bigint {
  return sum(delegations, (delegation) => earnedBy(record, delegation))
}

function sum<T>(items: readonly T[], amountOf: (item: T) => bigint): bigint {
  return items.reduce((total, item) => total + amountOf(item), 0n)
}
