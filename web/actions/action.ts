/**
 * One thing a person can do: the same object feeds the button, the palette, the shortcut and the help sheet.
 * A page's own actions are in `<page>-actions.ts` as `<page>Actions`; registry.ts gathers them.
 */
import type { LucideIcon } from 'lucide-react'
import type { Connection } from '../store/connection.ts'
import type { NodeState, NodeStore } from '../store/node-store.ts'
import type { UiStore } from '../store/ui-store.ts'

export interface ActionContext {
  readonly store: NodeStore
  readonly ui: UiStore
  /** null until the node is reached. */
  readonly connection: Connection | null
  /** Path with search part, as '/consensus?height=12'. */
  readonly navigate: (to: string) => void
  /** Search part of the shown address. */
  readonly search: () => URLSearchParams
}

export interface Action {
  /** Unique, as 'live.pause'. */
  readonly id: string
  readonly group: 'Go to' | 'Live' | 'View' | 'Do'
  /** As on a button; may depend on the state ("Go on live"). */
  readonly words: string | ((state: NodeState) => string)
  readonly icon: LucideIcon
  /** One key or two after each other: 'p', '?', 'g o'. 'mod+k' is Ctrl or Command. */
  readonly shortcut?: string
  readonly enabled: (state: NodeState) => boolean
  readonly run: (context: ActionContext) => void
}

export function actionWords(action: Action, state: NodeState): string {
  return typeof action.words === 'string' ? action.words : action.words(state)
}

/** 'g o' → "G O", 'mod+k' → "Ctrl K". */
export function shortcutWords(shortcut: string, mac = false): string {
  return shortcut
    .replace('mod+', mac ? '⌘ ' : 'Ctrl ')
    .split(' ')
    .map((key) => (key.length === 1 ? key.toUpperCase() : key))
    .join(' ')
}
