/** What a person types to become a validator, and what is wrong with it. Pure. */
import { parseAit } from '../../../node-core/protocol/amount.ts'
import { shortPercent } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'

const NAME_MAXIMUM_BYTES = 32
const MILLIONTHS_PER_PERCENT = 10_000
/** Kept back for fees when the whole balance is asked for, base units. */
export const KEPT_FOR_FEES = 100_000_000n

export interface StakeLimits {
  /** Base units. */
  readonly minimum: bigint
  readonly balance: bigint
}

/** null: fine, or still empty. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim()
  if (trimmed === '') return null
  if (new TextEncoder().encode(trimmed).length > NAME_MAXIMUM_BYTES)
    return `At most ${NAME_MAXIMUM_BYTES} bytes of text`
  return hasControl(trimmed) ? 'Characters that cannot be seen are not allowed' : null
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}

export function stakeProblem(text: string, { minimum, balance }: StakeLimits): string | null {
  if (text.trim() === '') return null
  const stake = readAmount(text)
  if (stake === null) return 'An amount in AIT, with at most nine decimals'
  if (stake < minimum) return `At least ${amountWords(minimum.toString(), 'exact')} AIT`
  if (stake > balance) return `You have ${amountWords(balance.toString(), 'exact')} AIT`
  if (stake === balance) return 'Leave something for the fee'
  return null
}

/** Reads what people type: commas and spaces between thousands are let pass. null: no amount. */
export function readAmount(text: string): bigint | null {
  return parseAit(text.trim().replace(/(?<=\d)[,\s](?=\d{3})/g, ''))
}

/** A percentage as millionths; null: not one. */
export function readCommission(text: string): number | null {
  if (!/^\d{1,3}(\.\d{1,4})?$/.test(text.trim())) return null
  return Math.round(Number(text.trim()) * MILLIONTHS_PER_PERCENT)
}

export function commissionProblem(text: string, minimum: number, maximum: number): string | null {
  if (text.trim() === '') return null
  const commission = readCommission(text)
  if (commission === null) return 'A percentage, as 5 or 2.5'
  if (commission < minimum || commission > maximum)
    return `Between ${shortPercent(minimum).slice(0, -2)} and ${shortPercent(maximum)}`
  return null
}
