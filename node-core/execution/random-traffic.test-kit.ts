/** What random people ask of a chain: one entry a family of transactions. Most of it makes sense, some of it must fail. */

import { votesOf } from '../economy/admission.ts'
import { delegatedStake } from '../economy/stakes.ts'
import type { Address } from '../protocol/ids.ts'
import { sortedMembers } from '../protocol/multisig-account.ts'
import type {
  Payload,
  ProposablePayload,
  SinglePayload,
  ValidatorPayload,
  ValidatorRegister,
  ValidatorRotateKey,
} from '../protocol/transaction.ts'
import type { Random } from '../sim/random.ts'
import {
  multisigKey,
  multisigProposalKey,
  partiesOf,
  type StateKey,
  unbondingKey,
  validatorKey,
} from '../state/keys.ts'
import { accountOf } from '../state/ledger.ts'
import type { Delegation, MultisigAccount, Unbonding, ValidatorRecord } from '../state/records.ts'
import { allValidators } from '../state/validator-sets.ts'
import { evidence } from './evidence.test-kit.ts'
import { randomProof } from './random-proofs.test-kit.ts'
import { AIT, addressNumber, type TestChain } from './test-chain.ts'

/** Of whom some are validators of the genesis, some have money and some have nothing. */
export const PEOPLE = Array.from({ length: 16 }, (_, n) => n)
export const FUNDED = PEOPLE.slice(0, 12)

const MOST_MULTISIGS = 6
const LONGEST_PROPOSAL_BLOCKS = 60

export interface World {
  readonly chain: TestChain
  readonly random: Random
}

export interface Family<T extends Payload = Payload> {
  /** How often, beside the others. */
  readonly weight: number
  /** By this account. null: it has nothing to ask for now. */
  readonly make: (world: World, who: Address) => T | null
}

const MONEY_AND_STAKE: Readonly<Record<string, Family<ProposablePayload>>> = {
  transfer: {
    weight: 6,
    make: (world) => {
      const { random } = world
      return {
        type: 'transfer',
        to: anyAccount(world),
        amount: random.chance(0.05) ? 200_000n * AIT : BigInt(random.below(200)) * AIT,
      }
    },
  },
  'stake.delegate': {
    weight: 6,
    make: (world, who) => ({
      type: 'stake.delegate',
      validator: someValidator(world),
      amount: oddAmount(world.random, least(2_000n * AIT, accountOf(world.chain.state, who).balance)),
    }),
  },
  'stake.undelegate': {
    weight: 4,
    make: (world, who) => {
      const validator = whereStakeIs(world, who)
      return { type: 'stake.undelegate', validator, amount: partOf(world, validator, who) }
    },
  },
  'stake.redelegate': {
    weight: 4,
    make: (world, who) => {
      const from = whereStakeIs(world, who)
      return { type: 'stake.redelegate', from, to: someValidator(world), amount: partOf(world, from, who) }
    },
  },
  'stake.withdraw': {
    weight: 4,
    make: (world, who) => ({ type: 'stake.withdraw', position: somePosition(world, who) }),
  },
  'stake.claimRewards': {
    weight: 3,
    make: (world, who) => ({ type: 'stake.claimRewards', validator: whereStakeIs(world, who) }),
  },
  'stake.compound': {
    weight: 3,
    make: (world, who) => ({
      type: 'stake.compound',
      validator: whereStakeIs(world, who),
      enabled: world.random.chance(0.6),
    }),
  },
}

