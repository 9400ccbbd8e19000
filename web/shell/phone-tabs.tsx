import { Link, useRouterState } from '@tanstack/react-router'
import { Menu } from 'lucide-react'
import { PAGES } from '../actions/shell-actions.ts'
import { useApp } from './app-context.tsx'

const BAR = PAGES.filter((page) => page.inBar)
const REST = PAGES.filter((page) => !page.inBar)

/** The five-item bottom bar of a phone. */
export function PhoneTabs() {
  const { ui } = useApp()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const inRest = REST.some((page) => path.startsWith(page.to))
  return (
    <nav className="tabs" aria-label="Main, short">
      {BAR.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          activeOptions={{ exact: page.to === '/', includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          <page.icon size={20} strokeWidth={1.75} aria-hidden />
          {'short' in page ? page.short : page.name}
        </Link>
      ))}
      <button
        type="button"
        aria-current={inRest ? 'page' : undefined}
        aria-haspopup="dialog"
        onClick={() => ui.open('more')}
      >
        <Menu size={20} strokeWidth={1.75} aria-hidden />
        More
      </button>
    </nav>
  )
}
