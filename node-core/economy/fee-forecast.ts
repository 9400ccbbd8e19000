/** Fees to come, for people: what others pay, how the base fee goes on, how long a tip waits. No rule of a block. */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Amount, Gas, Millionths } from '../protocol/ids.ts'
import { type BlockGas, nextBaseFee } from './base-fee.ts'

/** Blocks ahead that the base fee is foretold. */
export const FORECAST_BLOCKS = 5
/** A wait that is longer than this is told as this. */
export const LONGEST_WAIT_BLOCKS = 120
/** Offered when the newest blocks hold no transaction, base units per gas. */
const QUIET_TIP: Amount = 1n

export interface Tips {
  readonly slow: Amount
  readonly standard: Amount
  readonly fast: Amount
}

export type Speed = keyof Tips

/** Where each speed stands among the tips paid; what is above it goes first. */
const PERCENTILES: Readonly<Record<Speed, Millionths>> = {
  slow: ONE_MILLION / 10,
  standard: ONE_MILLION / 2,
  fast: (9 * ONE_MILLION) / 10,
}

/** 10th, 50th and 90th percentile of the tips paid, in any order. */
export function tipsOf(paid: readonly Amount[]): Tips {
  const sorted = paid.toSorted(byAmount)
  const at = (speed: Speed) => percentile(sorted, PERCENTILES[speed]) ?? QUIET_TIP
  return { slow: at('slow'), standard: at('standard'), fast: at('fast') }
}

export interface Conditions {
  /** The newest block. */
  readonly parent: BlockGas
  /** Of the newest blocks, in any order. */
  readonly recentGas: readonly Gas[]
  /** Of all that waits. */
  readonly waitingGas: Gas
}

export interface FeeRange {
  readonly low: Amount
  readonly expected: Amount
  readonly high: Amount
}

/**
 * Of the blocks after the parent, the nearest first; that one is certain. Behind it: at most as quiet as the quietest tenth
 * of the last blocks with nothing waiting, at most as busy as the busiest tenth with all that waits ahead of it.
 */
export function foretellBaseFees(conditions: Conditions, genesisBaseFeePerGas: Amount): FeeRange[] {
  const { parent, recentGas, waitingGas } = conditions
  const sorted = recentGas.toSorted((a, b) => a - b)
  const course = (arriving: Millionths, waiting: Gas) =>
    baseFeeCourse(parent, genesisBaseFeePerGas, { arriving: percentile(sorted, arriving) ?? 0, waiting })
  const low = course(PERCENTILES.slow, 0)
  const expected = course(PERCENTILES.standard, waitingGas)
  const high = course(PERCENTILES.fast, waitingGas)
  return expected.map((fee, i) => ({ low: low[i]!, expected: fee, high: high[i]! }))
}

/** Base fees if the same comes with every block and each takes what fits. */
function baseFeeCourse(
  parent: BlockGas,
  genesisBaseFeePerGas: Amount,
  { arriving, waiting }: { readonly arriving: Gas; readonly waiting: Gas },
): Amount[] {
  const { gasLimit } = parent
  const fees: Amount[] = []
  let [last, left] = [parent, waiting]
  while (fees.length < FORECAST_BLOCKS) {
    const baseFeePerGas = nextBaseFee(last, genesisBaseFeePerGas)
    fees.push(baseFeePerGas)
    const gasUsed = Math.min(gasLimit, left + arriving)
    left = left + arriving - gasUsed
    last = { baseFeePerGas, gasUsed, gasLimit }
  }
  return fees
}

/** Of one tip, what waits with it. */
export interface TipStep {
  /** Per gas. */
  readonly tip: Amount
  readonly gas: Gas
}

/**
 * Blocks until a transaction of each speed is in one: behind all that waits and tips as much, and behind what arrives
 * meanwhile and tips more. 1: the next block that is made.
 */
export function expectedWaits(
  tips: Tips,
  waiting: readonly TipStep[],
  { recentGas, gasLimit }: { readonly recentGas: readonly Gas[]; readonly gasLimit: Gas },
): Readonly<Record<Speed, number>> {
  const arriving =
    percentile(
      recentGas.toSorted((a, b) => a - b),
      PERCENTILES.standard,
    ) ?? 0
  const wait = (speed: Speed) => {
    const ahead = waiting.reduce((sum, step) => (step.tip >= tips[speed] ? sum + step.gas : sum), 0)
    const outbid = Math.floor((arriving * (ONE_MILLION - PERCENTILES[speed])) / ONE_MILLION)
    const room = Math.max(1, gasLimit - outbid)
    return Math.min(LONGEST_WAIT_BLOCKS, 1 + Math.floor(ahead / room))
  }
  return { slow: wait('slow'), standard: wait('standard'), fast: wait('fast') }
}

function percentile<T>(sorted: readonly T[], share: Millionths): T | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor((share * sorted.length) / ONE_MILLION))]
}

function byAmount(a: Amount, b: Amount): number {
  return a < b ? -1 : a > b ? 1 : 0
}
