/**
 * Stake held in common and its shares, so that a slash or a reward changes the pool and never each delegation. What a
 * delegator gets is rounded down and what it gives up is rounded up: nobody gains by rounding, and a pool never owes more
 * than it holds.
 */

import { assert } from '../lib/assert.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Amount, Millionths } from '../protocol/ids.ts'
import type { Shares, StakePool } from '../state/records.ts'

export const EMPTY_POOL: StakePool = { stake: 0n, shares: 0n }

/** What shares are worth. */
export function worthOf({ stake, shares: all }: StakePool, shares: Shares): Amount {
  assert(shares >= 0n && shares <= all, 'shares are of the pool')
  return all === 0n ? 0n : (stake * shares) / all
}

/** Shares to give up for an amount: the fewest that are worth it. All of them where the amount is their worth. */
export function sharesWorth(pool: StakePool, amount: Amount, owned: Shares): Shares {
  const worth = worthOf(pool, owned)
  assert(amount <= worth, 'the shares are worth the amount')
  if (amount === worth) return owned
  return (pool.shares * amount + pool.stake - 1n) / pool.stake
}

/** Shares for a base unit at which a pool takes no more: slash upon slash they would outgrow their 128 bits. */
const MAX_SHARES_A_UNIT = 1n << 40n

/** A pool that was slashed to next to nothing takes no more: its shares would be worth what newcomers bring. */
export function canDeposit({ stake, shares }: StakePool): boolean {
  return shares <= stake * MAX_SHARES_A_UNIT
}

/** What an amount buys; 0: it is less than a share. The pool takes deposits. */
export function sharesFor(pool: StakePool, amount: Amount): Shares {
  return pool.shares === 0n ? amount : (pool.shares * amount) / pool.stake
}

export function deposit(
  pool: StakePool,
  amount: Amount,
): { readonly pool: StakePool; readonly shares: Shares } {
  assert(canDeposit(pool), 'a pool takes the amount')
  const shares = sharesFor(pool, amount)
  assert(shares > 0n, 'an amount buys shares')
  return { pool: { stake: pool.stake + amount, shares: pool.shares + shares }, shares }
}

/** `amount`: at most what the shares are worth. */
export function withdraw(pool: StakePool, shares: Shares, amount: Amount): StakePool {
  assert(amount <= worthOf(pool, shares), 'nothing is taken from the others')
  const rest = pool.shares - shares
  assert(rest > 0n || pool.stake === amount, 'a pool without shares holds nothing')
  return { stake: pool.stake - amount, shares: rest }
}

/** A fraction of the stake, rounded down. */
export function shareOf(amount: Amount, fraction: Millionths): Amount {
  return (amount * BigInt(fraction)) / BigInt(ONE_MILLION)
}
