/** One plain sentence for each transaction, as parts that can be drawn (flags, amounts) or joined as text. Pure. */
import type { PayloadView, TransactionView } from '../../../node-core/node/node-api.ts'
import { countWord, integer, shortPercent } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'

export type Part = string | { readonly party: string } | { readonly amount: string }

type Status = TransactionView['status']

/** A verb as done ("sent") and as yet to do ("send"). */
interface Deed {
  readonly done: string
  readonly todo: string
  readonly rest: readonly Part[]
}

/** Longest batch told deed by deed. */
const BATCH_TOLD = 3

export function transactionParts({
  sender,
  payload,
  status,
}: Pick<TransactionView, 'sender' | 'payload' | 'status'>): readonly Part[] {
  if (payload.type === 'batch') return [{ party: sender }, ...batchParts(payload, status), '.']
  const deed = deedOf(payload)
  return [{ party: sender }, ` ${verb(deed, status)}`, ...deed.rest, '.']
}

/** The same as text; `nameOf` gives a party's name or its shortened address. */
export function transactionSentence(
  transaction: Pick<TransactionView, 'sender' | 'payload' | 'status'>,
  nameOf: (address: string) => string,
): string {
  return partsText(transactionParts(transaction), nameOf)
}

export function partsText(parts: readonly Part[], nameOf: (address: string) => string): string {
  return parts
    .map((part) =>
      typeof part === 'string'
        ? part
        : 'party' in part
          ? nameOf(part.party)
          : `${amountWords(part.amount, 'exact')} AIT`,
    )
    .join('')
}

function verb(deed: Pick<Deed, 'done' | 'todo'>, status: Status): string {
  switch (status) {
    case 'succeeded':
      return deed.done
    case 'failed':
      return `tried to ${deed.todo}`
    case 'pending':
      return `is waiting to ${deed.todo}`
    case 'dropped':
      return `wanted to ${deed.todo}`
  }
}

function batchParts(payload: PayloadView, status: Status): readonly Part[] {
  const inner = Array.isArray(payload.payloads) ? payload.payloads.filter(isPayload) : []
  const head = ` ${verb({ done: 'did', todo: 'do' }, status)} ${countWord(inner.length)} ${inner.length === 1 ? 'thing' : 'things'} at once`
  const told = inner.slice(0, BATCH_TOLD).flatMap((one, index): readonly Part[] => {
    return [index === 0 ? ': ' : '; ', ...todoParts(one)]
  })
  const rest = inner.length - BATCH_TOLD
  return [head, ...told, ...(rest > 0 ? [`; and ${countWord(rest)} more`] : [])]
}

