import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { AlertView } from '../../node-core/node/node-api.ts'
import type { AlertRules } from './alert-rules.ts'
import { notifyOfAlerts } from './notifications.ts'

const alert = (part: Partial<AlertView> = {}): AlertView => ({
  id: 'sybil@1',
  atMs: 0,
  kind: 'sybil',
  level: 'high',
  data: {},
  active: true,
  ...part,
})

/** A page with these rules; `come` is what the node tells. */
function page(part: Partial<AlertRules> = {}, before: readonly AlertView[] = []) {
  const source = createStore<{ readonly alerts: readonly AlertView[] }>(() => ({ alerts: before }))
  const rules = createStore<AlertRules>(() => ({ notifyFrom: 'medium', quiet: null, seen: [], ...part }))
  const shown: (readonly [string, string, string | undefined])[] = []
  const stop = notifyOfAlerts(
    source,
    rules,
    ({ kind, level }) => `${kind}, ${level}`,
    (...notification) => shown.push(notification as never) > 0,
  )
  const come = (...alerts: readonly AlertView[]) => source.setState({ alerts })
  return { source, rules, shown, stop, come }
}

describe('a notification', () => {
  it('tells of an alert that comes, in words and once, in the place of the last about the same', () => {
    const { shown, come } = page()
    come(alert())
    come(alert())
    come(alert({ active: false }))
    come(alert())
    expect(shown).toEqual([['AITBC mesh', 'sybil, high', 'sybil@1']])
  })

  it('follows the level asked for, as it is when the alert comes', () => {
    const { shown, come, rules } = page({ notifyFrom: null })
    come(alert({ id: 'a' }))
    rules.setState({ notifyFrom: 'high' })
    come(alert({ id: 'a' }), alert({ id: 'b', level: 'medium' }), alert({ id: 'c' }))
    expect(shown.map(([, , tag]) => tag)).toEqual(['c'])
  })

  it('tells of what was too little when it grows worse, not of what grows better', () => {
    const { shown, come } = page({ notifyFrom: 'high' })
    for (const level of ['low', 'medium', 'critical', 'high', 'critical'] as const) come(alert({ level }))
    expect(shown.map(([, words]) => words)).toEqual(['sybil, critical'])
  })

  it('is not of what stood before, was looked at, or comes in quiet hours', () => {
    const stood = page({}, [alert()])
    stood.come(alert(), alert({ id: 'new' }))
    expect(stood.shown.map(([, , tag]) => tag)).toEqual(['new'])
    const seen = page({ seen: ['sybil@1'] })
    seen.come(alert())
    expect(seen.shown).toEqual([])
    const allDay = page({ quiet: { from: 0, to: 24 * 60 } })
    allDay.come(alert())
    expect(allDay.shown).toEqual([])
  })

  it('comes no more once it was stopped', () => {
    const { shown, come, stop } = page()
    stop()
    come(alert())
    expect(shown).toEqual([])
  })
})
