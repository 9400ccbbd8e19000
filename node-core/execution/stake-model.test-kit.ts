/**
 * Stake and rewards the plain way: what each delegator has with each validator, kept one by one, without pools or shares, in
 * fractions of a base unit. The chain must agree with it but for what it rounds away.
 */
import { delegatedStake, earnedBy } from '../economy/stakes.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import type { Address, Amount } from '../protocol/ids.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type { Payload, SinglePayload, VerifiedTransaction } from '../protocol/transaction.ts'
import { delegationKey, PENDING_REWARDS_KEY, partiesOf, type StateKey, validatorKey } from '../state/keys.ts'
import type { Delegation, PendingRewards } from '../state/records.ts'
import type { StateView } from '../state/store.ts'
import { allValidators } from '../state/validator-sets.ts'

/** Of a base unit. */
const FINE = 10n ** 12n
/** Base units by which one event may move a delegation beside the model: each division rounds by less than one. */
const ROUNDED_AN_EVENT = 2n

const MOST_ROUNDED = 1_000_000n

interface Entry {
  stake: bigint
  rewards: bigint
  compounding: boolean
}

/** What a block is going to pay, and at which commissions: taken from the state before it. */
export interface Before {
  readonly pending: PendingRewards
  readonly commissions: ReadonlyMap<Address, number>
  /** Tells whether anyone was punished. */
  readonly offences: string
}

export function before(view: StateView): Before {
  const validators = allValidators(view)
  return {
    pending: view.get(PENDING_REWARDS_KEY) ?? [],
    commissions: new Map(validators.map(({ address, commission }) => [address, commission])),
    offences: offencesOf(view),
  }
}

function offencesOf(view: StateView): string {
  const each = allValidators(view).map(({ address, jail, tombstoned, unavailable, slow }) =>
    [address, jail?.reason, tombstoned, unavailable.count, slow.count].join(),
  )
  return each.filter((text) => !text.endsWith(',,false,0,0')).join(';')
}

export class StakeModel {
  readonly #entries = new Map<Address, Map<Address, Entry>>()
  readonly #exiting = new Set<Address>()
  /** Of each validator: operations and payments so far. */
  readonly #events = new Map<Address, bigint>()

  constructor(view: StateView) {
    this.#adopt(view)
  }

