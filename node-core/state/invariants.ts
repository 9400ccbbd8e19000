/**
 * Conservation: money is neither made nor lost but by the named ways. A breach is a bug of ours and stops the node: it is
 * thrown, with the figures.
 */
import type { Amount } from '../protocol/ids.ts'
import { PENDING_REWARDS_KEY } from './keys.ts'
import { supplyOf, totalSupply } from './ledger.ts'
import { type Account, type Supply, stakeOf, type Unbonding, type ValidatorRecord } from './records.ts'
import type { StateView } from './store.ts'

export class ConservationBreach extends Error {
  readonly figures: Readonly<Record<string, Amount>>

  constructor(what: string, figures: Readonly<Record<string, Amount>>) {
    const list = Object.entries(figures).map(([name, amount]) => `${name} ${amount}`)
    super(`assertion failed: conservation: ${what}: ${list.join(', ')}`)
    this.name = 'ConservationBreach'
    this.figures = figures
  }
}

/** From the kept totals: cheap, after every block. */
export function assertConserved(view: StateView): void {
  const supply = supplyOf(view)
  const places = supply.balances + supply.bonded + supply.unbonding + supply.rewardPool + supply.rewards
  if (totalSupply(supply) !== places) throw new ConservationBreach('sources and places differ', { ...supply })
}

/** Places whose money is in records, and not in a total alone. */
const COUNTED = ['balances', 'bonded', 'unbonding', 'rewards'] as const

/** Counts every record: at the end of each epoch. Cost: one pass over the state. */
export function assertRecounted(view: StateView): void {
  const kept = supplyOf(view)
  const counted: Pick<Supply, (typeof COUNTED)[number]> = {
    balances: sum(view, 'account', (account: Account) => account.balance),
    bonded: sum(view, 'validator', stakeOf),
    unbonding: sum(view, 'unbonding', (entry: Unbonding) => entry.amount),
    rewards:
      (view.get(PENDING_REWARDS_KEY) ?? []).reduce((total, { amount }) => total + amount, 0n) +
      sum(
        view,
        'validator',
        (validator: ValidatorRecord) => validator.heldRewards + validator.heldCommission,
      ),
  }
  for (const place of COUNTED) {
    if (counted[place] === kept[place]) continue
    throw new ConservationBreach(`${place} counted`, { ...kept, counted: counted[place] })
  }
  assertConserved(view)
}

function sum<T>(
  view: StateView,
  kind: 'account' | 'validator' | 'unbonding',
  amountOf: (record: T) => Amount,
): Amount {
  let total = 0n
  view.each<T>(kind, (record) => {
    total += amountOf(record)
  })
  return total
}
