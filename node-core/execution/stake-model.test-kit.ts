/** Follows a chain with a plain book of all stake. Whatever the chain has must agree with it, but for what it rounds away. */
import { delegatedStake, earnedBy } from '../economy/stakes.ts'
import { assert } from '../lib/assert.ts'
import { ONE_MILLION } from '../protocol/constants.ts'
import { accusedBy, decodeEvidenceProof, type EvidenceProof } from '../protocol/evidence-proof.ts'
import type { ChainParameters } from '../protocol/genesis.ts'
import type { Address, Amount, Epoch, Height, Millionths, TimestampMs } from '../protocol/ids.ts'
import { type Offence, offenceOf } from '../protocol/offence.ts'
import type { Receipt } from '../protocol/receipt.ts'
import type {
  EvidenceSubmit,
  ProposablePayload,
  SinglePayload,
  VerifiedTransaction,
} from '../protocol/transaction.ts'
import {
  delegationKey,
  PENDING_REWARDS_KEY,
  partiesOf,
  SLASHES_KEY,
  type StateKey,
  unbondingKey,
  validatorKey,
} from '../state/keys.ts'
import type { Delegation, PendingRewards, Slash, Unbonding, ValidatorRecord } from '../state/records.ts'
import type { ChainState, StateView } from '../state/store.ts'
import { allValidators, epochOf, lastHeightOf, validatorSetOf } from '../state/validator-sets.ts'
import { singles } from './check-transaction.ts'
import { type Entry, FINE, StakeBook } from './stake-book.test-kit.ts'

/** What a block is going to pay, and at which commissions: taken from the state before it. */
export interface Before {
  readonly pending: PendingRewards
  readonly commissions: ReadonlyMap<Address, number>
}

export function before(view: StateView): Before {
  return {
    pending: view.get(PENDING_REWARDS_KEY) ?? [],
    commissions: new Map(allValidators(view).map(({ address, commission }) => [address, commission])),
  }
}

interface FollowedBlock {
  readonly height: Height
  readonly timestampMs: TimestampMs
  readonly transactions: readonly VerifiedTransaction[]
  readonly receipts: readonly Receipt[]
}

export class StakeModel {
  readonly #view: ChainState
  readonly #parameters: ChainParameters
  readonly #book = new StakeBook()
  readonly #exiting = new Set<Address>()
  readonly #endedAtMs = new Map<Epoch, TimestampMs>()
  /** In the epoch in progress. */
  readonly #slashed = new Set<Address>()
  /** Of an account of several, in order. */
  readonly #proposals = new Map<Address, ProposablePayload[]>()
  #commissions = new Map<Address, Millionths>()
  #nextPosition = 0
  #height: Height = 0

  /** Of the genesis. The state is looked at to compare, and for what is no matter of stake: who is in which set, who earned how much. */
  constructor(view: ChainState) {
    this.#view = view
    this.#parameters = view.parameters
    for (const { address, paying } of allValidators(view))
      this.#book.put(address, address, paying.stake, false)
    for (const epoch of [0, 1]) this.#book.remember(epoch)
  }

  /** Follows a block; then throws where the state after it is not what it should be. */
  follow({ height, timestampMs, transactions, receipts }: FollowedBlock, was: Before): void {
    this.#height = height
    this.#commissions = new Map(was.commissions)
    const slashes = (this.#view.get(SLASHES_KEY)?.slashes ?? []).filter((each) => each.height === height)
    while (slashes[0]?.reporter === null) this.#slash(slashes.shift()!)
    for (const [i, { transaction }] of transactions.entries()) {
      if (receipts[i]!.code !== 'ok') continue
      for (const payload of singles(transaction.payload))
        if (payload.type === 'evidence.submit')
          this.#slash(provedBy(transaction.sender, payload, slashes.shift()))
        else this.#apply(transaction.sender, payload, timestampMs)
    }
    assert(slashes.length === 0, 'who is slashed was accused, or away')
    if (height === lastHeightOf(this.#epoch, this.#parameters)) this.#endEpoch(timestampMs, was.pending)
    this.#compareDelegations()
    this.#compareLeaving()
  }

  get #epoch(): Epoch {
    return epochOf(this.#height, this.#parameters)
  }

  #apply(sender: Address, payload: SinglePayload, timestampMs: TimestampMs): void {
    const book = this.#book
    switch (payload.type) {
      case 'validator.exit':
        this.#exiting.add(sender)
        break
      case 'validator.register':
        this.#exiting.delete(sender)
        this.#commissions.set(sender, payload.commission)
        book.put(sender, sender, payload.stake, false)
        break
      case 'stake.delegate':
        book.put(payload.validator, sender, payload.amount, false)
        break
      case 'stake.undelegate':
        book.take(payload.validator, sender, payload.amount)
        this.#beginLeaving(sender, payload.validator, payload.amount * FINE, this.#epoch + 1)
        break
      case 'stake.claimRewards':
        book.claim(payload.validator, sender)
        break
      case 'stake.withdraw':
        book.leaving.delete(payload.position)
        break
      case 'stake.redelegate':
        this.#move(sender, payload, timestampMs)
        break
      case 'stake.compound':
        this.#compound(sender, payload)
        break
      case 'multisig.propose':
        this.#proposals.set(payload.account, [
          ...(this.#proposals.get(payload.account) ?? []),
          payload.payload,
        ])
        break
      case 'multisig.execute':
        this.#apply(payload.account, this.#proposals.get(payload.account)![payload.proposal]!, timestampMs)
        break
    }
  }

  #compound(
    sender: Address,
    { validator, enabled }: Extract<SinglePayload, { type: 'stake.compound' }>,
  ): void {
    const entry = this.#book.entry(validator, sender)
    if (!entry || entry.compounding === enabled) return
    this.#book.claim(validator, sender)
    entry.compounding = enabled
  }

