/** Validators that are likely one and the same: who funded them tells. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Address, Amount, Millionths } from '../protocol/ids.ts'
import type { ValidatorRecord } from '../state/records.ts'

/** Of the power: beyond it an entity of several enters slowly. */
const LARGE_ENTITY: Millionths = 100_000

type Funded = Pick<ValidatorRecord, 'address' | 'funder'>

/**
 * The entity of each validator, named by the address that its money came from first. Money of a validator is that of its
 * entity; who has no funder is its own.
 */
export function entitiesOf(validators: readonly Funded[]): ReadonlyMap<Address, Address> {
  const funders = new Map(validators.map(({ address, funder }) => [address, funder]))
  const rootOf = (start: Address): Address => {
    const seen = new Set<Address>()
    let at = start
    for (let next = funders.get(at); next && !seen.has(at); next = funders.get(at)) {
      seen.add(at)
      at = next
    }
    return at
  }
  return new Map(validators.map(({ address }) => [address, rootOf(address)]))
}

/** Entities of at least two that would hold more than a tenth of the power. */
export function largeEntities(
  holdings: readonly { readonly entity: Address; readonly power: Amount }[],
  totalPower: Amount,
): ReadonlySet<Address> {
  const held = new Map<Address, { power: Amount; validators: number }>()
  for (const { entity, power } of holdings) {
    const before = held.get(entity) ?? { power: 0n, validators: 0 }
    held.set(entity, { power: before.power + power, validators: before.validators + 1 })
  }
  const limit = totalPower * BigInt(LARGE_ENTITY)
  const large = [...held].filter(
    ([, each]) => each.validators > 1 && each.power * BigInt(ONE_MILLION) > limit,
  )
  return new Set(large.map(([entity]) => entity))
}
