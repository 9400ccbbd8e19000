/** Notifications of the browser: asked for by a person's choice, shown for alerts by the rules. Knows no React. */
import type { StoreApi } from 'zustand/vanilla'
import type { AlertView } from '../../node-core/node/node-api.ts'
import { type AlertRules, isTold, LEVELS } from './alert-rules.ts'

export type Permission = 'granted' | 'denied' | 'default' | 'unsupported'

/** Asks once; the browser remembers the answer. */
export async function askForNotifications(): Promise<Permission> {
  if (typeof Notification === 'undefined') return 'unsupported'
  if (Notification.permission !== 'default') return Notification.permission
  return Notification.requestPermission()
}

/** false: the browser does not show any. `tag`: one with the same tag takes its place. */
export function showNotification(title: string, body: string, tag?: string): boolean {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return false
  try {
    new Notification(title, { body, ...(tag === undefined ? {} : { tag }) })
    return true
  } catch {
    // Some browsers show them from a service worker alone.
    return false
  }
}

export interface AlertSource extends Pick<StoreApi<{ readonly alerts: readonly AlertView[] }>, 'subscribe'> {}

/** Shows each alert that comes while the page is open, once, and again if it grows worse. Returns the way to stop. */
export function notifyOfAlerts(
  source: AlertSource,
  rules: Pick<StoreApi<AlertRules>, 'getState'>,
  words: (alert: AlertView) => string,
  show: typeof showNotification = showNotification,
): () => void {
  /** Id to the level it was told at. */
  const told = new Map<string, number>()
  return source.subscribe(({ alerts }, before) => {
    if (alerts === before.alerts) return
    const now = new Date()
    for (const alert of alerts) {
      const level = LEVELS.indexOf(alert.level)
      const stood = before.alerts.find(({ id, active }) => id === alert.id && active)
      if (stood !== undefined && LEVELS.indexOf(stood.level) >= level) continue
      if ((told.get(alert.id) ?? -1) >= level) continue
      if (!isTold(rules.getState(), alert, 60 * now.getHours() + now.getMinutes())) continue
      told.set(alert.id, level)
      show('AITBC mesh', words(alert), alert.id)
    }
  })
}
