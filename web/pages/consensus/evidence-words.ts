/** What sending evidence does and brings, in words. Pure. */
import { shortPercent } from '../../i18n/format.ts'
import type { ParametersView } from '../chain-parameters.ts'

const ONE = 1_000_000n

type Terms = Pick<ParametersView, 'slashes' | 'reporterShare'>

/** Base units: a reporter's share of what a contradiction costs this stake; null: the chain's terms are not known. */
export function rewardFor(stake: bigint, { slashes, reporterShare }: Terms): bigint | null {
  if (slashes.doubleSign === null || reporterShare === null) return null
  const taken = (stake * BigInt(slashes.doubleSign)) / ONE
  return (taken * BigInt(reporterShare)) / ONE
}

export function sendingEffects(name: string, { slashes, reporterShare }: Terms): readonly string[] {
  const lost = slashes.doubleSign === null ? 'A part' : shortPercent(slashes.doubleSign)
  const won = reporterShare === null ? 'A share' : shortPercent(reporterShare)
  return [
    `${lost} of the stake behind ${name} is taken, that of its delegators too, and it is removed for good.`,
    `${won} of what is taken is yours, if yours is the first that a block carries. A later one costs its fee and brings nothing.`,
    'Validators send what they catch by themselves, one after the other; nothing is lost if you do not.',
  ]
}
