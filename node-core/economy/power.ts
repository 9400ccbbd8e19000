/** From stakes to voting power and proposer weight. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Amount, Millionths } from '../protocol/ids.ts'

type CapParameters = Pick<ChainParameters, 'powerCap' | 'powerCapFromValidators'>

/**
 * Powers in the order of the stakes. From `powerCapFromValidators` members on, nobody has more than the cap's share of the
 * total power after capping: the k largest are cut to c = ⌊rest × cap / (1 − k × cap)⌋ for the smallest k that suffices.
 */
export function cappedPowers(
  stakes: readonly Amount[],
  { powerCap, powerCapFromValidators }: CapParameters,
): bigint[] {
  if (stakes.length < powerCapFromValidators) return [...stakes]
  const descending = stakes.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0))
  let rest = descending.reduce((sum, stake) => sum + stake, 0n)
  let ceiling = rest
  for (let cut = 0; cut < descending.length; cut++) {
    const share = ONE_MILLION - cut * powerCap
    if (share <= 0) break
    ceiling = (rest * BigInt(powerCap)) / BigInt(share)
    if (descending[cut]! <= ceiling) break
    rest -= descending[cut]!
  }
  const least = ceiling > 1n ? ceiling : 1n
  return stakes.map((stake) => (stake > least ? least : stake))
}

/** At least 1. With reputation the score's millionths are kept, so that small stakes still differ. */
export function proposerWeight(
  { power, performance }: { readonly power: bigint; readonly performance: Millionths },
  { proposerSelection }: Pick<ChainParameters, 'proposerSelection'>,
): bigint {
  switch (proposerSelection) {
    case 'round-robin':
      return 1n
    case 'stake-weighted':
      return atLeastOne(power)
    case 'reputation-based':
      return atLeastOne(BigInt(performance))
    case 'hybrid':
      return atLeastOne(power * BigInt(performance))
  }
}

function atLeastOne(weight: bigint): bigint {
  return weight < 1n ? 1n : weight
}
