import { describe, expect, it } from 'vitest'
import type { AlertView } from '../../../node-core/node/node-api.ts'
import { alertAction, alertPath, alertWords, headSentence, minuteWords, readMinute } from './alert-words.ts'

const alert = (kind: AlertView['kind'], data: AlertView['data'] = {}): AlertView => ({
  id: kind,
  atMs: 0,
  kind,
  level: 'high',
  data,
  active: true,
})
const nameOf = (address: string) => (address === 'ait1tern' ? 'Tern' : address)

describe('an alert', () => {
  it('says who, what and where', () => {
    const caught = { validator: 'ait1tern', offence: 'double-sign', height: '1204' }
    expect(alertWords(alert('evidence', caught), nameOf)).toBe(
      'Tern is caught signing two things at height 1,204.',
    )
    expect(
      alertWords(alert('slash', { validator: 'ait1tern', offence: 'amnesia', amount: '5000000000' }), nameOf),
    ).toBe('Tern lost 5.00 AIT for forgetting its own vote.')
    expect(alertWords(alert('sybil'), nameOf)).toBe('Sybil: one party behind several validators.')
  })

  it('says what one may do, whatever it is about', () => {
    expect(alertAction('evidence')).toBe('Send it to the chain if no validator has.')
    expect(alertAction('stake-concentration')).toBe('Delegate to validators that hold less.')
    expect(alertAction('sybil')).toContain('before you count them as different')
  })

  it('leads to the page that shows it', () => {
    expect(alertPath(alert('slash', { validator: 'ait1tern' }))).toBe('/validators/ait1tern')
    expect(alertPath(alert('front-running'))).toBe('/economy?detector=front-running')
  })
})

it('the page opens with how many wait', () => {
  expect([0, 1, 2].map(headSentence)).toEqual([
    'Nothing waits to be looked at.',
    'One thing waits to be looked at.',
    'Two things wait to be looked at.',
  ])
})

it('a time of day is read as it is written, and nothing else is', () => {
  expect([0, 450, 1_439].map(minuteWords).map(readMinute)).toEqual([0, 450, 1_439])
  expect(['', '24:00', '7:30', '07:60', '07:30:00'].map(readMinute)).toEqual([null, null, null, null, null])
})
