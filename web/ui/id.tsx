import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { shortId } from './id-words.ts'

const COPIED_MS = 1_200

export interface IdProps {
  readonly value: string
  /** What it is, for the copy button's name: "address", "hash", "peer id". */
  readonly kind?: string
  readonly full?: boolean
  readonly copy?: boolean
  /** Shown in the place of the shortened form. */
  readonly text?: string
}

/** An id in mono: shortened, whole in its title, with a copy button. */
export function Id({ value, kind = 'id', full = false, copy = true, text }: IdProps) {
  return (
    <span className="inline-flex items-center gap-1 align-middle whitespace-nowrap">
      <code
        className={`font-mono text-[.92em] leading-none tracking-[-0.01em] text-ink-2 ${full ? 'whitespace-normal break-all leading-normal' : ''}`}
        title={value}
      >
        {text ?? (full ? value : shortId(value))}
      </code>
      {copy && <CopyButton value={value} label={`Copy ${kind}`} />}
    </span>
  )
}

/** Copies `value` and says "Copied" in place; says so when the browser refuses. */
export function CopyButton({ value, label, children }: { value: string; label: string; children?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), COPIED_MS)
    return () => clearTimeout(timer)
  }, [state])
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setState('copied'),
      () => setState('refused'),
    )
  }
  const said = state === 'copied' ? 'Copied' : state === 'refused' ? 'Not allowed' : children
  return (
    <button
      type="button"
      className="-my-1 inline-flex h-6 min-w-6 flex-none cursor-pointer items-center justify-center gap-1.5 rounded-mark px-0.5 text-xs text-ink-3 hover:bg-hover hover:text-ink max-phone:-my-2 max-phone:h-8 max-phone:min-w-8"
      aria-label={state === 'idle' ? label : undefined}
      title={label}
      onClick={(event) => {
        event.preventDefault()
        event.stopPropagation()
        copy()
      }}
    >
      {state === 'copied' ? (
        <Check size={14} strokeWidth={1.75} aria-hidden="true" />
      ) : (
        <Copy size={14} strokeWidth={1.75} aria-hidden="true" />
      )}
      {said !== undefined && <span>{said}</span>}
    </button>
  )
}
