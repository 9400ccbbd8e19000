/** Delegations in the state: what they are worth and how they change. Whether they may is for execution to say. */
import type { Address, Amount } from '../protocol/ids.ts'
import { delegationKey } from '../state/keys.ts'
import type { Delegation, StakePool, ValidatorRecord } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import { valueOf } from './stake-pool.ts'

/** The pool that a delegation has its shares of. */
export function poolOf(
  validator: ValidatorRecord,
  { compounding }: Pick<Delegation, 'compounding'>,
): StakePool {
  return compounding ? validator.compounding : validator.paying
}

/** What an account has with a validator now; rewards that wait are beside it. */
export function delegatedStake(view: StateView, validator: ValidatorRecord, delegator: Address): Amount {
  const delegation = view.get(delegationKey(validator.address, delegator))
  return delegation ? valueOf(poolOf(validator, delegation), delegation.shares) : 0n
}

/** A validator's own. */
export function ownStake(view: StateView, validator: ValidatorRecord): Amount {
  return delegatedStake(view, validator, validator.address)
}

/** Of rewardPerShare: parts of a base unit. */
export const REWARD_SCALE = 10n ** 18n

/** Rewards that can be claimed. */
export function earnedBy(validator: ValidatorRecord, delegation: Delegation): Amount {
  if (delegation.compounding) return 0n
  return ((validator.rewardPerShare - delegation.rewardPerShare) * delegation.shares) / REWARD_SCALE
}
