import { useId } from 'react'
import { FLAG_PAIRS, type FlagCharge, type FlagColour, type FlagPattern, flagOf } from './flag-of.ts'

const SQUARE = 'M3 0h18a3 3 0 0 1 3 3v18a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z'
const SWALLOWTAIL = 'M0 0h24l-6 12 6 12H0z'

/** `size` in CSS pixels. Decorative: a name or an id always stands beside it. */
export function Flag({ address, size = 18, own = false, agent = false }: FlagProps) {
  const clip = useId()
  const form = flagOf(address)
  const pair = FLAG_PAIRS[form.pair]!
  const outline = agent ? SWALLOWTAIL : SQUARE
  return (
    <svg
      className={`block flex-none ${own ? 'rounded-[4px] outline-2 outline-offset-[1.5px] outline-you' : ''}`}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      data-flag={`${form.pattern}/${form.pair}/${form.charge}`}
    >
      <clipPath id={clip}>
        <path d={outline} />
      </clipPath>
      <g clipPath={`url(#${clip})`}>
        <path fill={paint(pair.field)} d="M0 0h24v24H0z" />
        <Device pattern={form.pattern} field={paint(pair.field)} colour={paint(pair.device)} />
        <Charge charge={form.charge} colour={paint(pair.charges[form.chargeColour]!)} />
        <path d={outline} fill="none" stroke="var(--ink)" strokeOpacity=".22" strokeWidth="1.6" />
      </g>
    </svg>
  )
}

export interface FlagProps {
  readonly address: string
  readonly size?: number
  /** Ringed: this tab's own key. */
  readonly own?: boolean
  /** Cut as a swallowtail: an agent; square otherwise. */
  readonly agent?: boolean
}

function paint(colour: FlagColour): string {
  return `var(--flag-${colour})`
}

const FILLED: Readonly<Partial<Record<FlagPattern, string>>> = {
  stripe: 'M8 0h8v24H8z',
  diamond: 'M12 2l10 10-10 10L2 12z',
  bars: 'M0 0h24v6H0zM0 12h24v6H0z',
  canton: 'M0 0h12v12H0z',
  pennant: 'M0 0l16 12L0 24z',
  chequer: 'M0 0h8v8h8v8h8v8h-8v-8H8V8H0zM16 0h8v8h-8zM0 16h8v8H0z',
  sunrise: 'M0 0h24v12H0z',
  cross: 'M9 0h6v9h9v6h-9v9H9v-9H0V9h9z',
  diagonal: 'M0 0h24L0 24z',
  pile: 'M12 0l12 24H0z',
  halves: 'M0 0h12v24H0z',
  band: 'M0 8h24v8H0z',
  quarters: 'M0 0h12v12H0zM12 12h12v12H12z',
}

function Device({ pattern, field, colour }: { pattern: FlagPattern; field: string; colour: string }) {
  if (pattern === 'border') return <path fill="none" stroke={colour} strokeWidth="11" d="M0 0h24v24H0z" />
  if (pattern === 'saltire') return <path stroke={colour} strokeWidth="6" d="M-1 -1L25 25M25 -1L-1 25" />
  if (pattern === 'disc') return <circle cx="12" cy="12" r="6.5" fill={colour} />
  return (
    <>
      <path fill={colour} d={FILLED[pattern]} />
      {pattern === 'sunrise' && <circle cx="12" cy="12" r="5" fill={field} />}
    </>
  )
}

function Charge({ charge, colour }: { charge: FlagCharge; colour: string }) {
  switch (charge) {
    case 'none':
      return null
    case 'foot':
      return <path fill={colour} d="M0 18.5h24V24H0z" />
    case 'triangle':
      return <path fill={colour} d="M0 0l9 12-9 12z" />
    case 'hoist':
      return <path fill={colour} d="M0 0h6v24H0z" />
    case 'corner':
      return <path fill={colour} d="M0 0h10v10H0z" />
    case 'dot':
      return <circle cx="12" cy="12" r="4.2" fill={colour} />
  }
}
