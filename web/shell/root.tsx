import { Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { hasStarted } from '../store/started.ts'
import { useSession, useUi } from './app-context.tsx'

/** Sets the theme; leads to the first-run page until somebody has gone past it in this browser. */
export function Root() {
  useTheme()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const phase = useSession((state) => state.phase)
  const mustStart = path !== '/start' && (phase === 'not-supported' || !hasStarted())
  if (mustStart)
    return <Navigate to="/start" search={path === '/' ? {} : ({ next: path } as never)} replace />
  return (
    <Suspense>
      <Outlet />
    </Suspense>
  )
}

function useTheme(): void {
  const theme = useUi((state) => state.theme)
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
}