  /** As the chain has it: at the start, and where something was done that only the chain works out. */
  #adopt(view: StateView): void {
    this.#entries.clear()
    for (const key of view.keysOf('delegation') as StateKey<Delegation>[]) {
      const { validator, delegator } = partiesOf(key)
      const record = view.get(validatorKey(validator))!
      const delegation = view.get(key)!
      const all = this.#entries.get(validator) ?? new Map<Address, Entry>()
      this.#entries.set(validator, all)
      all.set(delegator, {
        stake: delegatedStake(view, record, delegator) * FINE,
        rewards: earnedBy(record, delegation) * FINE,
        compounding: delegation.compounding,
      })
    }
  }

  /** Follows a block; then throws where the state after it is not what it should be. */
  follow(
    view: StateView,
    {
      transactions,
      receipts,
    }: { transactions: readonly VerifiedTransaction[]; receipts: readonly Receipt[] },
    { isLastOfEpoch, was }: { isLastOfEpoch: boolean; was: Before },
  ): void {
    const commissions = new Map(was.commissions)
    let executed = false
    for (const [i, { transaction }] of transactions.entries()) {
      if (receipts[i]!.code !== 'ok') continue
      for (const payload of singles(transaction.payload)) {
        this.#apply(transaction.sender, payload)
        executed ||= payload.type === 'multisig.execute'
        if (payload.type === 'validator.register') commissions.set(transaction.sender, payload.commission)
      }
    }
    if (isLastOfEpoch) this.#pay(view, was.pending, commissions)
    if (offencesOf(view) !== was.offences || executed) this.#adopt(view)
    this.#compare(view)
  }

  #apply(sender: Address, payload: SinglePayload): void {
    if (payload.type === 'validator.exit') this.#exiting.add(sender)
    if (payload.type === 'validator.register') {
      this.#exiting.delete(sender)
      this.#put(sender, sender, payload.stake, false)
    }
    if (payload.type === 'stake.delegate') this.#put(payload.validator, sender, payload.amount, false)
    if (payload.type === 'stake.undelegate') this.#take(payload.validator, sender, payload.amount)
    if (payload.type === 'stake.claimRewards') this.#claim(payload.validator, sender)
    if (payload.type === 'stake.redelegate') {
      const moved = this.#entry(payload.from, sender)
      this.#take(payload.from, sender, payload.amount)
      this.#put(payload.to, sender, payload.amount, moved?.compounding ?? false)
    }
    if (payload.type === 'stake.compound') {
      const entry = this.#entry(payload.validator, sender)
      if (!entry || entry.compounding === payload.enabled) return
      this.#claim(payload.validator, sender)
      entry.compounding = payload.enabled
    }
  }

  #put(validator: Address, delegator: Address, amount: Amount, compounding: boolean): void {
    this.#claim(validator, delegator)
    const all = this.#entries.get(validator) ?? new Map<Address, Entry>()
    this.#entries.set(validator, all)
    const entry = all.get(delegator) ?? { stake: 0n, rewards: 0n, compounding }
    all.set(delegator, { ...entry, stake: entry.stake + amount * FINE })
  }

  #take(validator: Address, delegator: Address, amount: Amount): void {
    this.#claim(validator, delegator)
    const entry = this.#entry(validator, delegator)
    if (!entry) return
    entry.stake -= amount * FINE
    // Nobody may leave less than the least delegation: this was all of it, but for what was rounded.
    if (entry.stake < MOST_ROUNDED * FINE) this.#entries.get(validator)!.delete(delegator)
  }

  /** Of every operation on a delegation: what it has earned is paid. */
  #claim(validator: Address, delegator: Address): void {
    this.#events.set(validator, (this.#events.get(validator) ?? 0n) + 1n)
    const entry = this.#entry(validator, delegator)
    if (entry) entry.rewards = 0n
  }

  /** Everyone's part of what was set aside an epoch ago, one by one. */
  #pay(view: StateView, pending: PendingRewards, commissions: Before['commissions']): void {
    for (const { address, amount } of pending) {
      const record = view.get(validatorKey(address))
      if (!record || record.jail || record.tombstoned) continue
      const shared = amount - (amount * BigInt(commissions.get(address)!)) / BigInt(ONE_MILLION)
      const entries = [...this.#entries.get(address)!.values()].filter(({ stake }) => stake > 0n)
      const total = entries.reduce((sum, { stake }) => sum + stake, 0n)
      for (const entry of entries) {
        const part = (shared * FINE * entry.stake) / total
        if (entry.compounding) entry.stake += part
        else entry.rewards += part
      }
      this.#events.set(address, (this.#events.get(address) ?? 0n) + 1n)
    }
  }

  #compare(view: StateView): void {
    const known = new Set(view.keysOf('delegation'))
    for (const [validator, entries] of this.#entries) {
      const record = view.get(validatorKey(validator))
      const slack = ROUNDED_AN_EVENT * (this.#events.get(validator) ?? 0n)
      for (const [delegator, entry] of entries) {
        const key = delegationKey(validator, delegator)
        const delegation = view.get(key)
        if (!record || !delegation) {
          const isReleased = delegator === validator && this.#exiting.has(validator)
          if (!isReleased && entry.stake > slack * FINE)
            throw new Error(`${delegator} lost ${entry.stake / FINE} with ${validator}`)
          entries.delete(delegator)
          continue
        }
        known.delete(key)
        const stake = delegatedStake(view, record, delegator)
        agree(`stake of ${delegator} with ${validator}`, stake, entry.stake, slack)
        agree(`rewards of ${delegator} with ${validator}`, earnedBy(record, delegation), entry.rewards, slack)
      }
    }
    for (const key of known)
      throw new Error(`nobody made ${partiesOf(key as StateKey<Delegation>).delegator}`)
  }

  #entry(validator: Address, delegator: Address): Entry | undefined {
    return this.#entries.get(validator)?.get(delegator)
  }
}

function agree(what: string, actual: Amount, fine: bigint, slack: bigint): void {
  const difference = actual - fine / FINE
  if (difference > slack || difference < -slack)
    throw new Error(`${what} is ${actual}, by the model ${fine / FINE}, ±${slack}`)
}

function singles(payload: Payload): readonly SinglePayload[] {
  if (payload.type === 'batch') return payload.payloads
  return payload.type === 'evidence.submit' ? [] : [payload]
}
