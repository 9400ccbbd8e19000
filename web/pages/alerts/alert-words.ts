import type { AlertView } from '../../../node-core/node/node-api.ts'
import { capital, countWord, integer } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { spanWords } from '../../ui/time-words.ts'
import { ACTION_WORDS, ATTACK_WORDS } from '../economy/economy-words.ts'

type NameOf = (address: string) => string

const OFFENCES: Readonly<Record<string, string>> = {
  'double-sign': 'signing two things',
  amnesia: 'forgetting its own vote',
  'invalid-block': 'proposing an invalid block',
  unavailable: 'being absent',
  slow: 'voting too late',
}

/** What happened, in one sentence. `nameOf` tells who is behind an address. */
export function alertWords({ kind, data }: AlertView, nameOf: NameOf): string {
  const who = data.validator === undefined ? 'A validator' : nameOf(data.validator)
  const offence = OFFENCES[data.offence ?? ''] ?? 'an offence'
  switch (kind) {
    case 'evidence':
      return `${who} is caught ${offence}${data.height === undefined ? '' : ` at height ${integer(Number(data.height))}`}.`
    case 'slash':
      return `${who} lost ${amountWords(data.amount ?? '0')} AIT for ${offence}.`
    case 'jailed':
      return `${who} is in jail for ${offence}.`
    case 'stalled':
      return 'The chain does not move.'
    case 'partitioned':
      return 'This node hears too little of the voting power.'
    case 'storage':
      return 'This node cannot keep its data.'
    default:
      return `${ATTACK_WORDS[kind].name}: ${ATTACK_WORDS[kind].what}.`
  }
}

/** What a person may do about it. */
export function alertAction(kind: AlertView['kind']): string {
  switch (kind) {
    case 'evidence':
      return 'Send it to the chain if no validator has.'
    case 'slash':
      return 'See what is left of your stake, if some of it was there.'
    case 'jailed':
      return 'If it is yours: mend the cause, and bring it back when its time is over.'
    case 'stalled':
      return 'See who is silent: it goes on when enough of the power is back.'
    case 'partitioned':
      return 'Look whether this device is online, and its relay up.'
    case 'storage':
      return 'Make room on this device, and load the page again.'
    default:
      return ACTION_WORDS[kind]
  }
}

/** Where to look: the page that shows it. */
export function alertPath({ kind, data }: AlertView): string {
  switch (kind) {
    case 'evidence':
    case 'stalled':
      return '/consensus'
    case 'slash':
    case 'jailed':
      return data.validator === undefined ? '/validators' : `/validators/${data.validator}`
    case 'partitioned':
      return '/mesh'
    case 'storage':
      return '/node'
    default:
      return `/economy?detector=${kind}`
  }
}

export function headSentence(waiting: number): string {
  if (waiting === 0) return 'Nothing waits to be looked at.'
  return `${capital(countWord(waiting))} ${waiting === 1 ? 'thing waits' : 'things wait'} to be looked at.`
}

/** Minutes since midnight as 07:30, and back; null: no time of day. */
export function minuteWords(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

export function readMinute(text: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  return match === null ? null : Number(match[1]) * 60 + Number(match[2])
}

export function lastedWords(alert: AlertView, nowMs: number): string {
  return alert.active ? `for ${spanWords(Math.max(0, nowMs - alert.atMs))}` : 'over'
}
