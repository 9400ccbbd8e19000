/** How few hold how much of the power, and who of them may be one party. */
import { entitiesOf, giniOf, type Holder, largestOf, nakamotoOf } from '../../economy/concentration.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { Address } from '../../protocol/ids.ts'
import { validatorKey } from '../../state/keys.ts'
import type { ConcentrationView } from '../economy-api.ts'
import type { LiveNode } from '../live-node.ts'
import { millionths } from './view-words.ts'

const DAY_MS = 24 * 3_600_000
/** A multiaddress that begins with a host; what another network calls its peers is none. */
const HOST = /^\/(?:ip4|ip6|dns|dns4|dns6|dnsaddr)\/([^/]+)/

export function concentrationView(node: LiveNode): ConcentrationView {
  const { set } = node.chain.nextSet
  const hosts = hostsOf(node)
  const holders = set.members.map(({ address, power }): Holder => {
    const record = node.chain.state.get(validatorKey(address))
    return {
      address,
      power,
      funder: record?.funder ?? null,
      registeredAtHeight: record?.registeredAtHeight ?? 0,
      host: hosts.get(address) ?? null,
    }
  })
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

/** Of the validators whose nodes are direct peers. */
function hostsOf({ options, peers }: LiveNode): ReadonlyMap<Address, string> {
  const hosts = new Map<Address, string>()
  for (const { peer, address, relayed } of options.network.connections()) {
    const validator = peers.record(peer).status?.validator
    const host = HOST.exec(address)?.[1]
    if (validator && host && !relayed) hosts.set(validator as Address, host)
  }
  return hosts
}
