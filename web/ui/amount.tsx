import { type AmountForm, amountWords, nanoWords } from './amount-words.ts'

/** A number's unit: thin, after a space. */
export function Unit({ children }: { children: string }) {
  return <i className="ml-[.25em] text-[.86em] text-ink-3 not-italic">{children}</i>
}

export interface AmountProps {
  /** Base units as a decimal string. */
  readonly value: string
  readonly form?: AmountForm
  /** nano: whole base units, for fees and prices. */
  readonly unit?: 'AIT' | 'nAIT'
  readonly className?: string
}

/** Money with its unit; all nine decimals in the title. */
export function Amount({ value, form = 'list', unit = 'AIT', className = '' }: AmountProps) {
  return (
    <span className={`whitespace-nowrap ${className}`} title={`${amountWords(value, 'full')} AIT`}>
      {unit === 'AIT' ? amountWords(value, form) : nanoWords(value)}
      <Unit>{unit}</Unit>
    </span>
  )
}
