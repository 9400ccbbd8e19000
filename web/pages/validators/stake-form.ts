/** What a person types to put stake somewhere, take it back or move it, and what is wrong with it. Pure. */
import { amountWords } from '../../ui/amount-words.ts'
import { KEPT_FOR_FEES, readAmount } from './become-form.ts'

export type StakeMove = 'delegate' | 'undelegate' | 'redelegate'

/** Base units. */
export interface MoveLimits {
  /** The balance to delegate from, or the stake to take from. */
  readonly held: bigint
  /** At least so much must be at a validator, or nothing. */
  readonly minimum: bigint
  /** A validator's own stake, of which a part must stay. */
  readonly own: boolean
}

/** null: fine, or still empty. */
export function moveProblem(move: StakeMove, text: string, limits: MoveLimits): string | null {
  if (text.trim() === '') return null
  const amount = readAmount(text)
  if (amount === null) return 'An amount in AIT, with at most nine decimals'
  if (amount === 0n) return 'The amount is zero'
  return move === 'delegate' ? putProblem(amount, limits) : takeProblem(amount, limits)
}

function putProblem(amount: bigint, { held, minimum }: MoveLimits): string | null {
  if (amount < minimum) return `At least ${ait(minimum)}`
  if (amount > held) return `You have ${ait(held)}`
  return amount === held ? 'Leave something for the fee' : null
}

function takeProblem(amount: bigint, { held, minimum, own }: MoveLimits): string | null {
  if (amount > held) return `${ait(held)} are there`
  const left = held - amount
  if (left >= minimum) return null
  if (own) return `At least ${ait(minimum)} of your own must stay; to take all of it, leave the validators`
  return left === 0n ? null : `Leave at least ${ait(minimum)}, or take all of it`
}

/** What the button "all" fills in: the whole, less what fees or the rules keep back; null: nothing. */
export function mostToMove(move: StakeMove, { held, minimum, own }: MoveLimits): bigint | null {
  const most = move === 'delegate' ? held - KEPT_FOR_FEES : own ? held - minimum : held
  return most > 0n && (move !== 'delegate' || most >= minimum) ? most : null
}

function ait(amount: bigint): string {
  return `${amountWords(amount.toString(), 'exact')} AIT`
}
