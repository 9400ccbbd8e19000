/** How few hold how much of the power, and who of them may be one party. */
import { entitiesOf, giniOf, largestOf, nakamotoOf } from '../../economy/concentration.ts'
import { formatAddress } from '../../protocol/address.ts'
import { holdersOf } from '../attack-watch.ts'
import type { ConcentrationView } from '../economy-api.ts'
import type { LiveNode } from '../live-node.ts'
import { validatorHosts } from '../validator-hosts.ts'
import { millionths } from './view-words.ts'

const DAY_MS = 24 * 3_600_000

export function concentrationView(node: LiveNode): ConcentrationView {
  const { set } = node.chain.nextSet
  const holders = holdersOf(node.chain, validatorHosts(node.options.network, node.peers))
  const powers = holders.map(({ power }) => power)
  const entities = entitiesOf(holders, DAY_MS / node.economy.fees.intervalMs)
  return {
    nakamoto: nakamotoOf(powers),
    nakamotoOfEntities: nakamotoOf(entities.map(({ power }) => power)),
    gini: giniOf(powers),
    largestShare: millionths(largestOf(powers), set.totalPower),
    entities: entities.map(({ validators, power, because }) => ({
      validators: validators.map(formatAddress),
      share: millionths(power, set.totalPower),
      because,
    })),
  }
}
