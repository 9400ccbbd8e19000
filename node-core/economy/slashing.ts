/**
 * What an offence costs. The stake that backed the validator at the offence pays: first what has left it since and can still
 * be lost, then what is there.
 */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Amount, Epoch, Height, Millionths } from '../protocol/ids.ts'
import {
  delegationKey,
  epochKey,
  PENDING_REWARDS_KEY,
  partiesOf,
  SLASHES_KEY,
  type StateKey,
  validatorKey,
} from '../state/keys.ts'
import { burn, pass, payOut } from '../state/ledger.ts'
import { MAX_LISTED_SLASHES } from '../state/record-kinds.ts'
import { type Redelegation, type Slash, stakeOf, type Unbonding } from '../state/records.ts'
import type { Draft, StateView } from '../state/store.ts'
import { epochOf, validatorSetOf } from '../state/validator-sets.ts'
import { shareOf } from './stake-pool.ts'
import { delegatedStake, takeStake } from './stakes.ts'

export interface SlashOrder extends Pick<Slash, 'validator' | 'offence' | 'offenceHeight' | 'reporter'> {
  /** Of the stake at the offence, as long as few are slashed. */
  readonly fraction: Millionths
}

/** Of the block that carries it out. */
export interface SlashContext {
  readonly height: Height
  readonly epoch: Epoch
  readonly parameters: Pick<ChainParameters, 'epochBlocks' | 'reporterShare'>
}

/** How much was taken from where. */
interface Taken {
  readonly bonded: Amount
  readonly unbonding: Amount
}

/**
 * A fraction of the stake that backed the validator at the offence. Stake that has left since gives the fraction of what it
 * was, whatever became of it; what is then still owed comes from the pools, in proportion, as far as there is any.
 */
export function slash(draft: Draft, order: SlashOrder, context: SlashContext): Slash {
  const { validator, offence, offenceHeight, reporter } = order
  const fraction = Math.max(order.fraction, correlatedFraction(draft, validator, context))
  const epoch = epochOf(offenceHeight, context.parameters)
  const offender = { validator, epoch, fraction }
  const left = sum(takeFromUnbondings(draft, offender), takeFromRedelegations(draft, offender))
  const owed = shareOf(stakeAt(draft, validator, epoch), fraction) - left.bonded - left.unbonding
  const taken = sum(left, takeFromPools(draft, validator, owed))
  settle(draft, taken, reporter, context)
  const amount = taken.bonded + taken.unbonding
  const slashed = { validator, offence, offenceHeight, height: context.height, fraction, amount, reporter }
  list(draft, slashed, context.epoch)
  return slashed
}

/** Its rewards that wait for evidence go to all. */
export function forfeitRewards(draft: Draft, validator: Address): void {
  const pending = draft.get(PENDING_REWARDS_KEY) ?? []
  const lost = pending.find(({ address }) => address === validator)
  if (!lost) return
  draft.set(
    PENDING_REWARDS_KEY,
    pending.filter((each) => each !== lost),
  )
  pass(draft, 'rewards', 'rewardPool', lost.amount)
}

/**
 * (3·k/n)², at most one whole, where k others were slashed in the epoch in progress before and its set has n members. One that
 * fails alone loses little; a third that fails together loses everything.
 */
function correlatedFraction(view: StateView, validator: Address, { epoch }: SlashContext): Millionths {
  const before = view.get(SLASHES_KEY)
  if (before?.epoch !== epoch) return 0
  const others = new Set(before.slashes.map((each) => each.validator))
  others.delete(validator)
  const members = validatorSetOf(view, epoch).members.length
  return Math.min(ONE_MILLION, Math.floor((9 * others.size ** 2 * ONE_MILLION) / members ** 2))
}

function stakeAt(view: StateView, validator: Address, epoch: Epoch): Amount {
  const record = view.get(epochKey(epoch))
  return record?.stakes.find(({ address }) => address === validator)?.stake ?? 0n
}

interface Offender {
  readonly validator: Address
  /** Of the offence. */
  readonly epoch: Epoch
  readonly fraction: Millionths
}

/** Of stake that still backed the validator in the epoch of the offence, or came later. */
function takeFromUnbondings(draft: Draft, { validator, epoch, fraction }: Offender): Taken {
  let unbonding = 0n
  for (const key of draft.keysOf('unbonding') as StateKey<Unbonding>[]) {
    const entry = draft.get(key)!
    if (entry.validator !== validator || entry.lastEpoch < epoch) continue
    unbonding += takeFromUnbonding(draft, key, shareOf(entry.initialAmount, fraction))
  }
  return { bonded: 0n, unbonding }
}

