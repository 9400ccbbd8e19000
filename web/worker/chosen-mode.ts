/** The mode that a person chose for this browser's node; kept for every tab of it. */
import type { TabMode } from '../../node-core/node/wallet-api.ts'

const KEY = 'aitbc.mode'

export function chosenMode(): TabMode {
  return localStorage.getItem(KEY) === 'observer' ? 'observer' : 'light'
}

export function keepMode(mode: TabMode): void {
  localStorage.setItem(KEY, mode)
}
