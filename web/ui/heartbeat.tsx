import { type KeyboardEvent, useRef, useState } from 'react'
import type { Heartbeat as Beat } from '../../node-core/node/node-api.ts'
import { beatWords, heartbeatSentence } from './heartbeat-words.ts'

export interface HeartbeatProps {
  readonly name: string
  readonly beats: readonly Beat[]
  readonly own?: boolean
  /** Narrower bars, for tables with many columns. */
  readonly narrow?: boolean
  /** Enter or a click on a bar. Without it the row is a picture only. */
  readonly onOpen?: (height: number) => void
}

/** The last heights as bars: half-tone signed, capped proposed, short amber late, hollow red missed. */
export function Heartbeat({ name, beats, own = false, narrow = false, onOpen }: HeartbeatProps) {
  const [at, setAt] = useState<number | null>(null)
  const row = useRef<HTMLSpanElement>(null)
  const current = at === null ? beats.length - 1 : Math.min(at, beats.length - 1)
  const bars = beats.map((beat, index) => (
    <Bar key={beat.height} beat={beat} own={own} narrow={narrow} marked={at !== null && index === current} />
  ))
  const className = `inline-flex h-[21px] items-end align-middle ${narrow ? 'gap-px' : 'gap-[1.5px]'}`
  const sentence = heartbeatSentence(name, beats)
  if (onOpen === undefined || beats.length === 0) {
    return (
      <span className={className} role="img" aria-label={sentence}>
        {bars}
      </span>
    )
  }
  const keys = (event: KeyboardEvent) => {
    const next = stepTo(event.key, current, beats.length)
    if (next !== null) {
      event.preventDefault()
      setAt(next)
    }
    if (event.key === 'Enter') onOpen(beats[current]!.height)
  }
  return (
    <span
      ref={row}
      className={className}
      role="slider"
      tabIndex={0}
      aria-label={`${sentence} Arrow keys step through the heights, Enter opens one.`}
      aria-valuemin={beats[0]!.height}
      aria-valuemax={beats.at(-1)!.height}
      aria-valuenow={beats[current]!.height}
      aria-valuetext={beatWords(beats[current]!)}
      title={at === null ? undefined : beatWords(beats[current]!)}
      onKeyDown={keys}
      onFocus={() => setAt(current)}
      onBlur={() => setAt(null)}
      onClick={(event) => {
        const index = [...(row.current?.children ?? [])].indexOf(event.target as Element)
        if (index >= 0) onOpen(beats[index]!.height)
      }}
    >
      {bars}
    </span>
  )
}

/** Where a key leads in a row of `count`; null for other keys. */
function stepTo(key: string, current: number, count: number): number | null {
  const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: count - 1 }[key]
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to))
}

function Bar({ beat, own, narrow, marked }: { beat: Beat; own: boolean; narrow: boolean; marked: boolean }) {
  const width = narrow ? 'w-[2.5px]' : 'w-[4.5px] max-phone:w-auto max-phone:flex-1'
  const outline = marked ? 'outline-2 outline-offset-1 outline-ink' : ''
  return <i className={`${width} rounded-[1px] ${look(beat.mark, own)} ${outline}`} title={beatWords(beat)} />
}

function look(mark: Beat['mark'], own: boolean): string {
  switch (mark) {
    case 'signed':
      return own ? 'h-4 bg-you opacity-[.62]' : 'h-4 bg-line-strong opacity-50'
    case 'proposed':
      return own ? `h-[21px] ${OWN_CAP}` : `h-[21px] ${CAP}`
    case 'late':
      return 'h-[9px] bg-warn'
    case 'missed':
      return 'h-4 shadow-[inset_0_0_0_1px_var(--bad)]'
    case 'not-member':
      return 'h-[3px] bg-unlit'
  }
}

const CAP =
  'bg-[linear-gradient(var(--ink)_0_3.5px,transparent_3.5px_5px,color-mix(in_oklab,var(--line-strong)_50%,transparent)_5px)]'
const OWN_CAP =
  'bg-[linear-gradient(var(--you)_0_3.5px,transparent_3.5px_5px,color-mix(in_oklab,var(--you)_62%,transparent)_5px)]'
