/** Remembers in this browser that the first-run page was left, so that the next visit opens the dashboard at once. */

const KEY = 'aitbc.started'

export function hasStarted(): boolean {
  return globalThis.localStorage?.getItem(KEY) === '1'
}

export function markStarted(): void {
  globalThis.localStorage?.setItem(KEY, '1')
}
