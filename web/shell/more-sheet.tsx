import { Link } from '@tanstack/react-router'
import { PAGES } from '../actions/shell-actions.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useAction, useApp, useUi } from './app-context.tsx'

/** The pages that have no room in the bar, and what the top bar leaves out on a phone. */
export function MoreSheet() {
  const { ui } = useApp()
  const open = useUi((state) => state.overlay === 'more')
  const pause = useAction('live.pause')
  const close = () => ui.close()
  return (
    <Dialog open={open} onClose={close} title="More">
      <ul className="list">
        {PAGES.filter((page) => !page.inBar).map((page) => (
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
