/** What detectors say, and the figures that are read beside it. */
import { giniOf, largestOf } from '../../economy/concentration.ts'
import { effectiveCount, spreadOf } from '../../economy/distribution.ts'
import { formatAddress } from '../../protocol/address.ts'
import { epochKey, PENDING_REWARDS_KEY } from '../../state/keys.ts'
import { epochOf } from '../../state/validator-sets.ts'
import type { Chain } from '../chain.ts'
import type { AttacksView, ConcentrationView, DistributionView } from '../economy-api.ts'
import type { LiveNode } from '../live-node.ts'
import { concentrationView } from './concentration-view.ts'
import { millionths } from './view-words.ts'

export function attacksView(node: LiveNode): AttacksView {
  const detectors = node.economy.attacks.findings()
  const concentration = concentrationView(node)
  return {
    height: node.chain.height,
    detectors: detectors.map((each) => ({ ...each, suspects: each.suspects.map(formatAddress) })),
    concentration,
    distribution: distributionView(node, concentration),
  }
}

function distributionView({ chain, economy }: LiveNode, { entities }: ConcentrationView): DistributionView {
  const { headers } = economy.fees
  return {
    effectiveEntities: effectiveCount(entities.map(({ share }) => BigInt(share))),
    rewards: rewardsOf(chain),
    baseFeeBlocks: headers.length,
    baseFeeSpread: spreadOf(headers.map(({ baseFeePerGas }) => baseFeePerGas)),
  }
}

/** By the members of the set whose epoch ended last: who has earned nothing counts too. */
function rewardsOf({ state, height, parameters }: Chain): DistributionView['rewards'] {
  const epoch = epochOf(height + 1, parameters) - 1
  const pending = state.get(PENDING_REWARDS_KEY) ?? []
  const members = epoch < 0 ? [] : (state.get(epochKey(epoch))?.stakes ?? [])
  const amounts = members.map(
    (member) => pending.find(({ address }) => address === member.address)?.amount ?? 0n,
  )
  const total = amounts.reduce((sum, amount) => sum + amount, 0n)
  if (total === 0n) return null
  return { epoch, gini: giniOf(amounts), largestShare: millionths(largestOf(amounts), total) }
}
