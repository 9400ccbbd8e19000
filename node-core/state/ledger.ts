/** Money and its places. Every move keeps the supply's totals, so that conservation can be checked after each block. */
import { assert, fail } from '../lib/assert.ts'
import { MAX_AMOUNT } from '../protocol/amount.ts'
import type { Address, Amount, Height, TimestampMs } from '../protocol/ids.ts'
import {
  type Account,
  accountKey,
  SUPPLY_KEY,
  type Supply,
  UNBONDING_QUEUE_KEY,
  unbondingKey,
  validatorKey,
} from './records.ts'
import type { Draft, StateView } from './store.ts'

const NO_ACCOUNT: Account = { balance: 0n, nonce: 0, lastDripHeight: 0 }

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

/** From one balance to another: the totals stay. The caller has made sure that it is there. */
export function move(draft: Draft, from: Address, to: Address, amount: Amount): void {
  const account = accountOf(draft, from)
  assert(amount >= 0n && account.balance >= amount, 'a move is covered')
  draft.set(accountKey(from), { ...account, balance: account.balance - amount })
  const receiver = accountOf(draft, to)
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

/** From a balance to a validator's own stake; the record is the caller's. */
export function bond(draft: Draft, from: Address, amount: Amount): void {
  debit(draft, from, amount)
  changeSupply(draft, { bonded: amount })
}

/** A validator's whole stake starts its way back; its record ends. */
export function unbondValidator(draft: Draft, address: Address, releasesAtMs: TimestampMs): void {
  const validator = draft.get(validatorKey(address))
  assert(validator, 'a validator that unbonds is registered')
  const amount = validator.selfStake
  draft.delete(validatorKey(address))
  const queue = draft.get(UNBONDING_QUEUE_KEY) ?? { head: 0, tail: 0 }
  draft.set(unbondingKey(queue.tail), { address, amount, releasesAtMs })
  draft.set(UNBONDING_QUEUE_KEY, { ...queue, tail: queue.tail + 1 })
  changeSupply(draft, { bonded: -amount, unbonding: amount })
}

/** Returns to balances what is due at this block time, oldest first, at most `limit` entries. */
export function releaseUnbonded(draft: Draft, nowMs: TimestampMs, limit: number): void {
  const queue = draft.get(UNBONDING_QUEUE_KEY)
  if (!queue) return
  let { head } = queue
  for (let released = 0; released < limit && head < queue.tail; released++, head++) {
    const entry = draft.get(unbondingKey(head))
    assert(entry, 'the queue has no gaps')
    if (entry.releasesAtMs > nowMs) break
    draft.delete(unbondingKey(head))
    changeSupply(draft, { unbonding: -entry.amount })
    credit(draft, entry.address, entry.amount)
  }
  if (head !== queue.head) draft.set(UNBONDING_QUEUE_KEY, { ...queue, head })
}

/** What an account has on its way back, soonest first. */
export function unbondingOf(
  view: StateView,
  address: Address,
): { readonly amount: Amount; readonly releasesAtMs: TimestampMs }[] {
  const { head, tail } = view.get(UNBONDING_QUEUE_KEY) ?? { head: 0, tail: 0 }
  const entries = []
  for (let n = head; n < tail; n++) {
    const entry = view.get(unbondingKey(n))
    if (entry?.address === address) entries.push({ amount: entry.amount, releasesAtMs: entry.releasesAtMs })
  }
  return entries
}

function changeSupply(draft: Draft, changes: Partial<Supply>): void {
  const supply: { -readonly [place in keyof Supply]: Amount } = { ...supplyOf(draft) }
  for (const place of Object.keys(changes) as (keyof Supply)[]) {
    supply[place] += changes[place]!
    if (supply[place] < 0n) fail(`the total of ${place} is not negative`)
  }
  draft.set(SUPPLY_KEY, supply)
}
