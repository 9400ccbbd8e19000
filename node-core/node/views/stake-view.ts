/** Stake of an account: what works, what is on its way back, what it has earned. */
import { releasesAtMs } from '../../economy/epoch-records.ts'
import { delegatedStake, earnedBy } from '../../economy/stakes.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { ChainParameters } from '../../protocol/genesis.ts'
import type { Address, Amount } from '../../protocol/ids.ts'
import { partiesOf, type StateKey, validatorKey } from '../../state/keys.ts'
import type { Delegation, Redelegation, Unbonding, ValidatorRecord } from '../../state/records.ts'
import type { StateView } from '../../state/store.ts'
import type { LiveNode } from '../live-node.ts'
import type { AccountView } from '../node-api.ts'
import type { StakePositionsView, StakePositionView, StakeRewardsView } from '../stake-api.ts'
import { nameOf } from './view-words.ts'
import { withdrawnPositions } from './withdrawn-view.ts'

export async function stakePositions(node: LiveNode, address: Address): Promise<StakePositionsView> {
  const active = delegationsOf(node.chain.state, address).map(delegationView)
  const unstaking = unbondingEntries(node.chain.state, address).map((each) => unbondingView(node, each))
  const moved = redelegationViews(node, address)
  const released = unstaking.filter(({ blocksLeft }) => blocksLeft === 0)
  return {
    address: formatAddress(address),
    height: node.chain.height,
    totals: {
      active: total(active, 'amount'),
      unstaking: total(unstaking, 'amount'),
      withdrawable: total(released, 'amount'),
      rewards: total(active, 'rewards'),
    },
    positions: [...active, ...unstaking, ...moved, ...(await withdrawnPositions(node, address))],
  }
}

export function stakeRewards(node: LiveNode, address: Address): StakeRewardsView {
  const { epochs } = node.economy
  const claimable = delegationsOf(node.chain.state, address).map(({ validator, delegation }) => ({
    validator: formatAddress(validator.address),
    validatorName: validator.name,
    amount: String(earnedBy(validator, delegation)),
    commission: String(validator.address === address ? validator.heldCommission : 0n),
  }))
  return {
    address: formatAddress(address),
    height: node.chain.height,
    claimable,
    history: epochs.earnedBy(address).map((point) => ({
      ...point,
      earned: String(point.earned),
      stake: String(point.stake),
    })),
    annualRate: epochs.rateOfAccount(address),
  }
}

/** Not yet withdrawn, the oldest first, which is the soonest. */
export function unbondingsOf(
  view: StateView,
  address: Address,
  parameters: ChainParameters,
): NonNullable<AccountView['unbonding']> {
  return unbondingEntries(view, address).map(({ position, entry }) => ({
    position,
    amount: String(entry.amount),
    releasedAtMs: releasesAtMs(view, entry, parameters),
  }))
}

interface OwnDelegation {
  readonly validator: ValidatorRecord
  readonly delegation: Delegation
  readonly stake: Amount
}

function delegationsOf(view: StateView, address: Address): OwnDelegation[] {
  return (view.keysOf('delegation') as StateKey<Delegation>[]).flatMap((key) => {
    const parties = partiesOf(key)
    const validator = parties.delegator === address ? view.get(validatorKey(parties.validator)) : null
    if (!validator) return []
    return [{ validator, delegation: view.get(key)!, stake: delegatedStake(view, validator, address) }]
  })
}

function delegationView({ validator, delegation, stake }: OwnDelegation): StakePositionView {
  const { principal, compounding } = delegation
  return {
    kind: 'delegation',
    position: null,
    state: stake === 0n ? 'slashed' : 'active',
    validator: formatAddress(validator.address),
    validatorName: validator.name,
    from: null,
    amount: String(stake),
    principal: String(principal),
    lost: String(principal > stake ? principal - stake : 0n),
    compounding,
    rewards: String(earnedBy(validator, delegation)),
    releasedAtMs: null,
    blocksLeft: null,
  }
}

interface OwnUnbonding {
  readonly position: number
  readonly entry: Unbonding
}

function unbondingEntries(view: StateView, address: Address): OwnUnbonding[] {
  const entries = (view.keysOf('unbonding') as StateKey<Unbonding>[]).flatMap((key) => {
    const entry = view.get(key)!
    return entry.address === address ? [{ position: Number(key.slice(key.indexOf(':') + 1)), entry }] : []
  })
  return entries.sort((a, b) => a.position - b.position)
}

function unbondingView(node: LiveNode, { position, entry }: OwnUnbonding): StakePositionView {
  const { validator, amount, initialAmount } = entry
  return {
    kind: 'unbonding',
    position,
    state: amount === 0n ? 'slashed' : 'unstaking',
    validator: formatAddress(validator),
    validatorName: nameOf(node, validator),
    from: null,
    amount: String(amount),
    principal: String(initialAmount),
    lost: String(initialAmount - amount),
    compounding: false,
    rewards: '0',
    ...releaseView(node, entry),
  }
}

/** Moved stake that is not free of what the validator before may have done; its worth is in the delegation. */
function redelegationViews(node: LiveNode, address: Address): StakePositionView[] {
  const { state } = node.chain
  return (state.keysOf('redelegations') as StateKey<readonly Redelegation[]>[]).flatMap((key) => {
    const { validator: to, delegator } = partiesOf(key)
    if (delegator !== address) return []
    return state.get(key)!.flatMap((entry) => {
      const release = releaseView(node, entry)
      if (release.blocksLeft === 0) return []
      return [
        {
          kind: 'redelegation' as const,
          position: null,
          state: 'active' as const,
          validator: formatAddress(to),
          validatorName: nameOf(node, to),
          from: formatAddress(entry.from),
          amount: String(entry.amount),
          principal: String(entry.amount),
          lost: '0',
          compounding: false,
          rewards: '0',
          ...release,
        },
      ]
    })
  })
}

function releaseView(
  { chain, economy }: LiveNode,
  entry: Pick<Unbonding, 'lastEpoch'>,
): Pick<StakePositionView, 'releasedAtMs' | 'blocksLeft'> {
  const releasedAtMs = releasesAtMs(chain.state, entry, chain.parameters)
  if (releasedAtMs === null) return { releasedAtMs, blocksLeft: null }
  const leftMs = Math.max(0, releasedAtMs - chain.parent.timestampMs)
  return { releasedAtMs, blocksLeft: Math.ceil(leftMs / economy.fees.intervalMs) }
}

function total(positions: readonly StakePositionView[], field: 'amount' | 'rewards'): string {
  return String(positions.reduce((sum, each) => sum + BigInt(each[field]), 0n))
}
