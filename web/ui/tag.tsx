import type { ReactNode } from 'react'

export type TagTone = 'neutral' | 'you' | 'warn' | 'bad' | 'good' | 'info'

export interface TagProps {
  readonly tone?: TagTone
  /** For a tag that stands on a wash of its own colour. */
  readonly outlined?: boolean
  readonly icon?: ReactNode
  readonly title?: string
  readonly children: ReactNode
}

export function Tag({ tone = 'neutral', outlined = false, icon, title, children }: TagProps) {
  const classes = ['tag', tone === 'neutral' ? '' : tone, outlined ? 'outlined' : '']
  return (
    <span className={classes.filter(Boolean).join(' ')} title={title}>
      {icon}
      {children}
    </span>
  )
}
