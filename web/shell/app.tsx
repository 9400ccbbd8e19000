import { type RouterHistory, RouterProvider } from '@tanstack/react-router'
import { useStore } from 'zustand'
import { NodeProvider } from '../hooks/node-context.tsx'
import { browserSupport, type Support } from '../store/browser-support.ts'
import type { Connection } from '../store/connection.ts'
import { createNodeStore, type NodeStore } from '../store/node-store.ts'
import { createSession } from '../store/session.ts'
import { createUiStore } from '../store/ui-store.ts'
import { type AppParts, AppProvider } from './app-context.tsx'
import { createAppRouter } from './routes.tsx'

export interface AppOptions {
  readonly connect: () => Promise<Connection>
  readonly history: RouterHistory
  /** Default: asks the browser. */
  readonly support?: () => Promise<Support>
}

export interface BuiltApp {
  readonly parts: AppParts
  readonly store: NodeStore
  readonly router: ReturnType<typeof createAppRouter>
}

/** The stores and the router of one page; opens the connection at once. */
export function buildApp({ connect, history, support = browserSupport }: AppOptions): BuiltApp {
  const store = createNodeStore()
  const session = createSession({ connect, support, store, now: () => Date.now() })
  void session.open()
  return {
    parts: { ui: createUiStore(globalThis.localStorage ?? null), session },
    store,
    router: createAppRouter(history),
  }
}

export function App({ app }: { readonly app: BuiltApp }) {
  const connection = useStore(app.parts.session, (state) => state.connection)
  return (
    <NodeProvider store={app.store} connection={connection}>
      <AppProvider parts={app.parts}>
        <RouterProvider router={app.router} />
      </AppProvider>
    </NodeProvider>
  )
}
