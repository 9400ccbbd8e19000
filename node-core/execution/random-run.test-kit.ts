/** A chain under random traffic, checked after every block. The same seed gives the same run. */

import { worthOf } from '../economy/stake-pool.ts'
import { earnedBy, poolOf } from '../economy/stakes.ts'
import { assert } from '../lib/assert.ts'
import type { Admission, ChainParameters } from '../protocol/genesis.ts'
import type { Address, Height } from '../protocol/ids.ts'
import type { Payload, VerifiedTransaction } from '../protocol/transaction.ts'
import { Random } from '../sim/random.ts'
import { assertRecounted } from '../state/invariants.ts'
import { partiesOf, SLASHES_KEY, type StateKey } from '../state/keys.ts'
import type { Delegation, ValidatorRecord } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import { allValidators } from '../state/validator-sets.ts'
import { byWeight, FAMILIES, FUNDED, PEOPLE } from './random-traffic.test-kit.ts'
import { before, StakeModel } from './stake-model.test-kit.ts'
import { addressNumber, TestChain, transactionBy } from './test-chain.ts'

/** Small limits, so that a short run meets them all. */
const LIMITS: Partial<ChainParameters> = {
  unbondingMs: 200_000,
  faucetIntervalBlocks: 2,
  maximumDelegators: 5,
  stakeOperationsPerWindow: 6,
  stakeWindowMs: 20_000,
  annualReward: 1_000_000,
  presenceWindowBlocks: 6,
  unavailableOffences: 1,
  slowOffences: 2,
  jailMs: 10_000,
}
const MOST_TRANSACTIONS = 16
/** One in so many blocks: a long silence, after which a year's rewards and every unbonding are due. */
const SILENCE = 50
const LONGEST_SILENCE_MS = 30 * 24 * 3_600_000
const ABSENCE = 0.04
/** That a member begins to be away with a block, or awake and slow. At most a third of them at once. */
const AWAY = 0.02
const LONGEST_AWAY_BLOCKS = 24

interface Spell {
  readonly untilHeight: Height
  /** Away: it does not propose either. */
  readonly isAway: boolean
}

export class RandomRun {
  readonly chain: TestChain
  /** Receipts so far by payload and code, as `stake.delegate ok`. */
  readonly outcomes = new Map<string, number>()
  /** Punishments so far, as `slash slow` and `jail unavailable`. */
  readonly punishments = new Map<string, number>()
  readonly #random: Random
  readonly #model: StakeModel
  readonly #nonces = new Map<Address, number>()
  readonly #spells = new Map<Address, Spell>()

  constructor(seed: number, admission: Admission) {
    this.chain = new TestChain({ funded: FUNDED, parameters: { ...LIMITS, admission } })
    this.#random = new Random(seed)
    this.#model = new StakeModel(this.chain.state)
  }

  /** One more block; throws where anything is not as it should be. */
  step(): void {
    const { chain } = this
    const random = this.#random
    const was = before(chain.state)
    const jailed = jailedIn(chain.state)
    this.#beginSpells()
    const { transactions, outcome } = chain.decide(this.#candidates(), {
      timestampMs:
        chain.parent.timestampMs + random.below(random.below(SILENCE) === 0 ? LONGEST_SILENCE_MS : 8_000),
      proposer: this.#proposer(),
      absent: PEOPLE.map(addressNumber).filter((each) => this.#spells.has(each) || random.chance(ABSENCE)),
    })
    const { receipts } = outcome
    for (const [i, { transaction }] of transactions.entries()) {
      this.#nonces.set(transaction.sender, transaction.nonce + 1)
      count(this.outcomes, `${transaction.payload.type} ${receipts[i]!.code}`)
    }
    const { height } = chain
    for (const slash of chain.state.get(SLASHES_KEY)?.slashes ?? [])
      if (slash.height === height) count(this.punishments, `slash ${slash.offence}`)
    for (const [address, reason] of jailedIn(chain.state))
      if (!jailed.has(address)) count(this.punishments, `jail ${reason}`)
    const { timestampMs } = chain.parent
    this.#model.follow({ height, timestampMs, transactions, receipts }, was)
    for (const n of PEOPLE)
      assert(chain.nonceOf(n) === (this.#nonces.get(addressNumber(n)) ?? 0), 'a nonce counts transactions')
    assertRecounted(chain.state)
    assertPoolsCover(chain.state)
  }

  #beginSpells(): void {
    const { set, height } = this.chain
    const random = this.#random
    for (const [address, { untilHeight }] of this.#spells)
      if (untilHeight <= height) this.#spells.delete(address)
    for (const { address } of set.members) {
      if (3 * (this.#spells.size + 1) > set.members.length || !random.chance(AWAY)) continue
      const untilHeight = height + 1 + random.below(LONGEST_AWAY_BLOCKS)
      this.#spells.set(address, { untilHeight, isAway: random.chance(0.5) })
    }
  }

  #proposer(): Address {
    const members = this.chain.set.members.map(({ address }) => address)
    const awake = members.filter((address) => !this.#spells.get(address)?.isAway)
    return this.#random.pick(awake.length > 0 ? awake : members)
  }

  #candidates(): VerifiedTransaction[] {
    const { chain } = this
    const random = this.#random
    const offered = new Map<number, number>()
    return Array.from({ length: random.below(MOST_TRANSACTIONS + 1) }).flatMap(() => {
      const n = random.pick(PEOPLE)
      const payload: Payload | null = byWeight(random, Object.values(FAMILIES)).make(
        { chain, random },
        addressNumber(n),
      )
      if (!payload) return []
      const nth = offered.get(n) ?? 0
      offered.set(n, nth + 1)
      const nonce = chain.nonceOf(n) + nth + (random.chance(0.05) ? 1 : 0)
      return [transactionBy(n, payload, { nonce, tip: BigInt(random.below(500)), maxFeePerGas: 5_000n })]
    })
  }
}

function jailedIn(view: StateView): ReadonlyMap<Address, string> {
  return new Map(
    allValidators(view).flatMap(({ address, jail }) => (jail ? ([[address, jail.reason]] as const) : [])),
  )
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
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
