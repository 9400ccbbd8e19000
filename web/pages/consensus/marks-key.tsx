import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Heartbeat } from '../../ui/heartbeat.tsx'
import { type Phase, PhaseMark } from '../../ui/phase-mark.tsx'

const PHASES: readonly (readonly [Phase, string])[] = [
  ['preprepare', 'pre-prepare'],
  ['prepare', 'prepare'],
  ['commit', 'commit'],
  ['waiting', 'not yet'],
  ['missing', 'missing'],
]

const BEATS = ['signed', 'proposed', 'late', 'missed'] as const

/** What each shape means. */
export function MarksKey() {
  return (
    <div className="key mt-3">
      {PHASES.map(([phase, words]) => (
        <Item key={phase} mark={<PhaseMark phase={phase} />} words={words} />
      ))}
      <span className="text-warn">
        <TriangleAlert size={13} strokeWidth={1.75} aria-hidden />
        late
      </span>
      {BEATS.map((mark) => (
        <Item
          key={mark}
          mark={
            <span aria-hidden className="flex w-[5px] [&>span]:w-full">
              <Heartbeat name="" beats={[{ height: 0, mark }]} />
            </span>
          }
          words={mark}
        />
      ))}
    </div>
  )
}

function Item({ mark, words }: { readonly mark: ReactNode; readonly words: string }) {
  return (
    <span>
      {mark}
      {words}
    </span>
  )
}
