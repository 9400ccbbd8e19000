/** One party that fills blocks, so that the base fee drives others out. */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Gas, Millionths } from '../../protocol/ids.ts'
import { type Finding, namedHeights, namedSuspects, percentOf } from './finding.ts'
import type { GasMinute, Observation } from './observation.ts'
import { GAS_WINDOW_MS } from './windows.ts'

/** Of the lowest base fee of the window, millionths. */
export const FEE_RISE: Millionths = 2 * ONE_MILLION
/** Of the gas used since the fee was lowest, by one party. */
export const GAS_SHARE: Millionths = 500_000
const HIGH_RISE: Millionths = 8 * ONE_MILLION

type Seen = Pick<Observation, 'gasMinutes' | 'baseFee'>

/** PERF: who used what is added up only while the fee has risen. */
export function detectGasManipulation({ gasMinutes, baseFee }: Seen): Finding {
  const lowest = gasMinutes.reduce<GasMinute | null>(
    (least, each) => (least === null || each.lowestBaseFee <= least.lowestBaseFee ? each : least),
    null,
  )
  const rise = lowest ? Number((baseFee * BigInt(ONE_MILLION)) / lowest.lowestBaseFee) : ONE_MILLION
  const since = lowest && rise > FEE_RISE ? gasMinutes.slice(gasMinutes.indexOf(lowest)) : []
  const user = largestUser(since)
  const isDriven = user !== null && user.share > GAS_SHARE
  return {
    type: 'gas-manipulation',
    threat: !isDriven ? null : rise > HIGH_RISE ? 'high' : 'medium',
    windowMs: GAS_WINDOW_MS,
    // A fee that many drove up is a busy hour.
    value: isDriven ? rise : Math.min(rise, FEE_RISE),
    threshold: FEE_RISE,
    unit: 'times-millionths',
    evidence: [
      { label: 'base fee', value: `${(rise / ONE_MILLION).toFixed(2)} times its lowest` },
      ...(user ? [{ label: 'largest user of gas', value: percentOf(user.share) }] : []),
    ],
    heights: isDriven ? namedHeights(since.map(({ lastHeight }) => lastHeight)) : [],
    suspects: isDriven ? namedSuspects([user.party]) : [],
    response: 'sender-share',
  }
}

/** null: no gas was used. */
function largestUser(
  minutes: readonly GasMinute[],
): { readonly party: Address; readonly share: Millionths } | null {
  const used = new Map<Address, Gas>()
  let all = 0
  for (const { gasUsed, byParty } of minutes) {
    all += gasUsed
    for (const [party, gas] of byParty) used.set(party, (used.get(party) ?? 0) + gas)
  }
  let most: { party: Address; gas: Gas } | null = null
  for (const [party, gas] of used) if (most === null || gas > most.gas) most = { party, gas }
  return most && { party: most.party, share: Math.floor((most.gas / all) * ONE_MILLION) }
}