function isPayload(value: unknown): value is PayloadView {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function deedOf(payload: PayloadView): Deed {
  const tell = Object.hasOwn(DEEDS, payload.type) ? DEEDS[payload.type] : undefined
  return tell === undefined
    ? { done: 'sent', todo: 'send', rest: [` a transaction of the kind ${payload.type}`] }
    : tell(payload)
}

const DEEDS: Readonly<Record<string, (payload: PayloadView) => Deed>> = {
  transfer: (payload) => ({
    done: 'sent',
    todo: 'send',
    rest: [' ', money(payload.amount), ' to ', party(payload.to)],
  }),
  'faucet.drip': () => ({ done: 'took', todo: 'take', rest: [' a drip from the faucet'] }),
  'validator.register': (payload) => ({
    done: 'registered',
    todo: 'register',
    rest: [
      ` as the validator “${text(payload.name)}” with `,
      money(payload.stake),
      ` of stake and ${commission(payload.commission)} commission`,
    ],
  }),
  'validator.ready': () => ({ done: 'said', todo: 'say', rest: [' that it is ready to enter the set'] }),
  'validator.update': (payload) => ({
    done: 'set',
    todo: 'set',
    rest: [
      ` its validator’s name to “${text(payload.name)}” and its commission to ${commission(payload.commission)}`,
    ],
  }),
  'validator.pause': () => ({ done: 'paused', todo: 'pause', rest: [' its validator'] }),
  'validator.resume': () => ({ done: 'resumed', todo: 'resume', rest: [' its validator'] }),
  'validator.exit': () => ({ done: 'left', todo: 'leave', rest: [' the validators'] }),
  'validator.unjail': () => ({ done: 'brought', todo: 'bring', rest: [' its validator back from jail'] }),
  'validator.rotateKey': () => ({ done: 'gave', todo: 'give', rest: [' its validator new keys'] }),
  'validator.admit': ({ validator }) => ({
    done: 'voted',
    todo: 'vote',
    rest: [' to admit ', party(validator), ' to the validators'],
  }),
  'validator.expel': ({ validator }) => ({
    done: 'voted',
    todo: 'vote',
    rest: [' to expel ', party(validator), ' from the validators'],
  }),
  'stake.delegate': ({ amount, validator }) => ({
    done: 'delegated',
    todo: 'delegate',
    rest: [' ', money(amount), ' to ', party(validator)],
  }),
  'stake.undelegate': ({ amount, validator }) => ({
    done: 'asked',
    todo: 'ask',
    rest: [' ', money(amount), ' of stake back from ', party(validator)],
  }),
  'stake.redelegate': ({ amount, from, to }) => ({
    done: 'moved',
    todo: 'move',
    rest: [' ', money(amount), ' of stake from ', party(from), ' to ', party(to)],
  }),
  'stake.withdraw': ({ position }) => ({
    done: 'withdrew',
    todo: 'withdraw',
    rest: [` stake that came back, number ${figure(position)}`],
  }),
  'stake.claimRewards': ({ validator }) => ({
    done: 'claimed',
    todo: 'claim',
    rest: [' its rewards from ', party(validator)],
  }),
  'stake.compound': ({ validator, enabled }) => ({
    done: 'let',
    todo: 'let',
    rest: [
      ' its rewards from ',
      party(validator),
      enabled === true ? ' join the stake' : ' wait to be claimed',
    ],
  }),
  'evidence.submit': () => ({ done: 'sent', todo: 'send', rest: [' evidence against a validator'] }),
  'multisig.create': ({ threshold, members }) => ({
    done: 'made',
    todo: 'make',
    rest: [
      ` an account of several, which ${figure(threshold)} of ${Array.isArray(members) ? members.length : 'several'} can spend from`,
    ],
  }),
  'multisig.propose': ({ account, payload }) => ({
    done: 'proposed',
    todo: 'propose',
    rest: [
      ' that ',
      party(account),
      ' should ',
      ...(isPayload(payload) ? todoParts(payload) : ['do something']),
    ],
  }),
  'multisig.approve': onProposal('approved', 'approve', ''),
  'multisig.revoke': onProposal('took back', 'take back', 'its approval of '),
  'multisig.execute': onProposal('executed', 'execute', ''),
}

function onProposal(done: string, todo: string, what: string): (payload: PayloadView) => Deed {
  return ({ account, proposal }) => ({
    done,
    todo,
    rest: [` ${what}proposal ${figure(proposal)} of `, party(account)],
  })
}

/** What is yet to be done, without who does it: "delegate 5.00 AIT to Tern". */
export function todoParts(payload: PayloadView): readonly Part[] {
  const { todo, rest } = deedOf(payload)
  return [todo, ...rest]
}

function figure(value: unknown): string {
  return typeof value === 'number' ? integer(value) : '?'
}

function party(value: unknown): Part {
  return typeof value === 'string' ? { party: value } : 'somebody'
}

function money(value: unknown): Part {
  return typeof value === 'string' ? { amount: value } : 'some AIT'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function commission(value: unknown): string {
  return typeof value === 'number' ? shortPercent(value) : 'some'
}

const KINDS: Readonly<Record<string, string>> = {
  'faucet.drip': 'faucet',
  'validator.register': 'register',
  'validator.ready': 'ready',
  'validator.update': 'update',
  'validator.pause': 'pause',
  'validator.resume': 'resume',
  'validator.exit': 'leave',
  'validator.unjail': 'unjail',
  'validator.rotateKey': 'new keys',
  'validator.admit': 'admit',
  'validator.expel': 'expel',
  'stake.delegate': 'delegate',
  'stake.undelegate': 'take back',
  'stake.redelegate': 'move stake',
  'stake.withdraw': 'withdraw',
  'stake.claimRewards': 'claim',
  'stake.compound': 'compound',
  'evidence.submit': 'evidence',
  'multisig.create': 'share',
  'multisig.propose': 'propose',
  'multisig.approve': 'approve',
  'multisig.revoke': 'take back',
  'multisig.execute': 'execute',
}

/** Short name of a kind, for tables; kinds without one name themselves. */
export function kindWords(type: string): string {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? type) : type
}

export type Stage = 'pool' | 'proposed' | 'prepared' | 'decided'

export interface StageMark {
  readonly stage: Stage
  readonly name: string
  readonly state: 'done' | 'now' | 'later' | 'missed'
}

const STAGES: readonly { readonly stage: Stage; readonly name: string }[] = [
  { stage: 'pool', name: 'Pool' },
  { stage: 'proposed', name: 'Proposed' },
  { stage: 'prepared', name: 'Prepared' },
  { stage: 'decided', name: 'Decided' },
]

/** What is known of a transaction's way: only a decided block tells which proposal carried it. */
export function stagesOf(status: Status): readonly StageMark[] {
  return STAGES.map(({ stage, name }) => {
    if (status === 'succeeded' || status === 'failed') return { stage, name, state: 'done' }
    if (stage === 'pool') return { stage, name, state: status === 'pending' ? 'now' : 'done' }
    return { stage, name, state: status === 'dropped' ? 'missed' : 'later' }
  })
}

/** What the bar says under it. */
export function stageReason(
  transaction: Pick<TransactionView, 'status' | 'height' | 'validUntilHeight'>,
): string {
  const valid = integer(transaction.validUntilHeight)
  switch (transaction.status) {
    case 'succeeded':
      return `Decided in block ${transaction.height === null ? 'unknown' : integer(transaction.height)}; final.`
    case 'failed':
      return `Decided in block ${transaction.height === null ? 'unknown' : integer(transaction.height)}, and refused there: only the fee was taken.`
    case 'pending':
      return `In this node’s pool, and passed on to its peers. If no block takes it by height ${valid}, it is dropped and nothing is charged.`
    case 'dropped':
      return `Never decided: dropped from the pool, nothing was charged. It was valid until height ${valid}.`
  }
}

export interface FeeParts {
  /** Base units. */
  readonly paid: bigint
  /** null: the block's base fee is not known. */
  readonly base: bigint | null
  readonly burned: bigint | null
  readonly pool: bigint | null
  readonly tip: bigint | null
}

/** The fee taken apart: base fee (part burned, part to the reward pool) and tip. Rounding of the burned part goes down. */
export function feeParts(
  receipt: { readonly gasUsed: number; readonly feePaid: string },
  baseFeePerGas: string | null,
  burnedMillionths: number | null,
): FeeParts {
  const paid = BigInt(receipt.feePaid)
  if (baseFeePerGas === null) return { paid, base: null, burned: null, pool: null, tip: null }
  const whole = BigInt(baseFeePerGas) * BigInt(receipt.gasUsed)
  const base = whole < paid ? whole : paid
  const burned = burnedMillionths === null ? null : (base * BigInt(burnedMillionths)) / 1_000_000n
  return { paid, base, burned, pool: burned === null ? null : base - burned, tip: paid - base }
}
