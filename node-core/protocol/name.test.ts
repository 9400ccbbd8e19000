import { expect, it } from 'vitest'
import { isValidName } from './name.ts'

it.each(['a', 'Node 7', 'Zürich', '三', 'e'.repeat(32), '🙂'])('takes "%s"', (name) => {
  expect(isValidName(name)).toBe(true)
})

it.each([
  ['nothing', ''],
  ['33 bytes', 'e'.repeat(33)],
  ['33 bytes in 11 characters', '三'.repeat(11)],
  ['a space in front', ' a'],
  ['a space behind', 'a '],
  ['a line break', 'a\nb'],
  ['a zero', 'a\u0000'],
  ['text that turns direction', 'a\u202eb'],
  ['a joiner that is not seen', 'a\u200db'],
  ['half a character', 'a\ud800'],
])('does not take %s', (_, name) => {
  expect(isValidName(name)).toBe(false)
})
