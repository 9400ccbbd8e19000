import { type ReactNode, useId } from 'react'

export interface SectionProps {
  readonly title: string
  /** A short remark beside the title. */
  readonly note?: ReactNode
  /** Controls or links at the right end of the head. */
  readonly end?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A part of a page under a hairline rule. */
export function Section({ title, note, end, className = '', children }: SectionProps) {
  const id = useId()
  return (
    <section className={`sec ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className="note">{note}</span>}
        {end !== undefined && <span className="end">{end}</span>}
      </header>
      {children}
    </section>
  )
}

export interface PageHeadProps {
  /** Name of the page, for the outline; the sentence below is what is seen. */
  readonly title: string
  /** The sentence that answers "is it well, and why". */
  readonly sentence: ReactNode
  readonly why?: ReactNode
  readonly end?: ReactNode
}

/** Opens a page: one sentence in the voice face, its reason below, controls at the right. */
export function PageHead({ title, sentence, why, end }: PageHeadProps) {
  return (
    <div className="pagehead" style={{ alignItems: 'flex-start' }}>
      <div className="grow">
        <h1 className="sr">{title}</h1>
        <p className="voice">{sentence}</p>
        {why !== undefined && why !== null && <p className="why">{why}</p>}
      </div>
      {end}
    </div>
  )
}
