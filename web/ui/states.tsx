import { Link } from '@tanstack/react-router'
import { CircleX, ClockFading, WifiOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ApiError } from '../../node-core/node/node-api.ts'
import { errorDetail, errorWords } from '../i18n/words.ts'
import type { Query } from '../store/query.ts'
import { Button } from './button.tsx'
import { Skeleton } from './skeleton.tsx'
import { Tag } from './tag.tsx'
import { spanWords } from './time-words.ts'

export interface StatesProps<T> {
  readonly query: Query<T>
  /** What is read, as "the validators"; used by skeleton and error. */
  readonly what: string
  /** Why it failed, where errors of more than a call are met. Default: the words of calls. */
  readonly words?: (error: ApiError) => string
  readonly skeletonRows?: number
  readonly isEmpty?: (data: T) => boolean
  /** Shown in place of the data when it is empty: usually an <Empty>. */
  readonly empty?: ReactNode
  /** Epoch ms for the age of stale data. Default: now. */
  readonly nowMs?: number
  readonly children: (data: T) => ReactNode
}

/** One wrapper for all data: skeleton, empty, stale, error, or the data itself. Never hides data already held. */
export function States<T>(props: StatesProps<T>) {
  const { query, what, words = errorWords, skeletonRows, isEmpty, empty, nowMs, children } = props
  if (query.state === 'loading') return <Skeleton rows={skeletonRows} label={`Reading ${what}`} />
  if (query.state === 'failed')
    return <ErrorState error={query.error} words={words(query.error)} what={what} onRetry={query.retry} />
  if (query.error !== null)
    return (
      <Stale ageMs={(nowMs ?? Date.now()) - query.atMs} cause={words(query.error)} onRetry={query.retry}>
        {children(query.data)}
      </Stale>
    )
  if (empty !== undefined && isEmpty?.(query.data)) return empty
  return children(query.data)
}

/** The refusal of a node that observes. */
export const NOT_IN_THIS_MODE = 'not-in-this-mode'

/** What this tab does not have because it observes; a light node has it. */
export function NotObserved({ what }: { readonly what: string }) {
  return (
    <Empty
      sentence={`An observer does not have ${what}.`}
      line="It checks certified headers, and proofs under them. A light node executes every block and has this too."
      action={
        <Link className="btn" to="/node" hash="mode">
          Choose what this tab is
        </Link>
      }
    />
  )
}

export interface EmptyProps {
  /** What this is, in one sentence. */
  readonly sentence: string
  readonly line?: ReactNode
  /** The one thing to do. */
  readonly action?: ReactNode
}

export function Empty({ sentence, line, action }: EmptyProps) {
  return (
    <div className="py-1">
      <p className="voice" style={{ fontSize: '1.125rem', lineHeight: 1.3 }}>
        {sentence}
      </p>
      {line !== undefined && <p className="mt-1 max-w-[60ch] text-sm text-ink-2">{line}</p>}
      {action !== undefined && <div className="btns mt-3">{action}</div>}
    </div>
  )
}

export interface StaleProps {
  readonly ageMs: number
  readonly cause: string
  readonly onRetry?: () => void
  readonly children: ReactNode
}

/** Keeps what was known, says how old it is and why. */
export function Stale({ ageMs, cause, onRetry, children }: StaleProps) {
  return (
    <div className="stale">
      <p className="mb-2 flex flex-wrap items-center gap-2 text-xs text-ink-2">
        <Tag tone="warn" icon={<ClockFading size={13} aria-hidden />}>
          {spanWords(Math.max(0, ageMs))} old
        </Tag>
        {cause}
        {onRetry && (
          <Button look="quiet" size="small" onClick={onRetry}>
            Try again
          </Button>
        )}
      </p>
      {children}
    </div>
  )
}

export interface OfflineProps {
  /** As "No peer reachable for 12 s". */
  readonly title: string
  /** What still works, and what was kept of an action. */
  readonly line: ReactNode
  readonly actions?: ReactNode
}

export function Offline({ title, line, actions }: OfflineProps) {
  return (
    <div>
      <p className="flex items-center gap-2 text-md font-strong">
        <WifiOff size={16} aria-hidden />
        {title}
      </p>
      <p className="mt-1 max-w-[60ch] text-sm text-ink-2">{line}</p>
      {actions !== undefined && <div className="btns mt-3">{actions}</div>}
    </div>
  )
}

export interface ErrorStateProps {
  readonly error: ApiError
  /** What was attempted, as "the validators" or "sending". */
  readonly what: string
  /** The code as a sentence. Default: that of a call. */
  readonly words?: string
  /** What was and was not done. */
  readonly done?: ReactNode
  readonly onRetry?: () => void
  readonly retryWords?: string
  /** The primary look belongs to a retry of the page's one act. */
  readonly primary?: boolean
}

/** The code's sentence, what was not done, a retry, the code itself, and details to copy. */
export function ErrorState({
  error,
  what,
  words = errorWords(error),
  done,
  onRetry,
  retryWords = 'Try again',
  primary = false,
}: ErrorStateProps) {
  const [copied, setCopied] = useState(false)
  if (error.code === NOT_IN_THIS_MODE) return <NotObserved what={what} />
  const copy = () => {
    void navigator.clipboard.writeText(JSON.stringify({ what, ...error }, null, 2))
    setCopied(true)
  }
  return (
    <div role="alert">
      <p className="flex items-center gap-2 text-md font-strong text-bad">
        <CircleX size={16} aria-hidden />
        {words}
      </p>
      <p className="mt-1 max-w-[60ch] text-sm text-ink-2">{done ?? errorDetail(error, what)}</p>
      <p className="mt-1 font-mono text-xs text-ink-2">{error.code}</p>
      <div className="btns mt-3">
        {onRetry && (
          <Button look={primary ? 'primary' : 'outlined'} onClick={onRetry}>
            {retryWords}
          </Button>
        )}
        <Button look="quiet" onClick={copy}>
          {copied ? 'Copied' : 'Copy details'}
        </Button>
      </div>
    </div>
  )
}
