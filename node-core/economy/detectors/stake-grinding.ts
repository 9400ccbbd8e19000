/** Stake that one party moves back and forth, by one account or several, so that chance may fall its way. */
import { ONE_MILLION } from '../../protocol/constants.ts'
import type { Address, Amount, Millionths } from '../../protocol/ids.ts'
import { type Finding, namedHeights, namedSuspects, percentOf } from './finding.ts'
import type { Observation, StakeOperation } from './observation.ts'
import { GRINDING_WINDOW_MS } from './windows.ts'

/** Operations of one party; those that the cool-down refused are among them. */
export const GRINDING_OPERATIONS = 10
/** Of the most that the validator had behind it: how far this party's moves alone made it vary. */
export const GRINDING_VARIATION: Millionths = 300_000
/** What an account of several of one funder makes it vary by itself. Who moves less may be a customer of the same exchange. */
const PART_VARIATION: Millionths = GRINDING_VARIATION / 3
/** So many operations are more than an impatient person makes. */
const HIGH_OPERATIONS = 3 * GRINDING_OPERATIONS

type Seen = Pick<Observation, 'nowMs' | 'stakes' | 'stakeOperations'>

interface Grinder {
  readonly accounts: readonly Address[]
  readonly operations: readonly StakeOperation[]
  readonly variation: Millionths
}

export function detectStakeGrinding({ nowMs, stakes, stakeOperations }: Seen): Finding {
  const recent = stakeOperations.filter(({ timeMs }) => timeMs > nowMs - GRINDING_WINDOW_MS)
  const alone = [...groupBy(recent, ({ account }) => account)].map(([account, operations]) =>
    grinderOf([account], operations, stakes),
  )
  const together = [...groupBy(recent, ({ party }) => party).values()].flatMap((operations) =>
    accomplicesOf(operations, stakes),
  )
  const varied = [...alone, ...together]
    .filter(({ variation }) => variation > GRINDING_VARIATION)
    .sort((a, b) => b.operations.length - a.operations.length || (a.accounts[0]! < b.accounts[0]! ? -1 : 1))
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
    suspects: namedSuspects(grinders.flatMap(({ accounts }) => accounts)),
    response: 'cool-down',
  }
}

function grinderOf(
  accounts: readonly Address[],
  operations: readonly StakeOperation[],
  stakes: Seen['stakes'],
): Grinder {
  return { accounts, operations, variation: variationOf(operations, stakes) }
}

/** At each validator: several accounts of one funder that each move much of its stake, with what they did there. */
function accomplicesOf(operations: readonly StakeOperation[], stakes: Seen['stakes']): Grinder[] {
  const validators = new Set(operations.flatMap(({ moves }) => moves.map(({ validator }) => validator)))
  return [...validators].flatMap((validator) => {
    const there = operations.flatMap((each) => {
      const moves = each.moves.filter((move) => move.validator === validator)
      return moves.length > 0 ? [{ ...each, moves }] : []
    })
    const accounts = [...groupBy(there, ({ account }) => account)]
      .filter(([, own]) => variationOf(own, stakes) > PART_VARIATION)
      .map(([account]) => account)
    if (accounts.length < 2) return []
    const theirs = there.filter(({ account }) => accounts.includes(account))
    return [grinderOf(accounts.sort(), theirs, stakes)]
  })
}

function groupBy(
  operations: readonly StakeOperation[],
  keyOf: (operation: StakeOperation) => Address,
): ReadonlyMap<Address, StakeOperation[]> {
  const groups = new Map<Address, StakeOperation[]>()
  for (const operation of operations) {
    const group = groups.get(keyOf(operation))
    if (group) group.push(operation)
    else groups.set(keyOf(operation), [operation])
  }
  return groups
}

/** Of the validator that they made vary most. */
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
    // What is behind it now, with the highest that they had there in place of what they have.
    const most = (stakes.get(validator) ?? 0n) - at + highest
    return most <= 0n ? 0 : Number(((highest - lowest) * BigInt(ONE_MILLION)) / most)
  })
  return Math.min(ONE_MILLION, Math.max(0, ...shares))
}
