import { useNavigate, useRouterState } from '@tanstack/react-router'
import { createContext, type ReactNode, use, useCallback, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { type Action, type ActionContext, actionWords } from '../actions/action.ts'
import { shellAction } from '../actions/shell-actions.ts'
import { useConnection, useNode, useNodeStore } from '../hooks/node-context.tsx'
import type { Session, SessionState } from '../store/session.ts'
import type { UiState, UiStore } from '../store/ui-store.ts'

export interface AppParts {
  readonly ui: UiStore
  readonly session: Session
}

const Context = createContext<AppParts | null>(null)

export function AppProvider({ parts, children }: { readonly parts: AppParts; readonly children: ReactNode }) {
  return <Context value={parts}>{children}</Context>
}

export function useApp(): AppParts {
  const parts = use(Context)
  if (parts === null) throw new Error('outside of AppProvider')
  return parts
}

export function useUi<T>(selector: (state: UiState) => T): T {
  return useStore(useApp().ui, selector)
}

export function useSession<T>(selector: (state: SessionState) => T): T {
  return useStore(useApp().session, selector)
}

/** Runs actions with what they need. Stable, so that it can be given to listeners. */
export function useRunAction(): (action: Action) => void {
  const { ui } = useApp()
  const store = useNodeStore()
  const connection = useConnection()
  const go = useNavigate()
  const searchText = useRouterState({ select: (state) => state.location.searchStr })
  const context = useRef<ActionContext>(null)
  useEffect(() => {
    context.current = {
      ui,
      store,
      connection,
      navigate: (to) => void go({ href: to } as Parameters<typeof go>[0]),
      search: () => new URLSearchParams(searchText),
    }
  })
  return useCallback((action) => {
    if (context.current !== null && action.enabled(context.current.store.getState()))
      action.run(context.current)
  }, [])
}

export interface BoundAction {
  readonly action: Action
  readonly words: string
  readonly enabled: boolean
  readonly run: () => void
}

/** An action of the frame for a button: its words and whether it can be done now. */
export function useAction(id: string): BoundAction {
  const action = shellAction(id)
  const run = useRunAction()
  const words = useNode((state) => actionWords(action, state))
  const enabled = useNode((state) => action.enabled(state))
  return { action, words, enabled, run: () => run(action) }
}
