/** Key presses as actions: single keys, two after each other ('g o'), and 'mod+k'. */
import type { Action } from './action.ts'

/** The second key of two must follow within this time. */
export const SEQUENCE_MS = 1200

export interface KeyPress {
  readonly key: string
  /** Ctrl or Command. */
  readonly mod: boolean
  readonly alt: boolean
  /** The press goes to a text field. */
  readonly inField: boolean
  readonly atMs: number
}

export interface ShortcutReader {
  /** The action a press completes, or null. */
  press(press: KeyPress): Action | null
}

export function createShortcutReader(actions: readonly Action[]): ShortcutReader {
  const byShortcut = new Map(
    actions.flatMap((action) => (action.shortcut ? [[action.shortcut, action]] : [])),
  )
  let first: { readonly key: string; readonly atMs: number } | null = null
  return {
    press({ key, mod, alt, inField, atMs }) {
      const pressed = key.length === 1 ? key.toLowerCase() : key
      if (mod) return byShortcut.get(`mod+${pressed}`) ?? null
      if (inField || alt) return null
      const before = first !== null && atMs - first.atMs <= SEQUENCE_MS ? first.key : null
      first = null
      const both = before === null ? undefined : byShortcut.get(`${before} ${pressed}`)
      if (both !== undefined) return both
      const alone = byShortcut.get(pressed)
      if (alone !== undefined) return alone
      first = { key: pressed, atMs }
      return null
    },
  }
}
