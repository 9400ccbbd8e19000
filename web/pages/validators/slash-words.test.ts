import { expect, test } from 'vitest'
import type { ValidatorView } from '../../../node-core/node/node-api.ts'
import { announcedWords, jailWords, offenceCount, slashWords } from './slash-words.ts'

const NOW = Date.UTC(2026, 10, 24, 12, 0, 0)
const FREE = {
  jail: null,
  tombstoned: false,
  announced: null,
  commission: 20_000,
} as unknown as ValidatorView

test('jail has its reason and its end, and removal has none', () => {
  const jail = { reason: 'unavailable', releasesAtMs: NOW + 60_000 }
  expect(jailWords(FREE, NOW)).toBeNull()
  expect(jailWords({ ...FREE, jail }, NOW)).toMatch(
    /^It was absent too long; it may come back from \d\d:\d\d on\.$/,
  )
  expect(jailWords({ ...FREE, jail }, NOW + 60_000)).toContain('its time is over')
  const removed = { ...FREE, tombstoned: true, jail: { reason: 'double-sign', releasesAtMs: 0 } }
  expect(jailWords(removed, NOW)).toBe('It signed two votes for one step; it never comes back.')
  expect(jailWords({ ...FREE, tombstoned: true }, NOW)).toBe('It was removed; it never comes back.')
})

test('a slash says for what, which share and how much', () => {
  const facts = { height: 1, atMs: NOW, reporter: null, proof: null }
  expect(slashWords({ ...facts, offence: 'invalid-block', fraction: 300_000, amount: '3985710000000' })).toBe(
    'Proposed an invalid block: 30 % slashed, 3,985.71 AIT.',
  )
})

test('offences are counted in words, and only where there are some', () => {
  expect(offenceCount({ offences: { unavailable: 0, slow: 0 } })).toBeNull()
  expect(offenceCount({ offences: { unavailable: 1, slow: 2 } })).toBe('1 absence, 2 times late')
})

test('an announced commission says from when on; a new name alone is no such change', () => {
  const announced = { name: 'Tern', commission: 60_000, fromEpoch: 404 }
  expect(announcedWords({ ...FREE, announced })).toBe('6 % from epoch 404 on')
  expect(announcedWords({ ...FREE, announced: { ...announced, commission: 20_000 } })).toBeNull()
})
