import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Flag } from './flag.tsx'
import { shortId } from './id-words.ts'

export interface WhoProps {
  readonly address: string
  /** null or empty: the shortened address in mono stands for it. */
  readonly name?: string | null
  readonly own?: boolean
  readonly size?: number
  /** Path this party leads to. */
  readonly to?: string
  /** Tags behind the name. */
  readonly children?: ReactNode
}

/** A party: its flag with its name, or with its id when it has none. */
export function Who({ address, name, own = false, size = 18, to, children }: WhoProps) {
  const words =
    name === null || name === undefined || name === '' ? (
      <code className="relative top-px font-mono text-[.92em] leading-none text-ink-2" title={address}>
        {shortId(address)}
      </code>
    ) : (
      <b>{name}</b>
    )
  return (
    <span className="who">
      <Flag address={address} size={size} own={own} />
      {to === undefined ? (
        words
      ) : (
        <Link className="inline-flex min-h-6 items-center" to={to}>
          {words}
        </Link>
      )}
      {children}
    </span>
  )
}
