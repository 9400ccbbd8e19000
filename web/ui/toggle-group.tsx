import { type KeyboardEvent, type ReactNode, useRef } from 'react'

export interface Choice<V extends string> {
  readonly value: V
  readonly words: ReactNode
}

export interface ToggleGroupProps<V extends string> {
  readonly label: string
  readonly choices: readonly Choice<V>[]
  readonly value: V
  readonly onChange: (value: V) => void
  /** 'seg' is one joined control, 'chips' are pills. */
  readonly look?: 'seg' | 'chips'
  readonly className?: string
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** One of a few, all in view: one stop of the Tab key, arrow keys, Home and End move, Enter or Space chooses. */
export function ToggleGroup<V extends string>(props: ToggleGroupProps<V>) {
  const { label, choices, value, onChange, look = 'seg', className = '' } = props
  const group = useRef<HTMLFieldSetElement>(null)
  const chosen = choices.findIndex((choice) => choice.value === value)
  const move = (event: KeyboardEvent, from: number) => {
    const count = choices.length
    const step = STEPS[event.key]
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? count - 1 : step && (from + step + count) % count
    if (to === undefined) return
    event.preventDefault()
    group.current?.querySelectorAll('button')[to]?.focus()
  }
  return (
    <fieldset
      ref={group}
      aria-label={label}
      className={`${look === 'seg' ? 'seg' : 'flex flex-wrap gap-1.5'} ${className}`}
    >
      {choices.map((choice, index) => (
        <button
          type="button"
          key={choice.value}
          className={look === 'seg' ? undefined : 'chip'}
          aria-pressed={choice.value === value}
          tabIndex={index === Math.max(0, chosen) ? 0 : -1}
          onClick={() => onChange(choice.value)}
          onKeyDown={(event) => move(event, index)}
        >
          {choice.words}
        </button>
      ))}
    </fieldset>
  )
}
