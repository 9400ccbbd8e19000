import { type ReactNode, useId } from 'react'

export interface ChoicesProps {
  readonly label: string
  /** Empty: none is chosen. */
  readonly value: string
  readonly choices: readonly { readonly value: string; readonly words: string }[]
  /** What stands there while none is chosen. */
  readonly none: string
  readonly hint?: ReactNode
  readonly onValue: (value: string) => void
}

/** One of many: the browser's own list, which phones and screen readers know best. */
export function Choices({ label, value, choices, none, hint, onValue }: ChoicesProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input-wrap">
        <select
          id={id}
          className="input"
          value={value}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onChange={(event) => onValue(event.target.value)}
        >
          <option value="" disabled>
            {none}
          </option>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.words}
            </option>
          ))}
        </select>
      </div>
      {hint !== undefined && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
    </div>
  )
}
