import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** One line under the title. */
  readonly lead?: ReactNode
  /** Buttons at the foot: one primary and the lesser ones. */
  readonly foot?: ReactNode
  readonly width?: number
  readonly children?: ReactNode
}

/** A modal sheet: focus stays inside, Escape and the cross close it, focus returns to where it was. */
export function Dialog({ open, onClose, title, lead, foot, width = 520, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className="dialog" style={{ width: `min(${width}px, calc(100vw - 24px))` }}>
          <header>
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close className="tool" aria-label="Close">
              <X size={16} aria-hidden />
            </Base.Close>
          </header>
          <div className="dialog-body">
            {lead !== undefined && <Base.Description className="dialog-lead">{lead}</Base.Description>}
            {children}
          </div>
          {foot !== undefined && <footer className="btns">{foot}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
