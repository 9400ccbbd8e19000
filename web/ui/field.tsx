import { Field as BaseField } from '@base-ui/react/field'
import { CircleAlert } from 'lucide-react'
import type { ComponentPropsWithRef, ReactNode } from 'react'

export interface FieldProps
  extends Omit<ComponentPropsWithRef<'input'>, 'children' | 'defaultValue' | 'value'> {
  readonly value: string
  readonly label: string
  readonly hint?: ReactNode
  /** What is wrong and how to put it right; null: nothing is. */
  readonly problem?: string | null
  /** A unit at the right end, as AIT. */
  readonly suffix?: string
  /** More lines than one. */
  readonly rows?: number
  /** Takes each new text. */
  readonly onText: (text: string) => void
  /** A control beside the input, as "Paste". */
  readonly beside?: ReactNode
}

/** A labelled text input with its hint and its problem, tied together for assistive technology. */
export function Field({
  label,
  hint,
  problem = null,
  suffix,
  rows,
  onText,
  beside,
  className = '',
  value,
  ...rest
}: FieldProps) {
  return (
    <BaseField.Root className={`field ${className}`} invalid={problem !== null}>
      <BaseField.Label>{label}</BaseField.Label>
      <div className="flex gap-2">
        <div className="input-wrap min-w-0 flex-1">
          <BaseField.Control
            {...rest}
            className="input"
            value={value}
            render={rows === undefined ? undefined : <textarea rows={rows} />}
            onValueChange={(text) => onText(String(text))}
          />
          {suffix !== undefined && <span className="suffix">{suffix}</span>}
        </div>
        {beside}
      </div>
      {hint !== undefined && problem === null && (
        <BaseField.Description className="hint">{hint}</BaseField.Description>
      )}
      {problem !== null && (
        <BaseField.Error className="problem" match>
          <CircleAlert size={12} className="self-center" aria-hidden />
          {problem}
        </BaseField.Error>
      )}
    </BaseField.Root>
  )
}
