/** Which path shows which page. Pages are loaded when first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router'
import { Frame } from './frame.tsx'
import { NotFound } from './not-found.tsx'
import { Root } from './root.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound })
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

const overview = () => import('../pages/overview/overview-page.tsx')
const explorer = () => import('../pages/explorer/explorer-page.tsx')
const validators = () => import('../pages/validators/validators-page.tsx')

const page = <P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => frame, path, component })

const tree = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: '/start',
    component: lazyRouteComponent(() => import('../pages/first-run/first-run-page.tsx'), 'FirstRunPage'),
  }),
  frame.addChildren([
    page('/', lazyRouteComponent(overview, 'OverviewPage')),
    page(
      '/consensus',
      lazyRouteComponent(() => import('../pages/consensus/consensus-page.tsx'), 'ConsensusPage'),
    ),
    page(
      '/mesh',
      lazyRouteComponent(() => import('../pages/mesh/mesh-page.tsx'), 'MeshPage'),
    ),
    page('/validators', lazyRouteComponent(validators, 'ValidatorsPage')),
    page('/validators/$address', lazyRouteComponent(validators, 'ValidatorsPage')),
    page(
      '/wallet',
      lazyRouteComponent(() => import('../pages/wallet/wallet-page.tsx'), 'WalletPage'),
    ),
    page('/explorer', lazyRouteComponent(explorer, 'ExplorerPage')),
    page('/explorer/block/$id', lazyRouteComponent(explorer, 'ExplorerPage')),
    page('/explorer/transaction/$hash', lazyRouteComponent(explorer, 'ExplorerPage')),
    page('/explorer/account/$address', lazyRouteComponent(explorer, 'ExplorerPage')),
    page(
      '/node',
      lazyRouteComponent(() => import('../pages/node/node-page.tsx'), 'NodePage'),
    ),
  ]),
])

export function createAppRouter(history: RouterHistory) {
  return createRouter({ routeTree: tree, history, scrollRestoration: true, defaultPreload: 'intent' })
}
