export type Phase = 'preprepare' | 'prepare' | 'commit' | 'round-change' | 'waiting' | 'missing'

export interface PhaseMarkProps {
  readonly phase: Phase
  readonly size?: number
  /** Read out; without it the mark is decoration beside its word. */
  readonly label?: string
}

const COLOUR: Readonly<Record<Phase, string>> = {
  preprepare: 'var(--phase-preprepare)',
  prepare: 'var(--phase-prepare)',
  commit: 'var(--phase-commit)',
  'round-change': 'var(--phase-round)',
  waiting: 'var(--ink-3)',
  missing: 'var(--bad)',
}

const CRESCENT = 'M7 1.75A5.25 5.25 0 0 0 7 12.25A2.63 5.25 0 0 1 7 1.75z'
const FILLED: Readonly<Partial<Record<Phase, string>>> = {
  preprepare: CRESCENT,
  prepare: 'M7 1.75A5.25 5.25 0 0 0 7 12.25z',
  commit: 'M1.75 7a5.25 5.25 0 1 1 10.5 0a5.25 5.25 0 1 1 -10.5 0z',
  'round-change': CRESCENT,
}

/** Crescent, half, full, mirrored crescent, thin ring (not yet), dashed ring (missing). */
export function PhaseMark({ phase, size = 14, label }: PhaseMarkProps) {
  const filled = FILLED[phase]
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label when it says something, else hidden
    <svg
      width={size}
      height={size}
      viewBox="0 0 14 14"
      style={{ color: COLOUR[phase] }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <circle
        cx="7"
        cy="7"
        r="5.25"
        fill="none"
        stroke="currentColor"
        strokeWidth={phase === 'missing' ? 1.4 : 1.2}
        strokeDasharray={phase === 'missing' ? '2.2 2' : undefined}
        opacity={phase === 'waiting' ? 0.6 : undefined}
      />
      {filled !== undefined && (
        <path
          d={filled}
          fill="currentColor"
          transform={phase === 'round-change' ? 'matrix(-1 0 0 1 14 0)' : undefined}
        />
      )}
    </svg>
  )
}
