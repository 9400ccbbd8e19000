/** Stake that one account moves back and forth, so that chance may fall its way. */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Amount, Millionths } from '../../protocol/ids.ts'
import { type Finding, namedHeights, namedSuspects, percentOf } from './finding.ts'
import type { Observation, StakeOperation } from './observation.ts'
import { GRINDING_WINDOW_MS } from './windows.ts'

/** Operations of one account; those that the cool-down refused are among them. */
export const GRINDING_OPERATIONS = 10
/** Of the most that the validator had behind it: how far this account's moves alone made it vary. */
export const GRINDING_VARIATION: Millionths = 300_000
/** So many operations are more than an impatient person makes. */
const HIGH_OPERATIONS = 3 * GRINDING_OPERATIONS

type Seen = Pick<Observation, 'nowMs' | 'stakes' | 'stakeOperations'>

interface Grinder {
  readonly account: Address
  readonly operations: readonly StakeOperation[]
  readonly variation: Millionths
}

export function detectStakeGrinding({ nowMs, stakes, stakeOperations }: Seen): Finding {
  const byAccount = new Map<Address, StakeOperation[]>()
  for (const operation of stakeOperations) {
    if (operation.timeMs <= nowMs - GRINDING_WINDOW_MS) continue
    const own = byAccount.get(operation.account)
    if (own) own.push(operation)
    else byAccount.set(operation.account, [operation])
  }
  const varied = [...byAccount]
    .map(
      ([account, operations]): Grinder => ({
        account,
        operations,
        variation: variationOf(operations, stakes),
      }),
    )
    .filter(({ variation }) => variation > GRINDING_VARIATION)
    .sort((a, b) => b.operations.length - a.operations.length || (a.account < b.account ? -1 : 1))
  const grinders = varied.filter(({ operations }) => operations.length > GRINDING_OPERATIONS)
  const value = varied[0]?.operations.length ?? 0
  return {
    type: 'stake-grinding',
    threat: grinders.length === 0 ? null : value > HIGH_OPERATIONS || grinders.length > 1 ? 'high' : 'medium',
    windowMs: GRINDING_WINDOW_MS,
    // Of those whose stake varied enough: who delegates to many validators does no harm.
    value,
    threshold: GRINDING_OPERATIONS,
    unit: 'count',
    evidence: grinders.slice(0, 3).flatMap(({ operations, variation }) => [
      { label: 'stake operations', value: String(operations.length) },
      { label: 'variation of a validator’s stake', value: percentOf(variation) },
    ]),
    heights: namedHeights(grinders.flatMap(({ operations }) => operations.map(({ height }) => height))),
    suspects: namedSuspects(grinders.map(({ account }) => account)),
    response: 'cool-down',
  }
}

/** Of the validator that it made vary most. */
function variationOf(operations: readonly StakeOperation[], stakes: Seen['stakes']): Millionths {
  const runs = new Map<Address, { at: Amount; lowest: Amount; highest: Amount }>()
  for (const { moves, done } of operations) {
    if (!done) continue
    for (const { validator, change } of moves) {
      const run = runs.get(validator) ?? { at: 0n, lowest: 0n, highest: 0n }
      runs.set(validator, run)
      run.at += change
      if (run.at < run.lowest) run.lowest = run.at
      if (run.at > run.highest) run.highest = run.at
    }
  }
  const shares = [...runs].map(([validator, { at, lowest, highest }]) => {
    // What is behind it now, with the highest that this account had there in place of what it has.
    const most = (stakes.get(validator) ?? 0n) - at + highest
    return most <= 0n ? 0 : Number(((highest - lowest) * BigInt(ONE_MILLION)) / most)
  })
  return Math.min(ONE_MILLION, Math.max(0, ...shares))
}