  #move(
    delegator: Address,
    { from, to, amount }: Extract<SinglePayload, { type: 'stake.redelegate' }>,
    timestampMs: TimestampMs,
  ): void {
    const book = this.#book
    const compounding = book.entry(from, delegator)?.compounding ?? false
    book.take(from, delegator, amount)
    book.put(to, delegator, amount, compounding)
    book.moved = book.moved.filter(
      (each) => each.to !== to || each.delegator !== delegator || !this.#isOver(each.lastEpoch, timestampMs),
    )
    const place = { begunAtHeight: this.#height, lastEpoch: this.#epoch + 1 }
    book.moved.push({ from, to, delegator, amount: amount * FINE, ...place })
  }

  #beginLeaving(address: Address, validator: Address, amount: bigint, lastEpoch: Epoch): void {
    if (amount === 0n) return
    const entry = { address, validator, initial: amount, amount, begunAtHeight: this.#height, lastEpoch }
    this.#book.leaving.set(this.#nextPosition++, entry)
  }

  #isOver(lastEpoch: Epoch, timestampMs: TimestampMs): boolean {
    const endedMs = this.#endedAtMs.get(lastEpoch)
    return endedMs !== undefined && endedMs + this.#parameters.unbondingMs <= timestampMs
  }

  /** Whom and for what is known; how much, and of whom, is worked out here. */
  #slash({ validator, offence, offenceHeight, fraction, amount }: Slash): void {
    const book = this.#book
    this.#slashed.delete(validator)
    const members = validatorSetOf(this.#view, this.#epoch).members.length
    const together = Math.floor((9 * this.#slashed.size ** 2 * ONE_MILLION) / members ** 2)
    const expected = Math.max(fractionOf(offence, this.#parameters), Math.min(together, ONE_MILLION))
    assert(fraction === expected, `${offence} costs ${fraction} millionths, not ${expected}`)
    this.#slashed.add(validator)
    const taken = book.slash({ validator, fraction, epoch: epochOf(offenceHeight, this.#parameters) })
    const rounded = [...book.entries.keys()].reduce((sum, each) => sum + book.slackOf(each), 0n)
    agree(`slash of ${validator}`, amount, taken, rounded)
  }

  #endEpoch(timestampMs: TimestampMs, pending: PendingRewards): void {
    this.#pay(pending)
    this.#book.remember(this.#epoch + 2)
    this.#endedAtMs.set(this.#epoch, timestampMs)
    this.#releaseExited()
    this.#book.moved = this.#book.moved.filter(({ lastEpoch }) => !this.#isOver(lastEpoch, timestampMs))
    this.#slashed.clear()
  }

  /** Everyone's part of what was set aside an epoch ago, one by one. */
  #pay(pending: PendingRewards): void {
    const book = this.#book
    for (const { address, amount } of pending) {
      const record = this.#view.get(validatorKey(address))
      if (!record || record.jail || record.tombstoned) continue
      const shared = amount - (amount * BigInt(this.#commissions.get(address)!)) / BigInt(ONE_MILLION)
      const total = book.total(address)
      for (const entry of book.entriesOf(address)) {
        if (book.isDust(address, total)) entry.unsure = true
        if (entry.stake === 0n) continue
        const part = (shared * FINE * entry.stake) / total
        if (entry.compounding) entry.stake += part
        else entry.rewards += part
      }
      book.count(address)
    }
  }

  /** Those that leave and have power in no set to come: their own stake begins its way back. */
  #releaseExited(): void {
    const epoch = this.#epoch
    const ahead = [epoch + 1, epoch + 2].flatMap((each) => validatorSetOf(this.#view, each).members)
    for (const validator of [...this.#exiting].sort()) {
      const own = this.#book.entry(validator, validator)
      if (!own || ahead.some(({ address }) => address === validator)) continue
      this.#book.claim(validator, validator)
      this.#book.entries.get(validator)!.delete(validator)
      // Of less than was rounded, there may be nothing.
      const isThere = this.#view.get(unbondingKey(this.#nextPosition))?.address === validator
      if (isThere || !this.#book.isDust(validator, own.stake))
        this.#beginLeaving(validator, validator, own.stake, epoch)
    }
  }

  #compareDelegations(): void {
    const known = new Set(this.#view.keysOf('delegation') as StateKey<Delegation>[])
    for (const [validator, entries] of this.#book.entries) {
      const record = this.#view.get(validatorKey(validator))
      for (const [delegator, entry] of entries) {
        const key = delegationKey(validator, delegator)
        const delegation = this.#view.get(key)
        known.delete(key)
        if (record && delegation) this.#compare(record, delegator, entry, delegation)
        else if (this.#book.isDust(validator, entry.stake)) entries.delete(delegator)
        else throw new Error(`${delegator} lost ${entry.stake / FINE} with ${validator}`)
      }
    }
    for (const key of known) this.#adoptDust(partiesOf(key), this.#view.get(key)!)
  }

  #compare(record: ValidatorRecord, delegator: Address, entry: Entry, delegation: Delegation): void {
    const { address } = record
    const stake = delegatedStake(this.#view, record, delegator)
    const rewards = earnedBy(record, delegation)
    if (entry.unsure) Object.assign(entry, { stake: stake * FINE, rewards: rewards * FINE, unsure: false })
    const slack = this.#book.slackOf(address)
    agree(`stake of ${delegator} with ${address}`, stake, entry.stake, slack)
    agree(`rewards of ${delegator} with ${address}`, rewards, entry.rewards, slack)
    assert(
      delegation.compounding === entry.compounding,
      'a delegation is of the kind that it was asked to be',
    )
  }

  /** All of a delegation was taken but for what was rounded. */
  #adoptDust(
    { validator, delegator }: { readonly validator: Address; readonly delegator: Address },
    { compounding }: Delegation,
  ): void {
    const stake = delegatedStake(this.#view, this.#view.get(validatorKey(validator))!, delegator)
    if (!this.#book.isDust(validator, stake * FINE))
      throw new Error(`nobody made ${delegator} with ${validator}`)
    this.#book.put(validator, delegator, stake, compounding)
  }

  #compareLeaving(): void {
    const { leaving } = this.#book
    const keys = new Set(this.#view.keysOf('unbonding') as StateKey<Unbonding>[])
    for (const [number, { address, validator, lastEpoch, initial, amount }] of leaving) {
      const entry = this.#view.get(unbondingKey(number))
      assert(keys.delete(unbondingKey(number)) && entry, `position ${number} is there`)
      assert(entry.address === address && entry.validator === validator, `position ${number} is whose it was`)
      assert(entry.lastEpoch === lastEpoch, `position ${number} waits as long as it must`)
      const slack = this.#book.slackOf(validator)
      agree(`position ${number} at first`, entry.initialAmount, initial, slack)
      agree(`position ${number}`, entry.amount, amount, slack)
    }
    assert(keys.size === 0, 'every position is somebody’s')
  }
}

/** What the chain lists for it is what the proof says. */
function provedBy(reporter: Address, { proof }: EvidenceSubmit, listed: Slash | undefined): Slash {
  const decoded = decodeEvidenceProof(proof)
  assert(decoded.ok && listed, 'evidence that holds can be read, and has its slash')
  const { sender, height } = accusedBy(decoded.value)
  const { validator, offence, offenceHeight } = listed
  assert(validator === sender && offenceHeight === height && listed.reporter === reporter, 'the accused pays')
  assert(offence === shownBy(decoded.value), 'for what it did')
  return listed
}

function shownBy(proof: EvidenceProof): Offence | null {
  return proof.type === 'invalid-block' ? 'invalid-block' : offenceOf(proof.pair.first, proof.pair.second)
}

function fractionOf(offence: Offence, parameters: ChainParameters): Millionths {
  const fractions: Readonly<Record<Offence, Millionths>> = {
    'double-sign': parameters.doubleSignSlash,
    amnesia: parameters.doubleSignSlash,
    'invalid-block': parameters.invalidBlockSlash,
    unavailable: parameters.unavailableSlash,
    slow: parameters.slowSlash,
  }
  return fractions[offence]
}

function agree(what: string, actual: Amount, fine: bigint, slack: Amount): void {
  const difference = actual - fine / FINE
  if (difference > slack || difference < -slack)
    throw new Error(`${what} is ${actual}, by the model ${fine / FINE}, ±${slack}`)
}
