import { describe, expect, it } from 'vitest'
import { status } from '../store/fixtures.ts'
import { createNodeStore } from '../store/node-store.ts'
import { actionWords, shortcutWords } from './action.ts'
import { ACTIONS } from './registry.ts'
import { shellAction } from './shell-actions.ts'
import { createShortcutReader, SEQUENCE_MS } from './shortcuts.ts'

const state = createNodeStore().getState()

describe('the action registry', () => {
  it('has each id and each shortcut once', () => {
    const ids = ACTIONS.map((action) => action.id)
    expect(new Set(ids).size).toBe(ids.length)
    const shortcuts = ACTIONS.flatMap((action) => action.shortcut ?? [])
    expect(new Set(shortcuts).size).toBe(shortcuts.length)
  })

  it('has no shortcut that hides the first key of a longer one', () => {
    const shortcuts = ACTIONS.flatMap((action) => action.shortcut ?? [])
    const single = new Set(shortcuts.filter((shortcut) => !shortcut.includes(' ')))
    const hidden = shortcuts.filter(
      (shortcut) => shortcut.includes(' ') && single.has(shortcut.split(' ')[0]!),
    )
    expect(hidden).toEqual([])
  })

  it('has words for every action before anything is known', () => {
    for (const action of ACTIONS) expect(actionWords(action, state)).not.toBe('')
  })

  it('gathers the actions of every page', () => {
    const modules = import.meta.glob<Record<string, unknown>>('./*-actions.ts', { eager: true })
    expect(Object.keys(modules).length).toBeGreaterThan(1)
    const lists = Object.values(modules).flatMap((module) =>
      Object.entries(module).flatMap(([name, list]) =>
        name.endsWith('Actions') ? (list as typeof ACTIONS) : [],
      ),
    )
    expect(lists.filter((action) => !ACTIONS.includes(action))).toEqual([])
  })
})

describe('what one does about the own validator', () => {
  it('is not offered to an observer, which does not know of it', () => {
    const offered = (mode: 'light' | 'observer') =>
      ACTIONS.filter(
        (action) =>
          action.id.startsWith('validator.') && action.enabled({ ...state, status: status({ mode }) }),
      ).map((action) => action.id)
    expect(offered('light')).toEqual(['validator.become'])
    expect(offered('observer')).toEqual([])
  })
})

describe('shortcuts', () => {
  const press = (key: string, part: { mod?: boolean; inField?: boolean; atMs?: number } = {}) => ({
    key,
    mod: false,
    alt: false,
    inField: false,
    atMs: 0,
    ...part,
  })

  it('are read as single keys, as two keys, and with Ctrl', () => {
    const reader = createShortcutReader(ACTIONS)
    expect(reader.press(press('p'))?.id).toBe('live.pause')
    expect(reader.press(press('g'))).toBeNull()
    expect(reader.press(press('c', { atMs: 200 }))?.id).toBe('go.consensus')
    expect(reader.press(press('K', { mod: true }))?.id).toBe('view.search')
    expect(reader.press(press('?'))?.id).toBe('view.help')
  })

  it('leave text fields alone, but for those with Ctrl', () => {
    const reader = createShortcutReader(ACTIONS)
    expect(reader.press(press('p', { inField: true }))).toBeNull()
    expect(reader.press(press('k', { inField: true, mod: true }))).toBe(shellAction('view.search'))
  })

  it('forget a first key after a moment', () => {
    const reader = createShortcutReader(ACTIONS)
    reader.press(press('g', { atMs: 0 }))
    expect(reader.press(press('c', { atMs: SEQUENCE_MS + 1 }))).toBeNull()
  })

  it('are written as on the keys', () => {
    expect(shortcutWords('g o')).toBe('G O')
    expect(shortcutWords('mod+k')).toBe('Ctrl K')
    expect(shortcutWords('?')).toBe('?')
  })
})
