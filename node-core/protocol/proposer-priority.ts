/**
 * Weighted round robin by priority: who proposes at a height and round. CometBFT's rules, in integers only.
 *
 * A step adds each member's weight to its priority, takes the largest (tie: lower address) and subtracts the total weight
 * from it. Over P steps (P = total weight) a member is taken as many times as its weight says, spread evenly.
 */
import { assert } from '../lib/assert.ts'
import type { Address, Height, Round } from './ids.ts'
import type { ValidatorSet } from './validator-set.ts'

export interface PriorityMember {
  /** Lower-case hex of equal lengths, so that string order is byte order. */
  readonly address: string
  /** At least 1. */
  readonly weight: bigint
  readonly priority: bigint
}

export interface Advanced {
  /** The member taken by the last step. */
  readonly proposerIndex: number
  /** In member order. */
  readonly priorities: readonly bigint[]
}

/** Priorities further apart than this many total weights are pulled together. */
const SPREAD_LIMIT = 2n
/** A newcomer starts behind by the total weight and an eighth of it, so that leaving and coming back gains nothing. */
const NEWCOMER_SHIFT = 3n

export function totalWeight(members: readonly { readonly weight: bigint }[]): bigint {
  return members.reduce((sum, member) => sum + member.weight, 0n)
}

/** Where a member that was not in the set before starts; `total` counts it. */
export function newcomerPriority(total: bigint): bigint {
  return -(total + (total >> NEWCOMER_SHIFT))
}

/** Priorities of a set without a past: the members are all newcomers. Advancing once gives the first proposer. */
export function initialPriorities(weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  return rescaleAndCentre(
    weights.map(() => newcomerPriority(total)),
    total,
  )
}

/** Pulls priorities together until they span at most 2 × total, then shifts them so that their floored mean is zero. */
export function rescaleAndCentre(priorities: readonly bigint[], total: bigint): bigint[] {
  if (priorities.length === 0) return []
  const { least, most } = bounds(priorities)
  const spread = most - least
  const limit = SPREAD_LIMIT * total
  const ratio = (spread + limit - 1n) / limit
  const scaled = spread > limit ? priorities.map((priority) => priority / ratio) : priorities
  const mean = flooredDivision(
    scaled.reduce((sum, priority) => sum + priority, 0n),
    BigInt(scaled.length),
  )
  return scaled.map((priority) => priority - mean)
}

/**
 * Rescales and centres once, then takes `times` ≥ 1 steps: that is a round change of `times` rounds.
 * Successive heights are successive calls with `times` = 1.
 */
export function advance(members: readonly PriorityMember[], times: number): Advanced {
  assert(members.length > 0, 'a set of proposers has members')
  assert(Number.isSafeInteger(times) && times >= 1, 'steps to advance are at least 1')
  const total = totalWeight(members)
  const priorities = rescaleAndCentre(
    members.map((member) => member.priority),
    total,
  )
  let proposerIndex = 0
  for (let step = 0; step < times; step++) proposerIndex = takeStep(members, priorities, total)
  return { proposerIndex, priorities }
}

/** Changes `priorities` in place; returns the member taken. */
function takeStep(members: readonly PriorityMember[], priorities: bigint[], total: bigint): number {
  let best = 0
  for (let i = 0; i < members.length; i++) {
    priorities[i] = priorities[i]! + members[i]!.weight
    const lead = priorities[i]! - priorities[best]!
    if (lead > 0n || (lead === 0n && members[i]!.address < members[best]!.address)) best = i
  }
  priorities[best] = priorities[best]! - total
  return best
}

/** The proposers of one epoch, worked out step by step and remembered. */
export interface ProposerSchedule {
  readonly set: ValidatorSet
  /**
   * The height must be one of the set's. Cost: members × (steps not taken before). A round from outside can be any u32, so
   * ask for one only after it is known to be reached (its justification was checked).
   */
  proposerAt(height: Height, round: Round): Address
  /** In member order, after the proposer of `height` was taken in round 0. */
  prioritiesAfter(height: Height): readonly bigint[]
}

/** Keep one of these for as long as its set is in use: repeated questions cost nothing. */
export function createProposerSchedule(set: ValidatorSet): ProposerSchedule {
  const total = totalWeight(set.members)
  /** Round 0's member by height, from firstHeight on. */
  const byHeight: number[] = []
  let latest: readonly bigint[] = set.members.map((member) => member.priority)
  let rounds = { height: -1, priorities: [] as bigint[], members: [] as number[] }

  function step(from: readonly bigint[]): Advanced {
    return advance(withPriorities(set, from), 1)
  }

  function reach(height: Height): number {
    assert(
      height >= set.firstHeight && height <= set.lastHeight,
      'the height belongs to the epoch of the set',
    )
    const index = height - set.firstHeight
    while (byHeight.length <= index) {
      const next = step(latest)
      byHeight.push(next.proposerIndex)
      latest = next.priorities
    }
    return byHeight[index]!
  }

  function prioritiesAfter(height: Height): readonly bigint[] {
    reach(height)
    if (height === set.firstHeight + byHeight.length - 1) return latest
    let priorities: readonly bigint[] = set.members.map((member) => member.priority)
    for (let h = set.firstHeight; h <= height; h++) priorities = step(priorities).priorities
    return priorities
  }

  function memberInRound(height: Height, round: Round): number {
    if (rounds.height !== height)
      rounds = { height, priorities: rescaleAndCentre(prioritiesAfter(height), total), members: [] }
    while (rounds.members.length < round) rounds.members.push(takeStep(set.members, rounds.priorities, total))
    return rounds.members[round - 1]!
  }

  return {
    set,
    proposerAt(height, round) {
      assert(Number.isSafeInteger(round) && round >= 0, 'a round is a whole number')
      const first = reach(height)
      return set.members[round === 0 ? first : memberInRound(height, round)]!.address
    },
    prioritiesAfter,
  }
}

/** One question alone; whoever asks again keeps a schedule. */
export function proposerAt(set: ValidatorSet, height: Height, round: Round): Address {
  return createProposerSchedule(set).proposerAt(height, round)
}

function withPriorities(set: ValidatorSet, priorities: readonly bigint[]): PriorityMember[] {
  return set.members.map((member, i) => ({
    address: member.address,
    weight: member.weight,
    priority: priorities[i]!,
  }))
}

function bounds(values: readonly bigint[]): { readonly least: bigint; readonly most: bigint } {
  let [least, most] = [values[0]!, values[0]!]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return { least, most }
}

function flooredDivision(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}
