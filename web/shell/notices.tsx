import { CircleCheck, CircleX, Info, X } from 'lucide-react'
import { useApp, useUi } from './app-context.tsx'

const MARK = { good: CircleCheck, bad: CircleX, info: Info } as const
const TONE = { good: 'text-good', bad: 'text-bad', info: 'text-info' } as const

/** Short lines at the corner: what was done, or why not. Errors stay until they are put away. */
export function Notices() {
  const { ui } = useApp()
  const notices = useUi((state) => state.notices)
  if (notices.length === 0) return null
  return (
    <div className="notices">
      {notices.map((notice) => {
        const Icon = MARK[notice.tone]
        return (
          <div key={notice.id} className="notice" role={notice.tone === 'bad' ? 'alert' : undefined}>
            <Icon size={16} className={`mt-0.5 ${TONE[notice.tone]}`} aria-hidden />
            <span className="flex-1">{notice.words}</span>
            <button
              type="button"
              className="tool -my-1.5 !h-7 !min-w-7 !px-0"
              aria-label="Put away"
              onClick={() => ui.dismiss(notice.id)}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        )
      })}
    </div>
  )
}
