/** The RPC counts in base units, the command line in AIT: amounts inside a view are changed by the names of their fields. */
import { formatAit } from '../node-core/protocol/amount.ts'

const AMOUNT_FIELDS: ReadonlySet<string> = new Set([
  'amount',
  'balance',
  'stake',
  'fee',
  'feePaid',
  'baseFeePerGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'slow',
  'standard',
  'fast',
  'total',
  'genesis',
  'minted',
  'faucet',
  'burned',
  'bonded',
  'rewardPool',
  'unbonding',
  'rewards',
  'supply',
  'active',
  'unstaking',
  'withdrawable',
  'selfStake',
  'principal',
  'lost',
  'earned',
  'commission',
  'fees',
  'feesSaved',
  'tip',
  'low',
  'expected',
  'high',
])

/** A copy in which every amount is a decimal string of AIT. */
export function amountsInAit(view: unknown): unknown {
  if (Array.isArray(view)) return view.map(amountsInAit)
  if (typeof view !== 'object' || view === null) return view
  return Object.fromEntries(
    Object.entries(view).map(([name, value]) => [
      name,
      isAmount(name, value) ? inAit(value) : amountsInAit(value),
    ]),
  )
}

/** `1500000000` is `1.5`. */
export function inAit(baseUnits: string): string {
  return formatAit(BigInt(baseUnits))
}

function isAmount(name: string, value: unknown): value is string {
  return AMOUNT_FIELDS.has(name) && typeof value === 'string' && /^\d+$/.test(value)
}
