/** Jail, removal, slashes and announced changes of a validator, in words. Pure. */
import type { SlashView, ValidatorView } from '../../../node-core/node/node-api.ts'
import { integer, shortPercent } from '../../i18n/format.ts'
import { amountWords } from '../../ui/amount-words.ts'
import { momentFrom } from './stake-words.ts'

const OFFENCES: Readonly<Record<SlashView['offence'], string>> = {
  'double-sign': 'signed two votes for one step',
  amnesia: 'voted against its own earlier prepare',
  'invalid-block': 'proposed an invalid block',
  unavailable: 'was absent too long',
  slow: 'voted too late too often',
}

export function offenceDone(offence: string): string {
  return Object.hasOwn(OFFENCES, offence) ? OFFENCES[offence as SlashView['offence']] : offence
}

/** "It was absent too long; it can come back from 14:31 on." null: not in jail. */
export function jailWords({ jail, tombstoned }: ValidatorView, nowMs: number): string | null {
  if (tombstoned)
    return `It ${jail === null ? 'was removed' : offenceDone(jail.reason)}; it never comes back.`
  if (jail === null) return null
  const over = jail.releasesAtMs <= nowMs
  return `It ${offenceDone(jail.reason)}; ${over ? 'its time is over, it may come back' : `it may come back from ${momentFrom(jail.releasesAtMs, nowMs)} on`}.`
}

/** "Signed two votes for one step: 50 % slashed, 3,985.71 AIT." */
export function slashWords({ offence, fraction, amount }: SlashView): string {
  const done = offenceDone(offence)
  return `${done.slice(0, 1).toUpperCase()}${done.slice(1)}: ${shortPercent(fraction)} slashed, ${amountWords(amount)} AIT.`
}

/** "2 absences, 1 time late"; null: none. */
export function offenceCount({ offences }: Pick<ValidatorView, 'offences'>): string | null {
  const { unavailable, slow } = offences
  const parts = [
    ...(unavailable > 0 ? [`${integer(unavailable)} ${unavailable === 1 ? 'absence' : 'absences'}`] : []),
    ...(slow > 0 ? [`${integer(slow)} ${slow === 1 ? 'time' : 'times'} late`] : []),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}

/** "6 % from epoch 404 on"; null: nothing changes. */
export function announcedWords({ announced, commission }: ValidatorView): string | null {
  if (announced === null || announced.commission === commission) return null
  return `${shortPercent(announced.commission)} from epoch ${integer(announced.fromEpoch)} on`
}
