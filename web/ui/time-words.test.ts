import { expect, test } from 'vitest'
import { aboutWords, ageCell, ageWords, blocksLeftWords, clockWords, spanWords } from './time-words.ts'

const now = Date.UTC(2026, 10, 24, 12, 0, 0)

test.each([
  [0, 'now', 'now'],
  [999, 'now', 'now'],
  [2_000, '2 s ago', '2 s'],
  [46_900, '46 s ago', '46 s'],
  [27 * 60_000, '27 min ago', '27 min'],
  [6 * 3_600_000 + 12 * 60_000, '6 h 12 min ago', '6 h 12 min'],
  [25 * 3_600_000, '23 Nov 2026', '23 Nov 2026'],
])('an age of %d ms reads "%s"', (age, sentence, cell) => {
  expect(ageWords(now - age, now)).toBe(sentence)
  expect(ageCell(now - age, now)).toBe(cell)
})

test('a peer whose clock is ahead was seen now, not in the future', () => {
  expect(ageWords(now + 5_000, now)).toBe('now')
})

test.each([
  [148, '148 ms'],
  [59_999, '59 s'],
  [3_600_000, '1 h'],
  [86_400_000, '1 day'],
  [21 * 86_400_000, '21 days'],
])('%d ms is the span "%s"', (ms, words) => {
  expect(spanWords(ms)).toBe(words)
})

test('blocks come with clock time, or say that the pace is not known', () => {
  expect(blocksLeftWords(738, 1_952)).toBe('738 blocks left, about 24 min')
  expect(blocksLeftWords(1, 2_000)).toBe('1 block left, about 2 s')
  expect(blocksLeftWords(1_548, null)).toBe('1,548 blocks left, pace not known yet')
  expect(aboutWords(0, 10)).toBe('about 1 s')
})

test('clock time has hours and minutes', () => {
  expect(clockWords(now)).toMatch(/^\d\d:\d\d$/)
})