const VALIDATORS: Readonly<Record<string, Family<ProposablePayload>>> = {
  'validator.register': {
    weight: 2,
    make: ({ random }) => registration(random),
  },
  'validator.ready': {
    weight: 20,
    make: (world, who) =>
      mostlyWhere(world, !isMember(world, who) && recordOf(world, who) !== null, 'validator.ready'),
  },
  'validator.pause': { weight: 1, make: () => ({ type: 'validator.pause' }) },
  'validator.resume': {
    weight: 8,
    make: (world, who) => mostlyWhere(world, recordOf(world, who)?.paused ?? false, 'validator.resume'),
  },
  'validator.update': {
    weight: 1,
    make: ({ random }) => ({
      type: 'validator.update',
      name: 'again',
      commission: 10_000 + random.below(90_001),
    }),
  },
  'validator.unjail': {
    weight: 12,
    make: (world, who) => mostlyWhere(world, !!recordOf(world, who)?.jail, 'validator.unjail'),
  },
  'validator.rotateKey': {
    weight: 1,
    make: ({ random }) => ({ type: 'validator.rotateKey', ...someKeys(random) }),
  },
  'validator.admit': { weight: 12, make: (world, who) => vote(world, who, 'admit') },
  'validator.expel': { weight: 1, make: (world, who) => vote(world, who, 'expel') },
  'validator.exit': {
    weight: 1,
    make: ({ random }) => (random.chance(0.3) ? { type: 'validator.exit' } : null),
  },
}

const MULTISIG: Readonly<Record<string, Family<SinglePayload>>> = {
  'multisig.create': {
    weight: 1,
    make: ({ chain, random }, who) => {
      if (chain.state.keysOf('multisig').length >= MOST_MULTISIGS) return null
      const others = Array.from({ length: random.below(3) }, () => anyone(random))
      const members = sortedMembers([...new Set([who, ...others])])
      return { type: 'multisig.create', threshold: 1 + random.below(members.length), members }
    },
  },
  'multisig.propose': {
    weight: 5,
    make: (world, who) => {
      const { chain, random } = world
      const account = someMultisig(world, who)
      const payload = account && byWeight(random, Object.values(MONEY_AND_STAKE)).make(world, account)
      const expiresAtHeight = chain.height + random.below(LONGEST_PROPOSAL_BLOCKS)
      return payload ? { type: 'multisig.propose', account, payload, expiresAtHeight } : null
    },
  },
  'multisig.approve': { weight: 4, make: (world, who) => onProposal(world, who, 'multisig.approve') },
  'multisig.revoke': { weight: 1, make: (world, who) => onProposal(world, who, 'multisig.revoke') },
  'multisig.execute': { weight: 6, make: (world, who) => onProposal(world, who, 'multisig.execute') },
}

/** What may be in a batch. */
const SINGLE = { ...MONEY_AND_STAKE, ...VALIDATORS, ...MULTISIG }

