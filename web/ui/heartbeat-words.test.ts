import { expect, test } from 'vitest'
import type { Heartbeat } from '../../node-core/node/node-api.ts'
import { beatWords, heartbeatSentence, signedOf } from './heartbeat-words.ts'

const beats = (marks: readonly Heartbeat['mark'][]): Heartbeat[] =>
  marks.map((mark, i) => ({ height: 48_000 + i, mark }))

test('late counts as signed; heights outside the set do not count at all', () => {
  expect(signedOf(beats(['not-member', 'signed', 'late', 'proposed', 'missed']))).toEqual({
    signed: 3,
    of: 4,
  })
})

test('the row in one sentence', () => {
  expect(heartbeatSentence('Tern', beats(['signed', 'proposed', 'late', 'missed']))).toBe(
    'Tern signed 3 of 4 heights, proposed 1, 1 late.',
  )
  expect(heartbeatSentence('Tern', beats(['not-member']))).toContain('not in the set')
})

test('one bar', () => {
  expect(beatWords({ height: 48_217, mark: 'missed' })).toBe('48,217 missed')
})
