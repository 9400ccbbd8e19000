import { litPath, quorumPath } from './disc-path.ts'

export interface DiscProps {
  /** Share of the power that has committed, 0 to 1. The lit area is this share of the disc. */
  readonly share: number
  /** Radius in px: 5, 8, 10, 11, 13 or 40. */
  readonly radius: number
  /** Decided: full and without a ring. */
  readonly decided?: boolean
  /** Decided in a later round: full with an inner ring. */
  readonly laterRound?: boolean
  /** The meridian at two thirds. */
  readonly quorum?: boolean
  /** Read out; without it the disc is decoration. */
  readonly label?: string
}

/** From this radius on the quorum meridian is dashed. */
const DASHED_FROM_PX = 14

/** A block waxing: its disc fills from the left with the power that has committed. */
export function Disc({
  share,
  radius,
  decided = false,
  laterRound = false,
  quorum = false,
  label,
}: DiscProps) {
  const margin = radius >= DASHED_FROM_PX ? 3 : 1.5
  const size = 2 * (radius + margin)
  const c = size / 2
  const path = litPath(decided ? 1 : share, c, radius)
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label when it says something, else hidden
    <svg
      className={`disc ${radius < DASHED_FROM_PX ? 'small' : ''}`}
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <circle cx={c} cy={c} r={radius} className="unlit" />
      {path !== '' && <path d={path} style={{ d: `path("${path}")` }} className="lit" />}
      {!decided && !laterRound && <circle cx={c} cy={c} r={radius} className="ring" />}
      {quorum && !decided && <path d={quorumPath(c, radius)} className="quorum" />}
      {laterRound && (
        <circle
          cx={c}
          cy={c}
          r={radius * 0.525}
          fill="none"
          stroke="var(--sheet)"
          strokeWidth={radius * 0.2}
        />
      )}
    </svg>
  )
}
