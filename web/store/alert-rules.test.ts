import { describe, expect, it } from 'vitest'
import type { AlertView } from '../../node-core/node/node-api.ts'
import { createAlertRules, isTold, isWithin } from './alert-rules.ts'

const NIGHT = { from: 22 * 60, to: 7 * 60 }
const NOON = 12 * 60

const alert = (part: Partial<AlertView> = {}): AlertView => ({
  id: 'sybil',
  atMs: 0,
  kind: 'sybil',
  level: 'high',
  data: {},
  active: true,
  ...part,
})

function kept(): Pick<Storage, 'getItem' | 'setItem'> {
  const held = new Map<string, string>()
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value) }
}

describe('a notification', () => {
  const rules = { notifyFrom: 'medium', quiet: null, seen: [] } as const

  it('is for alerts of the level asked for and above, while they are active and not looked at', () => {
    expect(isTold(rules, alert(), NOON)).toBe(true)
    expect(isTold(rules, alert({ level: 'medium' }), NOON)).toBe(true)
    expect(isTold(rules, alert({ level: 'low' }), NOON)).toBe(false)
    expect(isTold(rules, alert({ active: false }), NOON)).toBe(false)
    expect(isTold({ ...rules, seen: ['sybil'] }, alert(), NOON)).toBe(false)
    expect(isTold({ ...rules, notifyFrom: null }, alert(), NOON)).toBe(false)
  })

  it('is not shown in quiet hours, also over midnight', () => {
    expect(isTold({ ...rules, quiet: NIGHT }, alert(), 23 * 60)).toBe(false)
    expect(isTold({ ...rules, quiet: NIGHT }, alert(), NOON)).toBe(true)
    expect([21 * 60 + 59, 22 * 60, 0, 7 * 60 - 1, 7 * 60].map((minute) => isWithin(NIGHT, minute))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ])
    expect(isWithin({ from: 60, to: 120 }, 90)).toBe(true)
    expect(isWithin({ from: 60, to: 120 }, 120)).toBe(false)
  })
})

describe('rules', () => {
  it('are kept in the browser', () => {
    const storage = kept()
    const first = createAlertRules(storage)
    first.setNotifyFrom('critical')
    first.setQuiet(NIGHT)
    first.markSeen(['a', 'b', 'a'])
    expect(createAlertRules(storage).getState()).toMatchObject({
      notifyFrom: 'critical',
      quiet: NIGHT,
      seen: ['a', 'b'],
    })
  })

  it.each(['', '{', 'null', '[]', '{"notifyFrom":"loud","quiet":{"from":-1,"to":5},"seen":[1]}'])(
    'that were kept wrong count as not set: %s',
    (text) => {
      const storage = { getItem: () => text, setItem: () => {} }
      expect(createAlertRules(storage).getState()).toMatchObject({ notifyFrom: null, quiet: null, seen: [] })
    },
  )
})
