/** Money and its places. Every move keeps the supply's totals, so that conservation can be checked after each block. */
import { assert, fail } from '../lib/assert.ts'
import { MAX_AMOUNT } from '../protocol/amount.ts'
import type { Address, Amount, Height } from '../protocol/ids.ts'
import { accountKey, POSITION_COUNTER_KEY, SUPPLY_KEY, unbondingKey } from './keys.ts'
import type { Account, Supply, Unbonding } from './records.ts'
import type { Draft, StateView } from './store.ts'

const NO_ACCOUNT: Account = { balance: 0n, nonce: 0, lastDripHeight: 0, funder: null }

/** Of any address: one never used has nothing. */
export function accountOf(view: StateView, address: Address): Account {
  return view.get(accountKey(address)) ?? NO_ACCOUNT
}

export function supplyOf(view: StateView): Supply {
  const supply = view.get(SUPPLY_KEY)
  assert(supply, 'a state has a supply')
  return supply
}

export function totalSupply(supply: Supply): Amount {
  return supply.genesis + supply.minted + supply.faucet - supply.burned
}

export function credit(draft: Draft, to: Address, amount: Amount): void {
  assert(amount >= 0n, 'a credit is not negative')
  if (amount === 0n) return
  const account = accountOf(draft, to)
  draft.set(accountKey(to), { ...account, balance: account.balance + amount })
  changeSupply(draft, { balances: amount })
}

/** The caller has made sure that it is there. */
export function debit(draft: Draft, from: Address, amount: Amount): void {
  const account = accountOf(draft, from)
  assert(amount >= 0n && account.balance >= amount, 'a debit is covered')
  if (amount === 0n) return
  draft.set(accountKey(from), { ...account, balance: account.balance - amount })
  changeSupply(draft, { balances: -amount })
}

/**
 * From one balance to another: the totals stay. The caller has made sure that it is there. An account that never had or did
 * anything has its funder from then on.
 */
export function move(draft: Draft, from: Address, to: Address, amount: Amount): void {
  const account = accountOf(draft, from)
  assert(amount >= 0n && account.balance >= amount, 'a move is covered')
  draft.set(accountKey(from), { ...account, balance: account.balance - amount })
  const known = draft.get(accountKey(to))
  const receiver = known ?? { ...NO_ACCOUNT, funder: from }
  draft.set(accountKey(to), { ...receiver, balance: receiver.balance + amount })
}

/** New money from the faucet. */
export function drip(draft: Draft, to: Address, amount: Amount, height: Height): void {
  assert(totalSupply(supplyOf(draft)) + amount <= MAX_AMOUNT, 'all money fits in 64 bits')
  credit(draft, to, amount)
  draft.set(accountKey(to), { ...accountOf(draft, to), lastDripHeight: height })
  changeSupply(draft, { faucet: amount })
}

/** A transaction's way in: its sender pays and its nonce is spent, a part is gone, a part is in the reward pool. */
export function payFee(
  draft: Draft,
  sender: Address,
  shares: { readonly burned: Amount; readonly rewardPool: Amount },
): void {
  const account = accountOf(draft, sender)
  const { burned, rewardPool } = shares
  const paid = burned + rewardPool
  assert(account.balance >= paid, 'a fee is covered')
  draft.set(accountKey(sender), { ...account, balance: account.balance - paid, nonce: account.nonce + 1 })
  changeSupply(draft, { balances: -paid, burned, rewardPool })
}

/** From a balance to stake; pool and delegation are the caller's. The caller has made sure that it is there. */
export function bond(draft: Draft, from: Address, amount: Amount): void {
  debit(draft, from, amount)
  changeSupply(draft, { bonded: amount })
}

/** Where money is that no balance holds. */
export type Place = 'bonded' | 'unbonding' | 'rewardPool' | 'rewards'

/** From one place to another; the records are the caller's. */
export function pass(draft: Draft, from: Place, to: Place, amount: Amount): void {
  assert(amount >= 0n, 'what is passed is not negative')
  if (amount > 0n) changeSupply(draft, { [from]: -amount, [to]: amount })
}

/** From a place to a balance; the record is the caller's. */
export function payOut(draft: Draft, from: Place, to: Address, amount: Amount): void {
  if (amount === 0n) return
  credit(draft, to, amount)
  changeSupply(draft, { [from]: -amount })
}

/** Gone for good; the record is the caller's. */
export function burn(draft: Draft, from: Place, amount: Amount): void {
  assert(amount >= 0n, 'what is burned is not negative')
  if (amount > 0n) changeSupply(draft, { [from]: -amount, burned: amount })
}

/** New money for rewards. */
export function mint(draft: Draft, amount: Amount): void {
  assert(totalSupply(supplyOf(draft)) + amount <= MAX_AMOUNT, 'all money fits in 64 bits')
  if (amount > 0n) changeSupply(draft, { minted: amount, rewardPool: amount })
}

/** Stake starts its way back. Its number. */
export function beginUnbonding(draft: Draft, entry: Omit<Unbonding, 'initialAmount'>): number {
  const { next } = draft.get(POSITION_COUNTER_KEY) ?? { next: 0 }
  draft.set(unbondingKey(next), { ...entry, initialAmount: entry.amount })
  draft.set(POSITION_COUNTER_KEY, { next: next + 1 })
  pass(draft, 'bonded', 'unbonding', entry.amount)
  return next
}

/** Stake that has waited long enough is a balance again. */
export function endUnbonding(draft: Draft, position: number): void {
  const entry = draft.get(unbondingKey(position))
  assert(entry, 'an unbonding that ends is there')
  draft.delete(unbondingKey(position))
  payOut(draft, 'unbonding', entry.address, entry.amount)
}

function changeSupply(draft: Draft, changes: Partial<Supply>): void {
  const supply: { -readonly [place in keyof Supply]: Amount } = { ...supplyOf(draft) }
  for (const place of Object.keys(changes) as (keyof Supply)[]) {
    supply[place] += changes[place]!
    if (supply[place] < 0n) fail(`the total of ${place} is not negative`)
  }
  draft.set(SUPPLY_KEY, supply)
}