export const FAMILIES: Readonly<Record<string, Family>> = {
  ...SINGLE,
  'faucet.drip': { weight: 1, make: () => ({ type: 'faucet.drip' }) },
  'evidence.submit': {
    weight: 1,
    make: (world) => {
      const proof = randomProof(world)
      return proof && evidence(proof)
    },
  },
  batch: {
    weight: 3,
    make: (world, who) => {
      const payloads = Array.from({ length: 1 + world.random.below(4) }, () =>
        byWeight(world.random, Object.values(SINGLE)).make(world, who),
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

/** Where it makes sense, and seldom where it does not. */
function mostlyWhere<T extends ValidatorPayload['type']>(
  { random }: World,
  makesSense: boolean,
  type: T,
): { readonly type: T } | null {
  return makesSense || random.chance(0.03) ? { type } : null
}

function isMember({ chain }: World, who: Address): boolean {
  return chain.set.members.some(({ address }) => address === who)
}

function recordOf({ chain }: World, who: Address): ValidatorRecord | null {
  return chain.state.get(validatorKey(who))
}

function anyone(random: Random): Address {
  return addressNumber(random.pick(PEOPLE))
}

function anyAccount({ chain, random }: World): Address {
  const multisigs = chain.state.keysOf('multisig') as StateKey<MultisigAccount>[]
  return multisigs.length > 0 && random.chance(0.3) ? multisigOf(random.pick(multisigs)) : anyone(random)
}

function multisigOf(key: StateKey<MultisigAccount>): Address {
  return key.slice(key.indexOf(':') + 1) as Address
}

/** One that it is a member of, and seldom another. */
function someMultisig({ chain, random }: World, who: Address): Address | null {
  const keys = chain.state.keysOf('multisig') as StateKey<MultisigAccount>[]
  const own = random.chance(0.05) ? keys : keys.filter((key) => chain.state.get(key)!.members.includes(who))
  return own.length === 0 ? null : multisigOf(random.pick(own))
}

/** One that is open, and seldom another. */
function onProposal<T extends 'multisig.approve' | 'multisig.revoke' | 'multisig.execute'>(
  world: World,
  who: Address,
  type: T,
): { readonly type: T; readonly account: Address; readonly proposal: number } | null {
  const { chain, random } = world
  const account = someMultisig(world, who)
  if (!account) return null
  const { open, threshold } = chain.state.get(multisigKey(account))!
  if (random.chance(0.03)) return { type, account, proposal: random.below(10) }
  const fit = open.filter((each) => {
    const { approvals, expiresAtHeight } = chain.state.get(multisigProposalKey(account, each))!
    if (expiresAtHeight <= chain.height) return random.chance(0.02)
    return type === 'multisig.execute'
      ? approvals.length >= threshold
      : approvals.includes(who) === (type === 'multisig.revoke')
  })
  return fit.length > 0 ? { type, account, proposal: random.pick(fit) } : null
}

/** Where somebody has voted already, more often than not: one epoch is short. */
function vote(
  world: World,
  who: Address,
  kind: 'admit' | 'expel',
): { readonly type: 'validator.admit' | 'validator.expel'; readonly validator: Address } | null {
  const { chain, random } = world
  const type = `validator.${kind}` as const
  const isByVote = chain.state.parameters.admission === 'authority'
  if (!isByVote || !isMember(world, who))
    return random.chance(0.01) ? { type, validator: someValidator(world) } : null
  const open = votesOf(chain.state).filter((each) => each.kind === kind && !each.voters.includes(who))
  if (open.length > 0 && random.chance(0.8)) return { type, validator: random.pick(open).validator }
  const others = allValidators(chain.state).filter(({ admitted }) => admitted === (kind === 'expel'))
  return { type, validator: others.length > 0 ? random.pick(others).address : someValidator(world) }
}

function someKeys(random: Random): Omit<ValidatorRotateKey, 'type'> {
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256))
  return {
    validatorKey: bytes(32),
    randomnessKey: bytes(32),
    validatorKeyProof: new Uint8Array(64),
    randomnessKeyProof: new Uint8Array(80),
  }
}

function registration(random: Random): ValidatorRegister {
  const stake = BigInt(1_000 + random.below(20_000)) * AIT
  return { type: 'validator.register', name: 'new', commission: 50_000, stake, ...someKeys(random) }
}

function someValidator({ chain, random }: World): Address {
  if (random.chance(0.05)) return anyone(random)
  return random.pick(allValidators(chain.state)).address
}

/** A validator where the account has stake, if there is one. */
function whereStakeIs(world: World, who: Address): Address {
  const mine = (world.chain.state.keysOf('delegation') as StateKey<Delegation>[])
    .map(partiesOf)
    .filter(({ delegator }) => delegator === who)
  return mine.length === 0 || world.random.chance(0.05)
    ? someValidator(world)
    : world.random.pick(mine).validator
}

/** All of it, a part, or too much. */
function partOf(world: World, validator: Address, who: Address): bigint {
  const { chain, random } = world
  const record = chain.state.get(validatorKey(validator))
  const worth = record ? delegatedStake(chain.state, record, who) : 0n
  if (random.chance(0.3)) return worth
  return random.chance(0.05) ? worth + 1n : oddAmount(random, worth)
}

function somePosition({ chain, random }: World, who: Address): number {
  const mine = (chain.state.keysOf('unbonding') as StateKey<Unbonding>[]).filter(
    (key) => chain.state.get(key)!.address === who,
  )
  if (mine.length === 0) return random.below(10)
  return Number(random.pick(mine).slice(unbondingKey(0).length - 1))
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** Up to `limit`, to the last base unit. */
function oddAmount(random: Random, limit: bigint): bigint {
  return (limit * BigInt(random.below(1_000_000_000))) / 1_000_000_000n
}
