/** What random people ask of a chain: one entry a family of transactions. Most of it makes sense, some of it must fail. */

import { delegatedStake } from '../economy/stakes.ts'
import type { Address } from '../protocol/ids.ts'
import type { Payload, SinglePayload } from '../protocol/transaction.ts'
import type { Random } from '../sim/random.ts'
import { partiesOf, type StateKey, unbondingKey, validatorKey } from '../state/keys.ts'
import type { Delegation, Unbonding } from '../state/records.ts'
import { allValidators } from '../state/validator-sets.ts'
import { AIT, addressNumber, registration, type TestChain } from './test-chain.ts'

/** Of whom some are validators of the genesis, some have money and some have nothing. */
export const PEOPLE = Array.from({ length: 16 }, (_, n) => n)
export const FUNDED = PEOPLE.slice(0, 12)

export interface World {
  readonly chain: TestChain
  readonly random: Random
}

export interface Family {
  /** How often, beside the others. */
  readonly weight: number
  /** By person `n`. null: it has nothing to ask for now. */
  readonly make: (world: World, n: number) => Payload | null
}

/** What may be in a batch. */
interface SingleFamily extends Family {
  readonly make: (world: World, n: number) => SinglePayload | null
}

const SINGLE: Readonly<Record<string, SingleFamily>> = {
  transfer: {
    weight: 6,
    make: ({ random }) => ({
      type: 'transfer',
      to: anyone(random),
      amount: random.chance(0.05) ? 200_000n * AIT : BigInt(random.below(50)) * AIT,
    }),
  },
  'validator.register': {
    weight: 2,
    make: ({ random }, n) => registration(n, BigInt(1_000 + random.below(20_000)) * AIT),
  },
  'validator.ready': { weight: 3, make: () => ({ type: 'validator.ready' }) },
  'validator.pause': { weight: 1, make: () => ({ type: 'validator.pause' }) },
  'validator.resume': { weight: 2, make: () => ({ type: 'validator.resume' }) },
  'validator.update': {
    weight: 1,
    make: ({ random }) => ({
      type: 'validator.update',
      name: 'again',
      commission: 10_000 + random.below(90_001),
    }),
  },
  'validator.exit': {
    weight: 1,
    make: ({ random }) => (random.chance(0.3) ? { type: 'validator.exit' } : null),
  },
  'stake.delegate': {
    weight: 6,
    make: (world) => ({
      type: 'stake.delegate',
      validator: someValidator(world),
      amount: oddAmount(world.random, 2_000n * AIT),
    }),
  },
  'stake.undelegate': {
    weight: 4,
    make: (world, n) => {
      const validator = whereStakeIs(world, n)
      return { type: 'stake.undelegate', validator, amount: partOf(world, validator, n) }
    },
  },
  'stake.redelegate': {
    weight: 3,
    make: (world, n) => {
      const from = whereStakeIs(world, n)
      return { type: 'stake.redelegate', from, to: someValidator(world), amount: partOf(world, from, n) }
    },
  },
  'stake.withdraw': {
    weight: 4,
    make: (world, n) => ({ type: 'stake.withdraw', position: somePosition(world, n) }),
  },
  'stake.claimRewards': {
    weight: 3,
    make: (world, n) => ({ type: 'stake.claimRewards', validator: whereStakeIs(world, n) }),
  },
  'stake.compound': {
    weight: 3,
    make: (world, n) => ({
      type: 'stake.compound',
      validator: whereStakeIs(world, n),
      enabled: world.random.chance(0.6),
    }),
  },
}

export const FAMILIES: Readonly<Record<string, Family>> = {
  ...SINGLE,
  'faucet.drip': { weight: 1, make: () => ({ type: 'faucet.drip' }) },
  batch: {
    weight: 3,
    make: (world, n) => {
      const payloads = Array.from({ length: 1 + world.random.below(4) }, () =>
        byWeight(world.random, Object.values(SINGLE)).make(world, n),
      )
      return { type: 'batch', payloads: payloads.filter((payload) => payload !== null) }
    },
  },
}

export function byWeight<T extends Pick<Family, 'weight'>>(random: Random, families: readonly T[]): T {
  let left = random.below(families.reduce((sum, { weight }) => sum + weight, 0))
  return families.find(({ weight }) => {
    left -= weight
    return left < 0
  })!
}

function anyone(random: Random): Address {
  return addressNumber(random.pick(PEOPLE))
}

function someValidator({ chain, random }: World): Address {
  if (random.chance(0.05)) return anyone(random)
  return random.pick(allValidators(chain.state)).address
}

/** A validator where the person has stake, if there is one. */
function whereStakeIs(world: World, n: number): Address {
  const person = addressNumber(n)
  const mine = (world.chain.state.keysOf('delegation') as StateKey<Delegation>[])
    .map(partiesOf)
    .filter(({ delegator }) => delegator === person)
  return mine.length === 0 || world.random.chance(0.05)
    ? someValidator(world)
    : world.random.pick(mine).validator
}

/** All of it, a part, or too much. */
function partOf(world: World, validator: Address, n: number): bigint {
  const { chain, random } = world
  const record = chain.state.get(validatorKey(validator))
  const worth = record ? delegatedStake(chain.state, record, addressNumber(n)) : 0n
  if (random.chance(0.3)) return worth
  return random.chance(0.05) ? worth + 1n : oddAmount(random, worth)
}

function somePosition({ chain, random }: World, n: number): number {
  const person = addressNumber(n)
  const mine = (chain.state.keysOf('unbonding') as StateKey<Unbonding>[]).filter(
    (key) => chain.state.get(key)!.address === person,
  )
  if (mine.length === 0) return random.below(10)
  return Number(random.pick(mine).slice(unbondingKey(0).length - 1))
}

/** Up to `limit`, to the last base unit. */
function oddAmount(random: Random, limit: bigint): bigint {
  return (limit * BigInt(random.below(1_000_000_000))) / 1_000_000_000n
}
