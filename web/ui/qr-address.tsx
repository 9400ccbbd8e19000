import type { ReactNode } from 'react'
import { CopyButton } from './id.tsx'
import { QrCode } from './qr-code.tsx'

export interface QrAddressProps {
  readonly address: string
  /** Of the code, for those who do not see it. */
  readonly label: string
  /** Size and colour of the text. */
  readonly className: string
  /** Over the text. */
  readonly children?: ReactNode
}

/** One's own address to scan, to read and to copy. */
export function QrAddress({ address, label, className, children }: QrAddressProps) {
  return (
    <div className="flex flex-wrap items-start gap-5">
      <QrCode text={address} label={label} />
      <div className="min-w-0 flex-1 basis-56">
        {children}
        <p className={`font-mono break-all ${className}`}>{address}</p>
        <div className="mt-2">
          <CopyButton value={address} label="Copy my address">
            Copy
          </CopyButton>
        </div>
      </div>
    </div>
  )
}
