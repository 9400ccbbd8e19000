import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export interface FigureProps {
  readonly label: string
  /** null: not known yet, shown as a word, never as 0. */
  readonly value: ReactNode | null
  readonly unit?: string
  readonly sub?: ReactNode
  /** Route this figure leads to. */
  readonly to?: string
  /** The word in place of a missing value. */
  readonly missing?: string | undefined
}

/** One big figure with its unit and where it was observed; stands in a `<div className="stats">`. */
export function Figure({ label, value, unit, sub, to, missing = 'waiting' }: FigureProps) {
  const body = (
    <>
      <span className="lab">{label}</span>
      <span className={value === null ? 'fig faint' : 'fig'}>
        {value ?? missing}
        {value !== null && unit !== undefined && <i>{unit}</i>}
      </span>
      {sub !== undefined && <span className="sub">{sub}</span>}
    </>
  )
  if (to === undefined) return <div className="stat">{body}</div>
  return (
    <Link className="stat" to={to}>
      {body}
    </Link>
  )
}

/** Rows of name and value under each other: `<KeyValues rows={[['My stake', <Amount …/>], …]} />`. */
export function KeyValues({
  rows,
}: {
  readonly rows: readonly (readonly [name: ReactNode, value: ReactNode, tone?: string])[]
}) {
  return (
    <dl className="kv">
      {rows.map(([name, value, tone], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are fixed in number and order
        <Row key={index} name={name} value={value} tone={tone} />
      ))}
    </dl>
  )
}

function Row({ name, value, tone }: { name: ReactNode; value: ReactNode; tone: string | undefined }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={tone}>{value}</dd>
    </>
  )
}
