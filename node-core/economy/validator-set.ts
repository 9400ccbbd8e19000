/** The validator sets: those of the genesis, and the one that the end of each epoch decides for the epoch after the next. */
import { assert } from '../lib/assert.ts'
import { equalBytes } from '../lib/bytes.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Epoch } from '../protocol/ids.ts'
import {
  createProposerSchedule,
  initialPriorities,
  newcomerPriority,
  rescaleAndCentre,
  totalWeight,
} from '../protocol/proposer-priority.ts'
import type { Validator, ValidatorSet } from '../protocol/validator-set.ts'
import { HEAD_KEY } from '../state/keys.ts'
import { stakeOf, type ValidatorRecord } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import {
  allValidators,
  epochOf,
  firstHeightOf,
  lastHeightOf,
  validatorSetOf,
} from '../state/validator-sets.ts'
import { type Candidate, nextMembers } from './churn.ts'
import { cappedPowers, proposerWeight } from './power.ts'
import { ownStake } from './stakes.ts'

/** A power that changes by less than one part in this many is a drift. */
const LEAST_CHANGE = 100n

type Unordered = Omit<Validator, 'priority'>

/** Sets of epochs 0 and 1: all genesis validators, the priorities advanced between the two. */
export function genesisSets(
  validators: readonly ValidatorRecord[],
  parameters: ChainParameters,
): [ValidatorSet, ValidatorSet] {
  const members = withPower(validators, parameters)
  const priorities = initialPriorities(members.map((member) => member.weight))
  const first = setOf(0, members, priorities, parameters)
  return [first, setOf(1, members, carriedPriorities(first, members), parameters)]
}

/**
 * The set of epoch e + 2, from the state after the last block of epoch e. A member whose record is gone or who may not leave
 * yet keeps its keys and power.
 */
export function computeValidatorSet(
  view: StateView,
  epoch: Epoch,
  parameters: ChainParameters,
): ValidatorSet {
  const announced = validatorSetOf(view, epoch + 1)
  const members = nextPowers(view, epoch, announced, parameters)
  return setOf(epoch + 2, members, carriedPriorities(announced, members), parameters)
}

/**
 * Something waits that only a set not in force yet can bring: the announced set differs from the one in force, or the next
 * computed one would differ from it. False for candidates that are not ready and for members that can never leave, so the
 * chain comes to rest. What drifts with every epoch does not count: proposer weights, and powers by rewards that compound.
 */
export function pendingSetChange(view: StateView, parameters: ChainParameters): boolean {
  const epoch = epochOf((view.get(HEAD_KEY)?.height ?? 0) + 1, parameters)
  const announced = validatorSetOf(view, epoch + 1)
  if (differ(validatorSetOf(view, epoch).members, announced.members)) return true
  return differ(announced.members, nextPowers(view, epoch, announced, parameters))
}

function nextPowers(
  view: StateView,
  epoch: Epoch,
  announced: ValidatorSet,
  parameters: ChainParameters,
): Unordered[] {
  const validators = candidatesOf(view)
  const chosen = nextMembers({ announced, validators, epoch, parameters })
  const known = validators.filter((validator) => chosen.has(validator.address))
  assert(known.length === chosen.size, 'a validator keeps its record while it has power')
  return withPower(known, parameters)
}

/** Every validator with the stake behind it and its own part of that. */
export function candidatesOf(view: StateView): Candidate[] {
  return allValidators(view).map((record) => ({
    ...record,
    stake: stakeOf(record),
    selfStake: ownStake(view, record),
  }))
}

function withPower(validators: readonly ValidatorRecord[], parameters: ChainParameters): Unordered[] {
  const sorted = validators.toSorted((a, b) => (a.address < b.address ? -1 : 1))
  const powers = cappedPowers(sorted.map(stakeOf), parameters)
  return sorted.map((validator, i) => ({
    address: validator.address,
    validatorKey: validator.validatorKey,
    randomnessKey: validator.randomnessKey,
    power: powers[i]!,
    weight: proposerWeight({ power: powers[i]!, performance: validator.performance }, parameters),
  }))
}

/** Those of the set before after its last height; newcomers start behind everyone. */
function carriedPriorities(before: ValidatorSet, members: readonly Unordered[]): bigint[] {
  const advanced = createProposerSchedule(before).prioritiesAfter(before.lastHeight)
  const carried = new Map<Address, bigint>(before.members.map((member, i) => [member.address, advanced[i]!]))
  const total = totalWeight(members)
  return rescaleAndCentre(
    members.map((member) => carried.get(member.address) ?? newcomerPriority(total)),
    total,
  )
}

function setOf(
  epoch: Epoch,
  members: readonly Unordered[],
  priorities: readonly bigint[],
  parameters: ChainParameters,
): ValidatorSet {
  return {
    epoch,
    firstHeight: firstHeightOf(epoch, parameters),
    lastHeight: lastHeightOf(epoch, parameters),
    members: members.map((member, i) => ({ ...member, priority: priorities[i]! })),
    totalPower: members.reduce((sum, member) => sum + member.power, 0n),
  }
}

function differ(before: readonly Unordered[], after: readonly Unordered[]): boolean {
  if (before.length !== after.length) return true
  return before.some((member, i) => {
    const { address, power, validatorKey } = after[i]!
    if (member.address !== address || !equalBytes(member.validatorKey, validatorKey)) return true
    const change = power > member.power ? power - member.power : member.power - power
    return change * LEAST_CHANGE > member.power
  })
}
