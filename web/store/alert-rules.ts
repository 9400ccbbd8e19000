/** Which alerts a person is told of, and which were looked at: kept in this browser. Knows no React. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AlertView, ThreatLevel } from '../../node-core/node/node-api.ts'

export const LEVELS: readonly ThreatLevel[] = ['low', 'medium', 'high', 'critical']

/** Minutes since midnight; a span that ends before it begins goes over midnight. */
export interface QuietHours {
  readonly from: number
  readonly to: number
}

export interface AlertRules {
  /** The least level that a notification is shown for; null: none is. */
  readonly notifyFrom: ThreatLevel | null
  readonly quiet: QuietHours | null
  /** Ids of alerts that were looked at, newest last. */
  readonly seen: readonly string[]
}

export interface AlertRulesStore extends StoreApi<AlertRules> {
  setNotifyFrom(level: ThreatLevel | null): void
  setQuiet(quiet: QuietHours | null): void
  markSeen(ids: readonly string[]): void
}

const KEY = 'aitbc.alerts'
const SEEN_KEPT = 500
const DAY_MINUTES = 24 * 60
const NO_RULES: AlertRules = { notifyFrom: null, quiet: null, seen: [] }

export function createAlertRules(storage: Pick<Storage, 'getItem' | 'setItem'> | null): AlertRulesStore {
  const store = createStore<AlertRules>(() => readRules(storage?.getItem(KEY) ?? null))
  const set = (change: Partial<AlertRules>) => {
    store.setState(change)
    storage?.setItem(KEY, JSON.stringify(store.getState()))
  }
  return Object.assign(store, {
    setNotifyFrom: (notifyFrom: ThreatLevel | null) => set({ notifyFrom }),
    setQuiet: (quiet: QuietHours | null) => set({ quiet }),
    markSeen: (ids: readonly string[]) =>
      set({ seen: [...new Set([...store.getState().seen, ...ids])].slice(-SEEN_KEPT) }),
  })
}

/** Whether a notification is due for an alert that has just come, at a minute of the day. */
export function isTold({ notifyFrom, quiet, seen }: AlertRules, alert: AlertView, minute: number): boolean {
  if (notifyFrom === null || !alert.active || seen.includes(alert.id)) return false
  if (LEVELS.indexOf(alert.level) < LEVELS.indexOf(notifyFrom)) return false
  return quiet === null || !isWithin(quiet, minute)
}

export function isWithin({ from, to }: QuietHours, minute: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}

/** Whatever was kept: what does not fit counts as not set. */
function readRules(text: string | null): AlertRules {
  if (text === null) return NO_RULES
  try {
    const { notifyFrom, quiet, seen } = JSON.parse(text) as Record<string, unknown>
    return {
      notifyFrom: LEVELS.find((level) => level === notifyFrom) ?? null,
      quiet: readQuiet(quiet),
      seen: Array.isArray(seen) ? seen.filter((id) => typeof id === 'string').slice(-SEEN_KEPT) : [],
    }
  } catch {
    return NO_RULES
  }
}

function readQuiet(value: unknown): QuietHours | null {
  if (typeof value !== 'object' || value === null) return null
  const { from, to } = value as Record<string, unknown>
  const isMinute = (at: unknown): at is number =>
    Number.isInteger(at) && (at as number) >= 0 && (at as number) < DAY_MINUTES
  return isMinute(from) && isMinute(to) ? { from, to } : null
}
