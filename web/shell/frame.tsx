import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { pageActions, shellActions } from '../actions/shell-actions.ts'
import { createShortcutReader } from '../actions/shortcuts.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { useApp, useRunAction, useSession, useUi } from './app-context.tsx'
import { Notices } from './notices.tsx'
import { PhoneTabs } from './phone-tabs.tsx'
import { SideNav } from './side-nav.tsx'
import { StatusBar } from './status-bar.tsx'
import { TabMarkKeeper } from './tab-mark-keeper.ts'
import { TopBar } from './top-bar.tsx'

const MoreSheet = lazy(() => import('./more-sheet.tsx').then((module) => ({ default: module.MoreSheet })))
const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })))
const HelpSheet = lazy(() => import('./help-sheet.tsx').then((module) => ({ default: module.HelpSheet })))

/** Side navigation, top bar, the sheet with the page, status bar; on a phone a bottom bar. */
export function Frame() {
  const palette = useUi((state) => state.overlay === 'palette')
  const more = useUi((state) => state.overlay === 'more')
  const help = useUi((state) => state.overlay === 'help')
  useShortcuts()
  const page = useFocusOnNewPage()
  return (
    <div className="app">
      <TabMarkKeeper />
      <button type="button" className="skip btn" onClick={() => page.current?.focus()}>
        To the page
      </button>
      <SideNav />
      <TopBar />
      <main className="page" id="page" tabIndex={-1} ref={page}>
        <NodeProblem />
        <Suspense fallback={<Skeleton rows={6} label="Loading the page" />}>
          <Outlet />
        </Suspense>
      </main>
      <StatusBar />
      <PhoneTabs />
      <Notices />
      <Suspense>
        {more && <MoreSheet />}
        {palette && <Palette />}
        {help && <HelpSheet />}
      </Suspense>
    </div>
  )
}

/** Above every page when the node could not be reached at all. */
function NodeProblem() {
  const { session } = useApp()
  const error = useSession((state) => state.error)
  if (error === null) return null
  return (
    <div className="mb-6">
      <ErrorState
        error={error}
        what="the node"
        done="The pages stay empty until this tab reaches its node. Nothing is lost."
        onRetry={() => void session.open()}
      />
    </div>
  )
}

function useShortcuts(): void {
  const run = useRunAction()
  const { ui } = useApp()
  useEffect(() => {
    let reader = createShortcutReader([...shellActions, ...pageActions])
    void import('../actions/registry.ts').then(({ ACTIONS }) => {
      reader = createShortcutReader(ACTIONS)
    })
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      const inField =
        (event.target as Element | null)?.closest?.('input, textarea, select, [contenteditable]') != null
      const inDialog = (event.target as Element | null)?.closest?.('[role="dialog"]') != null
      const covered = inDialog || ui.getState().overlay !== 'none'
      const mod = event.ctrlKey || event.metaKey
      if (covered && !mod) return
      const action = reader.press({ key: event.key, mod, alt: event.altKey, inField, atMs: event.timeStamp })
      if (action === null) return
      event.preventDefault()
      run(action)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [run, ui])
}

/** After going to another page focus stands at its beginning, not on the link that led there. */
function useFocusOnNewPage() {
  const page = useRef<HTMLElement>(null)
  // A validator's facts are a dialog over the page of all of them.
  const path = useRouterState({
    select: ({ location }) => location.pathname.replace(/^(\/validators)\/.*/, '$1'),
  })
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    page.current?.focus({ preventScroll: true })
  }, [path])
  return page
}
