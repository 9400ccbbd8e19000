import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { AlertRules, AlertRulesStore } from '../store/alert-rules.ts'

export const AlertRulesContext = createContext<AlertRulesStore | null>(null)

/** What a person wants to be told of, and the store that keeps it. */
export function useAlertRules(): readonly [AlertRules, AlertRulesStore] {
  const store = use(AlertRulesContext)
  if (store === null) throw new Error('outside of AlertRulesContext')
  return [useStore(store), store]
}
