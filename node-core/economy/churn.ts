/** Who leaves and who enters from one validator set to the next, within limits; the rest queue. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Amount, Epoch, Millionths } from '../protocol/ids.ts'
import type { ValidatorSet } from '../protocol/validator-set.ts'
import type { ValidatorRecord } from '../state/records.ts'
import { entitiesOf, largeEntities } from './entities.ts'

type ChurnParameters = Pick<
  ChainParameters,
  'maxValidators' | 'minimumSelfStake' | 'admission' | 'enteringPower' | 'leavingPower'
>

/** A validator with what backs it. */
export type Candidate = ValidatorRecord & {
  /** Its own and that of others: what its power comes from. */
  readonly stake: Amount
  readonly selfStake: Amount
}

export interface ChurnInput {
  /** The newest set that is announced. */
  readonly announced: ValidatorSet
  readonly validators: readonly Candidate[]
  /** At whose end the choice is made: who enters said `validator.ready` in it. */
  readonly epoch: Epoch
  readonly parameters: ChurnParameters
}

/**
 * The addresses of the next set. In this order:
 * 1. members that are no longer eligible leave, the smallest power first;
 * 2. those who are ready enter, the largest stake first, into a free place or in the place of the member with the smallest
 *    stake if that is smaller (which then leaves too). Of an entity of several that would hold more than a tenth of the power
 *    with what it has already, only the largest enters, after all others: many names do not make a way in wider.
 * An epoch's leavers have at most the leaving share of the announced set's power and its newcomers at most the entering
 * share; the first of each may always move. If nobody would be left, all stay.
 */
export function nextMembers(input: ChurnInput): Set<Address> {
  const { announced, parameters } = input
  const records = new Map(input.validators.map((validator) => [validator.address, validator]))
  const leaving = new Budget(announced.totalPower, parameters.leavingPower)
  const entering = new Budget(announced.totalPower, parameters.enteringPower)
  const powers = new Map(announced.members.map((member) => [member.address, member.power]))
  const members = new Set(powers.keys())

  const barred = announced.members.filter((member) => !isEligible(records.get(member.address), parameters))
  for (const { address, power } of bySize(barred, (member) => member.power))
    if (leaving.take(power)) members.delete(address)

  for (const newcomer of newcomers(input, powers)) {
    const isFull = members.size >= parameters.maxValidators
    const loser = isFull ? smallest(members, records) : null
    if (isFull && (!loser || loser.stake >= newcomer.stake)) break
    if (loser && !leaving.has(powers.get(loser.address) ?? loser.stake)) break
    if (!entering.take(newcomer.stake)) break
    if (loser) {
      leaving.take(powers.get(loser.address) ?? loser.stake)
      members.delete(loser.address)
    }
    members.add(newcomer.address)
  }
  return members.size > 0 ? members : new Set(powers.keys())
}

export function isEligible(
  validator: Candidate | undefined,
  { minimumSelfStake, admission }: Pick<ChainParameters, 'minimumSelfStake' | 'admission'>,
): boolean {
  if (!validator || validator.selfStake < minimumSelfStake) return false
  if (admission === 'authority' && !validator.admitted) return false
  return isFree(validator)
}

/** Nothing keeps it out for now. */
function isFree({ jail, tombstoned, paused, exiting }: Candidate): boolean {
  return !jail && !tombstoned && !paused && !exiting
}

/** Largest stake first; after them one of each entity that grows too large, in the same order. */
function newcomers(input: ChurnInput, powers: ReadonlyMap<Address, bigint>): Candidate[] {
  const ready = input.validators
    .filter(
      (validator) =>
        !powers.has(validator.address) &&
        validator.readyEpoch === input.epoch &&
        isEligible(validator, input.parameters),
    )
    .sort((a, b) => compare(b.stake, a.stake) || compareAddresses(a, b))
  if (ready.length === 0) return []
  const entities = entitiesOf(input.validators)
  const entityOf = (address: Address) => entities.get(address) ?? address
  const holdings = [
    ...input.announced.members.map(({ address, power }) => ({ entity: entityOf(address), power })),
    ...ready.map(({ address, stake }) => ({ entity: entityOf(address), power: stake })),
  ]
  const large = largeEntities(holdings, input.announced.totalPower)
  const firstOfLarge = new Map<Address, Candidate>()
  for (const each of ready.filter(({ address }) => large.has(entityOf(address))).reverse())
    firstOfLarge.set(entityOf(each.address), each)
  const narrowed = new Set(firstOfLarge.values())
  const others = ready.filter(({ address }) => !large.has(entityOf(address)))
  return [...others, ...ready.filter((each) => narrowed.has(each))]
}

/** The member with the smallest stake; of equals, the higher address. Leavers that queue have left the contest. */
function smallest(members: ReadonlySet<Address>, records: ReadonlyMap<Address, Candidate>): Candidate | null {
  const present = [...members].flatMap((address) => records.get(address) ?? [])
  const active = present.filter(isFree)
  return active.sort((a, b) => compare(a.stake, b.stake) || compareAddresses(b, a))[0] ?? null
}

class Budget {
  readonly #limit: bigint
  #taken = 0n
  #moved = 0

  constructor(total: bigint, share: Millionths) {
    this.#limit = (total * BigInt(share)) / BigInt(ONE_MILLION)
  }

  has(power: bigint): boolean {
    return this.#moved === 0 || this.#taken + power <= this.#limit
  }

  take(power: bigint): boolean {
    if (!this.has(power)) return false
    this.#taken += power
    this.#moved++
    return true
  }
}

function bySize<T extends { readonly address: Address }>(
  items: readonly T[],
  sizeOf: (item: T) => Amount,
): T[] {
  return items.toSorted((a, b) => compare(sizeOf(a), sizeOf(b)) || compareAddresses(a, b))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Hex of one length compares as its bytes do. */
function compareAddresses(a: { readonly address: Address }, b: { readonly address: Address }): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0
}
