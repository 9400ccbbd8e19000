import { expect, it } from 'vitest'
import { ANNOUNCE_EVERY_MS, createAnnouncer } from './announcer.ts'

it('says at most one message in five seconds, the newest', () => {
  const announcer = createAnnouncer()
  expect(announcer.offer('stalled', 0)).toBe(0)
  expect(announcer.next(0)).toBe('stalled')
  expect(announcer.offer('round 2', 1000)).toBe(ANNOUNCE_EVERY_MS - 1000)
  expect(announcer.offer('round 3', 2000)).toBe(ANNOUNCE_EVERY_MS - 2000)
  expect(announcer.next(2000)).toBeNull()
  expect(announcer.next(ANNOUNCE_EVERY_MS)).toBe('round 3')
})

it('does not say again what was said last', () => {
  const announcer = createAnnouncer()
  announcer.offer('stalled', 0)
  announcer.next(0)
  announcer.offer('healthy', 1000)
  expect(announcer.offer('stalled', 2000)).toBeNull()
  expect(announcer.next(60_000)).toBeNull()
})
