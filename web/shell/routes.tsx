/**
 * Which path shows which page. Pages are loaded when first opened; by React's own lazy, because the router would hold back the
 * frame around a page until the page is there.
 */
import { createRootRoute, createRoute, createRouter, type RouterHistory } from '@tanstack/react-router'
import { type LazyExoticComponent, lazy, type ReactNode } from 'react'
import { Frame } from './frame.tsx'
import { NotFound } from './not-found.tsx'
import { Root } from './root.tsx'

const root = createRootRoute({ component: Root })
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

const page = <P extends string>(path: P, component: LazyExoticComponent<() => ReactNode>) =>
  createRoute({ getParentRoute: () => frame, path, component })

const firstRun = lazy(async () => ({
  default: (await import('../pages/first-run/first-run-page.tsx')).FirstRunPage,
}))
const overview = lazy(async () => ({
  default: (await import('../pages/overview/overview-page.tsx')).OverviewPage,
}))
const consensus = lazy(async () => ({
  default: (await import('../pages/consensus/consensus-page.tsx')).ConsensusPage,
}))
const mesh = lazy(async () => ({
  default: (await import('../pages/mesh/mesh-page.tsx')).MeshPage,
}))
const validators = lazy(async () => ({
  default: (await import('../pages/validators/validators-page.tsx')).ValidatorsPage,
}))
const wallet = lazy(async () => ({
  default: (await import('../pages/wallet/wallet-page.tsx')).WalletPage,
}))
const explorer = lazy(async () => ({
  default: (await import('../pages/explorer/explorer-page.tsx')).ExplorerPage,
}))
const economy = lazy(async () => ({
  default: (await import('../pages/economy/economy-page.tsx')).EconomyPage,
}))
const alerts = lazy(async () => ({
  default: (await import('../pages/alerts/alerts-page.tsx')).AlertsPage,
}))
const node = lazy(async () => ({
  default: (await import('../pages/node/node-page.tsx')).NodePage,
}))

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/start', component: firstRun }),
  frame.addChildren([
    page('/', overview),
    page('/consensus', consensus),
    page('/mesh', mesh),
    page('/validators', validators),
    page('/validators/$address', validators),
    page('/wallet', wallet),
    page('/explorer', explorer),
    page('/explorer/block/$id', explorer),
    page('/explorer/transaction/$hash', explorer),
    page('/explorer/account/$address', explorer),
    page('/economy', economy),
    page('/alerts', alerts),
    page('/node', node),
    createRoute({ getParentRoute: () => frame, path: '$', component: NotFound }),
  ]),
])

export function createAppRouter(history: RouterHistory) {
  return createRouter({ routeTree: tree, history, scrollRestoration: true, defaultPreload: 'intent' })
}
