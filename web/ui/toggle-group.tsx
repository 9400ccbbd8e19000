import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup as Base } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'

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

/** One of a few, all in view; arrow keys move. */
export function ToggleGroup<V extends string>(props: ToggleGroupProps<V>) {
  const { label, choices, value, onChange, look = 'seg', className = '' } = props
  return (
    <Base
      aria-label={label}
      className={`${look === 'seg' ? 'seg' : 'flex flex-wrap gap-1.5'} ${className}`}
      value={[value]}
      onValueChange={(next) => {
        const chosen = next[0]
        if (chosen !== undefined) onChange(chosen as V)
      }}
    >
      {choices.map((choice) => (
        <Toggle key={choice.value} value={choice.value} className={look === 'seg' ? undefined : 'chip'}>
          {choice.words}
        </Toggle>
      ))}
    </Base>
  )
}
