import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useReturnOfFocus } from './use-return-of-focus.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** One line under the title. */
  readonly lead?: ReactNode
  /** Buttons at the foot: one primary and the lesser ones. */
  readonly foot?: ReactNode
  readonly width?: number
  /** 'drawer' stands at the right edge, over the whole height. */
  readonly look?: 'sheet' | 'drawer'
  readonly children?: ReactNode
}

/**
 * A modal sheet: focus stays inside, Escape and the cross close it, focus returns to where it was. Its head and foot are
 * plain parts: a dialog is no section of the page, so that header and footer would be landmarks of the whole page.
 */
export function Dialog({
  open,
  onClose,
  title,
  lead,
  foot,
  width = 520,
  look = 'sheet',
  children,
}: DialogProps) {
  const returnOfFocus = useReturnOfFocus(open)
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup
          className={`dialog ${look}`}
          style={{ width: `min(${width}px, calc(100vw - 24px))` }}
          finalFocus={returnOfFocus}
        >
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close className="tool" aria-label="Close">
              <X size={16} aria-hidden />
            </Base.Close>
          </div>
          <div className="dialog-body">
            {lead !== undefined && <Base.Description className="dialog-lead">{lead}</Base.Description>}
            {children}
          </div>
          {foot !== undefined && <div className="dialog-foot btns">{foot}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
