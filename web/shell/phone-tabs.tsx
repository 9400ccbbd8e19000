import { Link, useRouterState } from '@tanstack/react-router'
import { Menu } from 'lucide-react'
import { PAGES } from '../actions/shell-actions.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useAction, useApp, useUi } from './app-context.tsx'

const IN_BAR = ['/', '/consensus', '/validators', '/wallet'] as const
const BAR = IN_BAR.map((to) => PAGES.find((page) => page.to === to)!)
const REST = PAGES.filter((page) => !IN_BAR.some((to) => to === page.to))

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
          {page.name}
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

/** The pages that have no room in the bar, and what the top bar leaves out on a phone. */
export function MoreSheet() {
  const { ui } = useApp()
  const open = useUi((state) => state.overlay === 'more')
  const pause = useAction('live.pause')
  const close = () => ui.close()
  return (
    <Dialog open={open} onClose={close} title="More">
      <ul className="list">
        {REST.map((page) => (
          <li key={page.to}>
            <Link to={page.to} onClick={close} className="flex min-h-6 items-center gap-3">
              <page.icon size={20} strokeWidth={1.75} aria-hidden />
              {page.name}
            </Link>
          </li>
        ))}
        <li>
          <button
            type="button"
            className="flex min-h-6 w-full items-center gap-3"
            disabled={!pause.enabled}
            onClick={() => {
              pause.run()
              close()
            }}
          >
            <pause.action.icon size={20} strokeWidth={1.75} aria-hidden />
            {pause.words}
          </button>
        </li>
      </ul>
    </Dialog>
  )
}
