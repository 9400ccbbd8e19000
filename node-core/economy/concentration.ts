/** How few hold how much of the voting power, and who of them may be one party. For people and detectors. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Address, Height, Millionths } from '../protocol/ids.ts'

export interface Holder {
  readonly address: Address
  readonly power: bigint
  /** Who funded its account; null: the genesis, or the faucet. */
  readonly funder: Address | null
  readonly registeredAtHeight: Height
  /** Host that its node is reached at; null: not known. */
  readonly host: string | null
}

export interface Entity {
  /** The one with most power first. */
  readonly validators: readonly Address[]
  readonly power: bigint
  readonly because: 'funder' | 'network-address' | 'alone'
}

/** The fewest that together hold more than a third: they could stop the chain. 0: there is no power. */
export function nakamotoOf(powers: readonly bigint[]): number {
  const total = sum(powers)
  let held = 0n
  for (const [count, power] of powers.toSorted(descending).entries()) {
    held += power
    if (3n * held > total) return count + 1
  }
  return 0
}

/** 0: all have the same; towards one whole: one has all. Rounds down. */
export function giniOf(powers: readonly bigint[]): Millionths {
  const [count, total] = [BigInt(powers.length), sum(powers)]
  if (total === 0n) return 0
  const weighted = powers
    .toSorted(descending)
    .reduce((all, power, i) => all + (count - 1n - 2n * BigInt(i)) * power, 0n)
  return Number((BigInt(ONE_MILLION) * weighted) / (count * total))
}

/** 0: there is none. */
export function largestOf(powers: readonly bigint[]): bigint {
  return powers.toSorted(descending)[0] ?? 0n
}

/**
 * Those that may be one party, as one, with most power first: funded by one account and registered within `dayBlocks` of
 * each other, or funded by another of them, or reached at one host.
 */
export function entitiesOf(holders: readonly Holder[], dayBlocks: number): Entity[] {
  const parties = new Parties(holders)
  const byHeight = holders.toSorted((a, b) => a.registeredAtHeight - b.registeredAtHeight)
  const lastOfFunder = new Map<Address, Holder>()
  const firstAtHost = new Map<string, Holder>()
  for (const holder of byHeight) {
    const { funder, host } = holder
    if (funder !== null) {
      const before = lastOfFunder.get(funder)
      if (before && holder.registeredAtHeight - before.registeredAtHeight <= dayBlocks)
        parties.join(before, holder, 'funder')
      lastOfFunder.set(funder, holder)
      const parent = holders.find(({ address }) => address === funder)
      if (parent) parties.join(parent, holder, 'funder')
    }
    if (host !== null) {
      const before = firstAtHost.get(host)
      if (before) parties.join(before, holder, 'network-address')
      else firstAtHost.set(host, holder)
    }
  }
  return parties.entities()
}

interface Party {
  readonly members: Holder[]
  because: Entity['because']
}

class Parties {
  readonly #of = new Map<Holder, Party>()

  constructor(holders: readonly Holder[]) {
    for (const holder of holders) this.#of.set(holder, { members: [holder], because: 'alone' })
  }

  /** Money says more than a host, which a household or a cloud shares. */
  join(one: Holder, other: Holder, because: 'funder' | 'network-address'): void {
    const [into, from] = [this.#of.get(one)!, this.#of.get(other)!]
    if (into !== from) {
      into.members.push(...from.members)
      for (const member of from.members) this.#of.set(member, into)
    }
    const reasons = [into.because, from.because, because]
    into.because = reasons.includes('funder') ? 'funder' : 'network-address'
  }

  entities(): Entity[] {
    return [...new Set(this.#of.values())]
      .map(({ members, because }) => ({
        validators: members.toSorted(byPower).map(({ address }) => address),
        power: sum(members.map(({ power }) => power)),
        because,
      }))
      .sort((a, b) => descending(a.power, b.power) || (a.validators[0]! < b.validators[0]! ? -1 : 1))
  }
}

function byPower(a: Holder, b: Holder): number {
  return descending(a.power, b.power) || (a.address < b.address ? -1 : 1)
}

function descending(a: bigint, b: bigint): number {
  return a < b ? 1 : a > b ? -1 : 0
}

function sum(powers: readonly bigint[]): bigint {
  return powers.reduce((total, power) => total + power, 0n)
}
