/** Voting power of a height's validator set, and the two thresholds that every rule uses. */
import { assert } from '../lib/assert.ts'
import type { Address } from '../protocol/ids.ts'
import { createProposerSchedule, type ProposerSchedule } from '../protocol/proposer-priority.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'

/** A validator set made ready for counting. Member i of the set is index i everywhere in this folder. */
export interface Committee {
  readonly set: ValidatorSet
  readonly size: number
  readonly totalPower: bigint
  /** The least power of a quorum: more than two thirds. */
  readonly quorumPower: bigint
  readonly powers: readonly bigint[]
  readonly indexOf: ReadonlyMap<Address, number>
  /** A place for each member, all of them free. */
  readonly nobody: readonly undefined[]
  readonly schedule: ProposerSchedule
}

/** A set lives for an epoch and is used by every height of it: prepared once, dropped with the set. */
const prepared = new WeakMap<ValidatorSet, Committee>()

export function committeeOf(set: ValidatorSet): Committee {
  const known = prepared.get(set)
  if (known) return known
  const powers = set.members.map((member) => member.power)
  const totalPower = powers.reduce((sum, power) => sum + power, 0n)
  assert(totalPower > 0n, 'a validator set has voting power')
  assert(totalPower === set.totalPower, 'a validator set states the sum of its powers')
  const committee: Committee = {
    set,
    size: powers.length,
    totalPower,
    quorumPower: (2n * totalPower) / 3n + 1n,
    powers,
    nobody: new Array<undefined>(powers.length).fill(undefined),
    indexOf: new Map(set.members.map((member, index) => [member.address, index])),
    schedule: createProposerSchedule(set),
  }
  prepared.set(set, committee)
  return committee
}

/** Any two quorums share an honest member while less than a third of the power is byzantine. */
export function isQuorum(committee: Committee, power: bigint): boolean {
  return power >= committee.quorumPower
}

/** At least one honest member is among senders of this power. */
export function isOneHonest(committee: Committee, power: bigint): boolean {
  return 3n * power > committee.totalPower
}

/** The power of distinct senders; null when one is named twice or is no member. */
export function distinctPower(
  committee: Committee,
  messages: readonly { readonly sender: Address }[],
): bigint | null {
  let power = 0n
  const seen = new Uint8Array(committee.size)
  for (const { sender } of messages) {
    const index = committee.indexOf.get(sender)
    if (index === undefined || seen[index] === 1) return null
    seen[index] = 1
    power += committee.powers[index]!
  }
  return power
}
