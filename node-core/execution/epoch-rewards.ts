/** The rewards of an epoch: what was worked in it, by whom, and what it mints. */
import {
  isPunished,
  mintedFor,
  mintRewards,
  payRewards,
  performanceMultiplier,
  setRewardsAside,
} from '../economy/rewards.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Address } from '../protocol/ids.ts'
import { totalWeight } from '../protocol/proposer-priority.ts'
import { epochKey, PARTICIPATION_KEY, validatorKey } from '../state/keys.ts'
import { supplyOf } from '../state/ledger.ts'
import type { Draft, StateView } from '../state/store.ts'
import { validatorSetOf } from '../state/validator-sets.ts'
import type { BlockContext } from './block-context.ts'

/** Pays those of the epoch before, then sets those of this one aside. Before its participation is folded. */
export function turnRewards(draft: Draft, context: BlockContext): void {
  payRewards(draft)
  mintRewards(draft, minted(draft, context))
  setRewardsAside(draft, earners(draft, context))
}

/** By block times. The first epoch mints nothing: when it began is not on the chain, and a genesis may be old by then. */
function minted(view: StateView, { epoch, timestampMs, parameters }: BlockContext): bigint {
  const beganMs = epoch === 0 ? timestampMs : view.get(epochKey(epoch - 1))!.endedAtMs!
  return mintedFor(supplyOf(view).bonded, timestampMs - beganMs, parameters)
}

/** Members with the stake that backed their power, times how they did. */
function earners(view: StateView, { epoch, parameters }: BlockContext) {
  const set = validatorSetOf(view, epoch)
  const total = totalWeight(set.members)
  const before = membersOf(view, epoch - 1)
  const { stakes } = view.get(epochKey(epoch))!
  const counts = new Map((view.get(PARTICIPATION_KEY) ?? []).map((count) => [count.address, count]))
  return set.members.map(({ address, weight }, i) => {
    const record = view.get(validatorKey(address))
    const count = counts.get(address)
    if (!record || isPunished(record) || !count) return { address, weight: 0n }
    // The first certificate of an epoch is of the epoch before.
    const possible = parameters.epochBlocks - (before.has(address) ? 0 : 1)
    const turns = Number((BigInt(parameters.epochBlocks * ONE_MILLION) * weight) / total)
    const multiplier = performanceMultiplier({ ...count, possible, turns })
    return { address, weight: stakes[i]!.stake * BigInt(multiplier) }
  })
}

function membersOf(view: StateView, epoch: number): ReadonlySet<Address> {
  return new Set(epoch < 0 ? [] : validatorSetOf(view, epoch).members.map(({ address }) => address))
}
