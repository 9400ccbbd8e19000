import { Pause } from 'lucide-react'
import { useRef, useState } from 'react'
import { useQuery } from '../../hooks/use-query.ts'
import { useUrlState } from '../../hooks/use-url-state.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Section } from '../../ui/section.tsx'
import { Empty, States } from '../../ui/states.tsx'
import { Tag } from '../../ui/tag.tsx'
import { momentWords, secondWords } from '../../ui/time-words.ts'
import { ToggleGroup } from '../../ui/toggle-group.tsx'
import { areasOf, type LogLevel, type LogLine, logWhere } from './node-words.ts'

const READ_EVERY_MS = 2_000
const LINES = 300
/** Scrolled further than this from the newest line, somebody reads. */
const READING_FROM_PX = 12

/** Newest first; it holds still while somebody has scrolled into it. */
export function LogSection() {
  const query = useQuery('node_logs', { limit: LINES }, READ_EVERY_MS)
  const [level, setLevel] = useUrlState<LogLevel>('level', 'all')
  const [area, setArea] = useUrlState<string>('area', 'all')
  const [text, setText] = useUrlState<string>('log', '')
  const [held, setHeld] = useState<readonly LogLine[] | null>(null)
  const box = useRef<HTMLElement>(null)
  const goOn = () => {
    setHeld(null)
    box.current?.scrollTo({ top: 0 })
  }
  return (
    <div id="log">
      <Section
        title="Log"
        note="of this node, newest first"
        end={
          held !== null && (
            <>
              <Tag icon={<Pause size={13} aria-hidden />}>held while you read</Tag>
              <Button size="small" onClick={goOn}>
                Go on
              </Button>
            </>
          )
        }
      >
        <States query={query} what="the log" skeletonRows={6}>
          {(lines) => {
            const newest = held ?? newestFirst(lines)
            const shown = logWhere(newest, { level, area, text })
            return (
              <>
                <div className="mb-3 flex flex-wrap items-end gap-x-4 gap-y-3">
                  <ToggleGroup label="Level" value={level} onChange={setLevel} choices={LEVEL_CHOICES} />
                  <ToggleGroup
                    label="Area"
                    look="chips"
                    value={area}
                    onChange={setArea}
                    choices={['all', ...areasOf(newest)].map((value) => ({
                      value,
                      words: value === 'all' ? 'All areas' : value,
                    }))}
                  />
                  <Field className="min-w-48" label="Text" value={text} onText={setText} />
                </div>
                {shown.length === 0 ? (
                  <Empty sentence="No line is like that." line="The filters above leave nothing." />
                ) : (
                  <section
                    ref={box}
                    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
                    tabIndex={0}
                    aria-label="Lines of the log"
                    className="max-h-[360px] overflow-auto rounded-control border border-line"
                    onScroll={(event) => {
                      const reading = event.currentTarget.scrollTop > READING_FROM_PX
                      if (reading && held === null) setHeld(newest)
                      if (!reading && held !== null) setHeld(null)
                    }}
                  >
                    <ol>
                      {shown.map((line, index) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: counted from the oldest line, so that new ones leave the others in place
                        <Line key={`${line.atMs} ${line.area} ${shown.length - index}`} line={line} />
                      ))}
                    </ol>
                  </section>
                )}
              </>
            )
          }}
        </States>
      </Section>
    </div>
  )
}

const LEVEL_CHOICES = [
  { value: 'all', words: 'All' },
  { value: 'info', words: 'Info' },
  { value: 'warn', words: 'Warnings' },
  { value: 'error', words: 'Errors' },
] as const

function newestFirst(lines: readonly LogLine[]): readonly LogLine[] {
  return [...lines].sort((a, b) => b.atMs - a.atMs)
}

const TONES: Readonly<Record<string, string>> = { warn: 'text-warn', error: 'text-bad' }

function Line({ line }: { line: LogLine }) {
  const time = secondWords(line.atMs)
  return (
    <li className="grid grid-cols-[72px_56px_96px_1fr] gap-x-2 border-b border-line px-3 py-1.5 text-sm last:border-b-0 max-phone:grid-cols-[72px_56px_1fr]">
      <time className="text-ink-3" title={momentWords(line.atMs)}>
        {time}
      </time>
      <span className={TONES[line.level] ?? 'text-ink-3'}>{line.level}</span>
      <span className="text-ink-2">{line.area}</span>
      <span className="min-w-0 break-words max-phone:col-span-3">{line.message}</span>
    </li>
  )
}