/** At most what is left of it. */
function takeFromUnbonding(draft: Draft, key: StateKey<Unbonding>, due: Amount): Amount {
  const entry = draft.get(key)!
  const taken = least(due, entry.amount)
  if (taken > 0n) draft.set(key, { ...entry, amount: entry.amount - taken })
  return taken
}

function takeFromRedelegations(draft: Draft, { validator, epoch, fraction }: Offender): Taken {
  let taken: Taken = { bonded: 0n, unbonding: 0n }
  for (const key of draft.keysOf('redelegations') as StateKey<readonly Redelegation[]>[]) {
    const moved = draft.get(key)!.filter(({ from, lastEpoch }) => from === validator && lastEpoch >= epoch)
    for (const redelegation of moved)
      taken = sum(taken, takeFromRedelegation(draft, partiesOf(key), redelegation, fraction))
  }
  return taken
}

/** From the delegator's stake where it moved to; what is not there any more, from what has begun to leave there since. */
function takeFromRedelegation(
  draft: Draft,
  parties: { readonly validator: Address; readonly delegator: Address },
  { amount, begunAtHeight }: Redelegation,
  fraction: Millionths,
): Taken {
  const due = shareOf(amount, fraction)
  const bonded = takeFromDelegation(draft, parties, due)
  let unbonding = 0n
  for (const key of draft.keysOf('unbonding') as StateKey<Unbonding>[]) {
    const entry = draft.get(key)!
    const isTheirs = entry.validator === parties.validator && entry.address === parties.delegator
    if (isTheirs && entry.begunAtHeight >= begunAtHeight)
      unbonding += takeFromUnbonding(draft, key, due - bonded - unbonding)
  }
  return { bonded, unbonding }
}

/** At most what it is worth, and all of it where less than a share would be left. What was put in stays what it was. */
function takeFromDelegation(
  draft: Draft,
  parties: { readonly validator: Address; readonly delegator: Address },
  due: Amount,
): Amount {
  const record = draft.get(validatorKey(parties.validator))
  const key = delegationKey(parties.validator, parties.delegator)
  const before = draft.get(key)
  const owed = record && before ? least(due, delegatedStake(draft, record, parties.delegator)) : 0n
  if (!before || owed === 0n) return 0n
  const taken = takeStake(draft, parties, owed)
  const after = draft.get(key)
  if (after) draft.set(key, { ...after, principal: before.principal })
  return taken
}

/** All who have stake with it share this; their shares stay. */
function takeFromPools(draft: Draft, validator: Address, owed: Amount): Taken {
  const record = draft.get(validatorKey(validator))
  const stake = record ? stakeOf(record) : 0n
  if (!record || stake === 0n || owed <= 0n) return { bonded: 0n, unbonding: 0n }
  const { paying, compounding } = record
  const bonded = least(owed, stake)
  const fromPaying = (bonded * paying.stake) / stake
  draft.set(validatorKey(validator), {
    ...record,
    paying: { ...paying, stake: paying.stake - fromPaying },
    compounding: { ...compounding, stake: compounding.stake - (bonded - fromPaying) },
  })
  return { bonded, unbonding: 0n }
}

/** The reporter's share, rounded down, out of both places; the rest is gone. */
function settle(
  draft: Draft,
  taken: Taken,
  reporter: Address | null,
  { parameters }: Pick<SlashContext, 'parameters'>,
): void {
  for (const place of ['bonded', 'unbonding'] as const) {
    const share = reporter === null ? 0n : shareOf(taken[place], parameters.reporterShare)
    if (reporter !== null) payOut(draft, place, reporter, share)
    burn(draft, place, taken[place] - share)
  }
}

/** For whoever looks at the state, and for the fraction of the next. */
function list(draft: Draft, slashed: Slash, epoch: Epoch): void {
  const before = draft.get(SLASHES_KEY)
  const slashes = before?.epoch === epoch ? before.slashes : []
  if (slashes.length < MAX_LISTED_SLASHES) draft.set(SLASHES_KEY, { epoch, slashes: [...slashes, slashed] })
}

function sum(a: Taken, b: Taken): Taken {
  return { bonded: a.bonded + b.bonded, unbonding: a.unbonding + b.unbonding }
}

function least(a: Amount, b: Amount): Amount {
  return a < b ? a : b
}
