import type { Heartbeat } from '../../node-core/node/node-api.ts'
import { integer } from '../i18n/format.ts'

const MARK_WORDS: Readonly<Record<Heartbeat['mark'], string>> = {
  signed: 'signed',
  proposed: 'proposed and signed',
  late: 'signed late',
  missed: 'missed',
  'not-member': 'not in the set',
}

/** "48,217 signed" */
export function beatWords(beat: Heartbeat): string {
  return `${integer(beat.height)} ${MARK_WORDS[beat.mark]}`
}

/** Signed among the heights at which it was a member: { signed: 49, of: 50 }. Late ones are in the chain and count. */
export function signedOf(beats: readonly Heartbeat[]): { signed: number; of: number } {
  const member = beats.filter((beat) => beat.mark !== 'not-member')
  return { signed: member.filter((beat) => beat.mark !== 'missed').length, of: member.length }
}

/** One sentence for the whole row. */
export function heartbeatSentence(name: string, beats: readonly Heartbeat[]): string {
  const { signed, of } = signedOf(beats)
  if (of === 0) return `${name} was not in the set at any of the heights seen here.`
  const late = beats.filter((beat) => beat.mark === 'late').length
  const proposed = beats.filter((beat) => beat.mark === 'proposed').length
  const parts = [`${name} signed ${signed} of ${of} heights`]
  if (proposed > 0) parts.push(`proposed ${proposed}`)
  if (late > 0) parts.push(`${late} late`)
  return `${parts.join(', ')}.`
}
