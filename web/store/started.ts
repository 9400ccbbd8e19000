/** Remembers in this browser that the first-run page was left, so that the next visit opens the dashboard at once. */

const KEY = 'aitbc.started'
/** A page that was left stays left, also when the browser's data is cleared under it. */
let started = false

export function hasStarted(): boolean {
  started ||= globalThis.localStorage?.getItem(KEY) === '1'
  return started
}

export function markStarted(): void {
  started = true
  globalThis.localStorage?.setItem(KEY, '1')
}
