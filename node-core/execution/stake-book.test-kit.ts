/**
 * Who has what with whom, the plain way: one by one, without pools or shares, in fractions of a base unit; what is on its way
 * back, what was moved, and what a slash takes of all that.
 */
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Address, Amount, Epoch, Height, Millionths } from '../protocol/ids.ts'

/** Of a base unit. */
export const FINE = 10n ** 12n
/** Base units by which one event may move a delegation beside the book: each division rounds by less than one. */
const ROUNDED_AN_EVENT = 2n
/** Nobody may leave less than the least delegation. Below this, in base units, it was all, but for what was rounded. */
const MOST_ROUNDED = 1_000_000n

export interface Entry {
  stake: bigint
  rewards: bigint
  compounding: boolean
  /** What is left is less than what was rounded, and who gets which part of a reward hangs on it: the chain knows better. */
  unsure: boolean
}

export interface Leaving {
  readonly address: Address
  readonly validator: Address
  readonly initial: bigint
  readonly begunAtHeight: Height
  readonly lastEpoch: Epoch
  amount: bigint
}

export interface Moved {
  readonly from: Address
  readonly to: Address
  readonly delegator: Address
  readonly amount: bigint
  readonly begunAtHeight: Height
  readonly lastEpoch: Epoch
}

/** Of the stake that backed the validator in the epoch. */
interface SlashTerms {
  readonly validator: Address
  readonly epoch: Epoch
  readonly fraction: Millionths
}

export class StakeBook {
  /** By validator, then by delegator. */
  readonly entries = new Map<Address, Map<Address, Entry>>()
  /** By the number of the position. */
  readonly leaving = new Map<number, Leaving>()
  /** In the order they moved. */
  moved: Moved[] = []
  readonly #stakes = new Map<Epoch, ReadonlyMap<Address, bigint>>()
  /** Of each validator: operations, payments and slashes so far. */
  readonly #events = new Map<Address, bigint>()

  entry(validator: Address, delegator: Address): Entry | undefined {
    return this.entries.get(validator)?.get(delegator)
  }

  entriesOf(validator: Address): Entry[] {
    return [...(this.entries.get(validator)?.values() ?? [])]
  }

  total(validator: Address): bigint {
    return this.entriesOf(validator).reduce((sum, { stake }) => sum + stake, 0n)
  }

  /** Base units by which the chain may differ. */
  slackOf(validator: Address): Amount {
    return ROUNDED_AN_EVENT * (this.#events.get(validator) ?? 0n)
  }

  count(validator: Address): void {
    this.#events.set(validator, (this.#events.get(validator) ?? 0n) + 1n)
  }

  isDust(validator: Address, fine: bigint): boolean {
    return fine <= this.slackOf(validator) * FINE
  }

  /** Of every operation on a delegation: what it has earned is paid. */
  claim(validator: Address, delegator: Address): void {
    this.count(validator)
    const entry = this.entry(validator, delegator)
    if (entry) entry.rewards = 0n
  }

  put(validator: Address, delegator: Address, amount: Amount, compounding: boolean): void {
    this.claim(validator, delegator)
    const all = this.entries.get(validator) ?? new Map<Address, Entry>()
    this.entries.set(validator, all)
    const entry = all.get(delegator) ?? { stake: 0n, rewards: 0n, compounding, unsure: false }
    all.set(delegator, { ...entry, stake: entry.stake + amount * FINE })
  }

  take(validator: Address, delegator: Address, amount: Amount): void {
    this.claim(validator, delegator)
    const entry = this.entry(validator, delegator)
    if (!entry) return
    entry.stake -= amount * FINE
    if (entry.stake < MOST_ROUNDED * FINE) this.entries.get(validator)!.delete(delegator)
  }

  /** What is behind each validator now is what backs its power in that epoch. */
  remember(epoch: Epoch): void {
    const stakes = [...this.entries.keys()].map((validator) => [validator, this.total(validator)] as const)
    this.#stakes.set(epoch, new Map(stakes))
  }

  /** First what left since, then what moved elsewhere, then all who are still there, in proportion. What was taken. */
  slash(terms: SlashTerms): bigint {
    const { validator, epoch, fraction } = terms
    this.count(validator)
    const due = part(this.#stakes.get(epoch)?.get(validator) ?? 0n, fraction)
    const left = this.#slashLeaving(terms) + this.#slashMoved(terms)
    return left + this.#slashThere(validator, due - left)
  }

  #slashLeaving({ validator, epoch, fraction }: SlashTerms): bigint {
    let taken = 0n
    for (const each of this.leaving.values())
      if (each.validator === validator && each.lastEpoch >= epoch)
        taken += takeFrom(each, part(each.initial, fraction))
    return taken
  }

  /** From the stake where it moved to; what has left there again since gives the rest. */
  #slashMoved({ validator, epoch, fraction }: SlashTerms): bigint {
    let taken = 0n
    for (const each of this.moved) {
      if (each.from !== validator || each.lastEpoch < epoch) continue
      let due = part(each.amount, fraction)
      const there = this.#slashOne(each.to, each.delegator, due)
      due -= there
      taken += there
      for (const leaving of this.#leftAfter(each)) {
        const gone = takeFrom(leaving, due)
        due -= gone
        taken += gone
      }
    }
    return taken
  }

  /** In the order of the chain, which has numbers as texts. */
  #leftAfter({ to, delegator, begunAtHeight }: Moved): Leaving[] {
    return [...this.leaving]
      .filter(([, each]) => each.validator === to && each.address === delegator)
      .filter(([, each]) => each.begunAtHeight >= begunAtHeight)
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
      .map(([, each]) => each)
  }

  #slashOne(validator: Address, delegator: Address, due: bigint): bigint {
    const entry = this.entry(validator, delegator)
    if (!entry || due === 0n) return 0n
    if (this.isDust(validator, entry.stake)) entry.unsure = true
    const taken = least(due, entry.stake)
    this.claim(validator, delegator)
    entry.stake -= taken
    if (this.isDust(validator, entry.stake)) this.entries.get(validator)!.delete(delegator)
    return taken
  }

  #slashThere(validator: Address, due: bigint): bigint {
    if (due <= 0n) return 0n
    const total = this.total(validator)
    const isAll = this.isDust(validator, total - due)
    for (const entry of this.entriesOf(validator))
      entry.stake = isAll ? 0n : entry.stake - (due * entry.stake) / total
    return isAll ? total : due
  }
}

function takeFrom(leaving: Leaving, due: bigint): bigint {
  const taken = least(due, leaving.amount)
  leaving.amount -= taken
  return taken
}

function part(amount: bigint, fraction: Millionths): bigint {
  return (amount * BigInt(fraction)) / BigInt(ONE_MILLION)
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
