/** What a transaction pays and who gets it. */
import { assert } from '../lib/assert.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Amount, Gas, Millionths } from '../protocol/ids.ts'

interface FeeOffer {
  readonly maxFeePerGas: Amount
  readonly maxPriorityFeePerGas: Amount
}

export interface FeeShares {
  /** Base fee and tip: what the sender pays. */
  readonly paid: Amount
  readonly burned: Amount
  readonly rewardPool: Amount
  /** To the proposer. */
  readonly tip: Amount
}

/** Per gas. Negative: the offer does not reach the base fee. */
export function effectiveTip(offer: FeeOffer, baseFeePerGas: Amount): Amount {
  const room = offer.maxFeePerGas - baseFeePerGas
  const { maxPriorityFeePerGas: wanted } = offer
  if (room < wanted) return room
  return wanted
}

/** The burned share of the base fee is floored; the rest of it goes to the reward pool. */
export function feeShares(
  offer: FeeOffer,
  gasUsed: Gas,
  terms: { readonly baseFeePerGas: Amount; readonly burnedFee: Millionths },
): FeeShares {
  const tipPerGas = effectiveTip(offer, terms.baseFeePerGas)
  assert(tipPerGas >= 0n, 'a transaction that is applied pays the base fee')
  const gas = BigInt(gasUsed)
  const base = gas * terms.baseFeePerGas
  const tip = gas * tipPerGas
  const burned = (base * BigInt(terms.burnedFee)) / BigInt(ONE_MILLION)
  return { paid: base + tip, burned, rewardPool: base - burned, tip }
}

/** The most it can cost: what the sender must have. */
export function maximumFee(offer: FeeOffer, gas: Gas): Amount {
  return BigInt(gas) * offer.maxFeePerGas
}
