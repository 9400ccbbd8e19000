import { type RouterHistory, RouterProvider } from '@tanstack/react-router'
import { useStore } from 'zustand'
import { NodeProvider } from '../hooks/node-context.tsx'
import { AlertRulesContext } from '../hooks/use-alert-rules.ts'
import { type AlertRulesStore, createAlertRules } from '../store/alert-rules.ts'
import { browserSupport, type Support } from '../store/browser-support.ts'
import type { Connection } from '../store/connection.ts'
import { createNodeStore, type NodeStore } from '../store/node-store.ts'
import { createSession } from '../store/session.ts'
import { createUiStore } from '../store/ui-store.ts'
import { shortId } from '../ui/id-words.ts'
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
  readonly alertRules: AlertRulesStore
  readonly router: ReturnType<typeof createAppRouter>
}

/** The stores and the router of one page; opens the connection at once. */
export function buildApp({ connect, history, support = browserSupport }: AppOptions): BuiltApp {
  const store = createNodeStore()
  const session = createSession({ connect, support, store, now: () => Date.now() })
  void session.open()
  const storage = globalThis.localStorage ?? null
  const alertRules = createAlertRules(storage)
  void tellOfAlerts(store, alertRules)
  return {
    parts: { ui: createUiStore(storage), session },
    store,
    alertRules,
    router: createAppRouter(history),
  }
}

/** Notifications and their words are loaded behind the first paint. */
async function tellOfAlerts(store: NodeStore, rules: AlertRulesStore): Promise<void> {
  const [{ notifyOfAlerts }, { alertWords }] = await Promise.all([
    import('../store/notifications.ts'),
    import('../pages/alerts/alert-words.ts'),
  ])
  notifyOfAlerts(store, rules, (alert) => alertWords(alert, shortId))
}

export function App({ app }: { readonly app: BuiltApp }) {
  const connection = useStore(app.parts.session, (state) => state.connection)
  return (
    <NodeProvider store={app.store} connection={connection}>
      <AppProvider parts={app.parts}>
        <AlertRulesContext value={app.alertRules}>
          <RouterProvider router={app.router} />
        </AlertRulesContext>
      </AppProvider>
    </NodeProvider>
  )
}
